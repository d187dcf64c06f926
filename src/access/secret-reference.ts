import { SecretKey } from './access-settings';
import { RedisSecretKey } from './redis-secret';
import { given } from '../checks/given';
import { dnsSubdomain } from '../checks/names';
import { problem } from '../checks/problem';

/** What is missing is reported by the checks. */
export function secretKey(reference: RedisSecretKey): SecretKey {
  const { secret, key } = given(reference);
  return { secretName: secret?.name, key };
}

/** Problems with a reference to a value in a Secret: pods that refer to a key that no Secret can have never start. */
export function secretReference(prop: string, reference: RedisSecretKey | undefined): string[] {
  if (reference === undefined || reference === null) {
    return [];
  }
  const { key, secret } = reference as Partial<RedisSecretKey>;
  return [
    ...secretName(prop, secret?.name),
    ...key !== undefined && key !== null && /^(?!\.\.|\.$)[-.\w]{1,253}$/.test(key) ? []
      : [problem(prop, 'be a key of letters, digits, -, _ and ., and not begin with ..', key, 'the Secret has its values under such keys')],
  ];
}

/** The same where there must be one, for callers without types. */
export function requiredSecretReference(prop: string, reference: RedisSecretKey | undefined, reason: string): string[] {
  return reference === undefined || reference === null ? [problem(prop, 'name a Secret and a key in it', reference, reason)]
    : secretReference(prop, reference);
}

/** Problems with the name of a Secret, which must be there. */
export function secretName(prop: string, name: string | undefined): string[] {
  return name && dnsSubdomain('', name).length === 0 ? []
    : [problem(prop, 'name a Secret in lower-case letters, digits, hyphens and dots', name, 'Kubernetes names Secrets like that')];
}
