import { problem } from '../checks/problem';

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
    : [problem(prop, 'hold Redis 6.2, Valkey 7.2 or a later version', image, 'older ones lack directives and commands that this library needs')];
}
