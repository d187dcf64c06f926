import { Access, PasswordFile } from './access-settings';
import { TLS_FOLDER } from './tls';
import * as k8s from '../kubernetes/objects';

const PASSWORDS = '/etc/redis-passwords';
const OWNER_AND_GROUP = 0o440;

/** Passwords reach a container as files: they are not shown with the pod. */
export function accessVolumes(access: Access, passwords: PasswordFile[] = ownPassword(access)): k8s.Volume[] {
  const sources = passwords.map(({ user, file, password }) => ({
    secret: { name: password.secretName, items: [{ key: password.key, path: `${user}/${file}` }] },
  }));
  return [
    ...sources.length > 0 ? [{ name: 'redis-passwords', projected: { sources, defaultMode: OWNER_AND_GROUP } }] : [],
    ...access.tls ? [{ name: 'redis-tls', secret: { secretName: access.tls.secretName, defaultMode: OWNER_AND_GROUP } }] : [],
  ];
}

export function accessMounts(access: Access): k8s.VolumeMount[] {
  return [
    ...access.password ? [{ name: 'redis-passwords', mountPath: PASSWORDS, readOnly: true }] : [],
    ...access.tls ? [{ name: 'redis-tls', mountPath: TLS_FOLDER, readOnly: true }] : [],
  ];
}

export function accessEnv(access: Access): k8s.EnvVar[] {
  const options = [
    ...access.password && access.user !== 'default' ? ['--user', access.user] : [],
    ...access.tls ? ['--tls', '--cacert', `${TLS_FOLDER}/ca.crt`] : [],
    ...access.tls?.authClients ? ['--cert', `${TLS_FOLDER}/tls.crt`, '--key', `${TLS_FOLDER}/tls.key`] : [],
  ];
  return [
    ...access.password ? [{ name: 'REDIS_PASSWORD_FILE', value: `${PASSWORDS}/${access.user}/password` }] : [],
    ...options.length > 0 ? [{ name: 'REDISCLI_OPTIONS', value: options.join(' ') }] : [],
  ];
}

function ownPassword({ user, password }: Access): PasswordFile[] {
  return password ? [{ user, file: 'password', password }] : [];
}
