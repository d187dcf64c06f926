import { RedisLogFormat } from './redis-log-format';
import { SCRIPTS } from './scripts-config-map';
import { oneOf } from '../checks/values';
import * as k8s from '../kubernetes/objects';

export function logFormatProblems(format: RedisLogFormat | undefined): string[] {
  return oneOf('logFormat', format, Object.values(RedisLogFormat), 'the scripts know no other');
}

/** Tells every container that runs a script how its log is to look; what is not said is text. */
export function withLogFormat(pod: k8s.PodSpec, format: RedisLogFormat | undefined): k8s.PodSpec {
  const told = (container: k8s.Container) => container.command?.some(word => word.startsWith(SCRIPTS))
    ? { ...container, env: [...container.env ?? [], { name: 'LOG_FORMAT', value: RedisLogFormat.JSON }] } : container;
  return format !== RedisLogFormat.JSON ? pod
    : { ...pod, initContainers: pod.initContainers?.map(told), containers: pod.containers.map(told) };
}
