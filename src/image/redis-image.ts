import { problem } from '../checks/validate';
import type { RedisVersion } from '../versions/redis-version';
import { LINES } from '../versions/version-table';

/** What the name and the tag of an image say about the server in it. */
export interface ImageVersion {
  readonly isValkey: boolean;
  readonly major: number;
  /** Absent for a tag such as `redis:7`, which moves with the newest 7.x. */
  readonly minor?: number;
}

/**
 * Reads the version out of an image reference. Undefined where it cannot be told: no tag, a tag without a version (`latest`,
 * `alpine`), or a repository whose last part names neither Redis nor Valkey.
 */
export function readImageVersion(image: string): ImageVersion | undefined {
  const [, name = '', tag = ''] = /([^/:@]*)(?::([^/:@]*))?(?:@.*)?$/.exec(image) ?? [];
  const version = /^v?(\d{1,2})(?:\.(\d{1,2})(?:\.\w+)*)?(?:[-_].*)?$/.exec(tag);
  const isValkey = name.includes('valkey');
  if (!version || !isValkey && !name.includes('redis')) {
    return undefined;
  }
  return { isValkey, major: Number(version[1]), minor: version[2] === undefined ? undefined : Number(version[2]) };
}

/** Checks that an image holds a supported version, as far as its tag tells. */
export function imageVersion(prop: string, image: string): string[] {
  const version = readImageVersion(image);
  if (!version) {
    return [];
  }
  const { isValkey, major, minor = Infinity } = version;
  const [leastMajor, leastMinor] = isValkey ? [7, 2] : [6, 2];
  return major > leastMajor || major === leastMajor && minor >= leastMinor
    ? []
    : [problem(prop, 'hold Redis 6.2, Valkey 7.2 or a later version', image, 'older ones lack directives and commands by which the cluster is run')];
}

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
