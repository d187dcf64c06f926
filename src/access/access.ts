import { RedisSecretKey } from './redis-secret';
import { RedisTls } from './redis-tls';
import * as k8s from '../kubernetes/objects';

/** Where a password is: a Secret by its name, and the key. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

/** What the library's own containers need in order to talk to Redis. */
export interface Access {
  /** The user that they are. */
  readonly user: string;
  readonly password?: SecretKey;
  readonly tls?: TlsAccess;
}

export interface TlsAccess {
  readonly secretName: string;
  readonly authClients: boolean;
}

/** A password that a user may have, and the name of its file. */
export interface PasswordFile {
  readonly user: string;
  readonly file: string;
  readonly password: SecretKey;
}

const PASSWORDS = '/etc/redis-passwords';
export const TLS_FOLDER = '/etc/redis-tls';
const OWNER_AND_GROUP = 0o440;

/** The certificate, unless TLS is turned off by its own word. */
export function enabled(tls: RedisTls | undefined): RedisTls | undefined {
  return tls?.isDisabled ? undefined : tls;
}

export function secretKey({ secret, key }: RedisSecretKey): SecretKey {
  return { secretName: secret?.name, key }; // a Secret that is missing is reported by the checks
}

export function tlsAccess(tls: RedisTls | undefined, certificateSecretName: string): TlsAccess | undefined {
  return tls && { secretName: tls.secretName ?? certificateSecretName, authClients: tls.options.authClients ?? false };
}

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

export function ownPassword({ user, password }: Access): PasswordFile[] {
  return password ? [{ user, file: 'password', password }] : [];
}
