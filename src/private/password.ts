import type { SecretValue } from 'cdk8s-plus-28';
import * as k8s from './kubernetes';

const FOLDER = '/etc/redis-password';

/** The password reaches a container as a file: it is not shown with the pod, and a changed Secret changes it. */
export function passwordVolume(password: SecretValue | undefined): k8s.Volume[] {
  return password
    ? [{ name: 'redis-password', secret: { secretName: password.secret.name, items: [{ key: password.key, path: 'password' }] } }]
    : [];
}

export function passwordMount(password: SecretValue | undefined): k8s.VolumeMount[] {
  return password ? [{ name: 'redis-password', mountPath: FOLDER, readOnly: true }] : [];
}

export function passwordEnv(password: SecretValue | undefined): k8s.EnvVar[] {
  return password ? [{ name: 'REDIS_PASSWORD_FILE', value: `${FOLDER}/password` }] : [];
}
