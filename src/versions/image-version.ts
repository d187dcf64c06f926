/** What the name and the tag of an image say about the server in it. */
export interface ImageVersion {
  readonly isValkey: boolean;
  readonly major: number;
  /** Absent for a tag such as `redis:7`, which moves with the newest 7.x. */
  readonly minor?: number;
  /** Absent for a tag such as `redis:7.0`, which moves with the newest 7.0.x. */
  readonly patch?: number;
}

/**
 * Reads the version out of an image reference. Undefined where it cannot be told: no tag, a tag without a version (`latest`,
 * `alpine`), or a repository whose last part names neither Redis nor Valkey.
 */
export function readImageVersion(image: string): ImageVersion | undefined {
  const [, name = '', tag = ''] = /([^/:@]*)(?::([^/:@]*))?(?:@.*)?$/.exec(image) ?? [];
  const version = /^v?(\d{1,2})(?:\.(\d{1,2})(?:\.(\d{1,2})(?![\w]))?(?:\.\w+)*)?(?:[-_].*)?$/.exec(tag);
  const isValkey = name.includes('valkey');
  if (!version || !isValkey && !name.includes('redis')) {
    return undefined;
  }
  return { isValkey, major: Number(version[1]), minor: numberOf(version[2]), patch: numberOf(version[3]) };
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
