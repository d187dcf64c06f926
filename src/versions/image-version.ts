/** What the name and the tag of an image say about the server in it. */
export interface ImageVersion {
  readonly isValkey: boolean;
  readonly major: number;
  /** Absent for a tag such as `redis:7`, which moves with the newest 7.x. */
  readonly minor?: number;
  /** Absent for a tag such as `redis:7.0`, which moves with the newest 7.0.x. */
  readonly patch?: number;
}

/** Whether an image holds Valkey, by the last part of its repository; undefined where that names neither Redis nor Valkey. */
export function holdsValkey(image: string): boolean | undefined {
  const [name] = /[^/:@]*(?=(?::[^/:@]*)?(?:@.*)?$)/.exec(image) ?? [''];
  return name.includes('valkey') ? true : name.includes('redis') ? false : undefined;
}

/**
 * Reads the version out of an image reference. Undefined where it cannot be told: no tag, a tag without a version (`latest`,
 * `alpine`), or a repository that names neither Redis nor Valkey.
 */
export function readImageVersion(image: string): ImageVersion | undefined {
  const [, tag = ''] = /:([^/:@]*)(?:@.*)?$/.exec(image) ?? [];
  const version = /^v?(\d{1,2})(?:\.(\d{1,2})(?:\.(\d{1,2})(?![\w]))?(?:\.\w+)*)?(?:[-_].*)?$/.exec(tag);
  const isValkey = holdsValkey(image);
  return version && isValkey !== undefined
    ? { isValkey, major: Number(version[1]), minor: numberOf(version[2]), patch: numberOf(version[3]) } : undefined;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
