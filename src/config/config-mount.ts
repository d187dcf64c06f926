import * as k8s from '../kubernetes/objects';

/** Where containers see redis.conf, the users and the wanted shape. */
export const CONFIG = '/etc/redis';

export const configMount: k8s.VolumeMount = { name: 'redis-config', mountPath: CONFIG };
