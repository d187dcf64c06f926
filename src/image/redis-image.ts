import { problem } from '../checks/problem';
import { readImageVersion } from '../versions/image-version';
import { RedisVersion } from '../versions/redis-version';
import { LINES } from '../versions/version-table';

/** What synth should warn of: a version newer than all known ones, of which less is checked. */
export function notChecked(version: RedisVersion): string | undefined {
  const newest = LINES.filter(line => line.startsWith('Valkey') === version.isValkey).pop();
  return version.isKnown ? undefined
    : `${version.name} is newer than ${newest}, the newest that this version of the library knows: `
      + 'directives and commands that no known version has are not checked';
}

/** Where Redis and Valkey themselves are published, in any registry. */
const OFFICIAL = /(^|\/)(library\/redis|valkey\/valkey)$|^redis$/;

/** Checks that a version that is given agrees with the one that the tag of the image tells, if it tells one. */
export function imageOfVersion(image: string, given: RedisVersion, told: RedisVersion | undefined): string[] {
  const { major, minor } = readImageVersion(image) ?? {};
  const repository = image.replace(/[:@](?!.*\/).*$/, '');
  // Numbers that Redis never had, or has no longer, are a team's own, unless the image is that of Redis.
  const agrees = told === undefined
    ? major === undefined || !OFFICIAL.test(repository)
    : told.isValkey === given.isValkey && (told === given || told.name === given.name || minor === undefined && major === given.major);
  return agrees ? [] : [problem('version', `agree with 'image', whose tag is that of ${told?.name ?? 'an older version'} ('${image}')`, given.name,
    'redis.conf would not fit the server: leave it out to have it read from the tag, or pin an image with numbers of its own by its digest alone')];
}

/** Checks that an image is laid out like the official ones, as far as its name tells: Bitnami's are not. */
export function imageLayout(prop: string, image: string): string[] {
  const isBitnami = /(^|\/)bitnami[a-z]*\//.test(image) || /:[\d.]+-(debian|photon)-\d+(-r\d+)?(@|$)/.test(image);
  return isBitnami ? [problem(prop, 'be laid out like the official images', image,
    "Bitnami's have another user, other folders and an entry point of their own: use redis or valkey/valkey of the same version")] : [];
}

/** Checks an image reference: registry, repository, tag and digest, without a character that belongs in none of them. */
export function imageReference(prop: string, value: string | undefined): string[] {
  const reference = /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;
  if (value === undefined || reference.test(value)) {
    return [];
  }
  return [problem(prop, 'be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…', value, 'the kubelet could not pull it')];
}
