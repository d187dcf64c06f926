import { imageVersion, readImageVersion } from './private/redis-image';

/**
 * A version of Redis or Valkey, as far as its configuration goes: which directives `redis.conf` may hold.
 *
 * Patch releases add no directives, so that `6.2` stands for all of 6.2.x.
 */
export class RedisVersion {
  /** Redis 6.2. */
  public static readonly V6_2 = new RedisVersion(false, 6, 2);

  /** Redis 7.0. */
  public static readonly V7_0 = new RedisVersion(false, 7, 0);

  /** Redis 7.2. */
  public static readonly V7_2 = new RedisVersion(false, 7, 2);

  /** Redis 7.4. */
  public static readonly V7_4 = new RedisVersion(false, 7, 4);

  /** Redis 8.0. */
  public static readonly V8_0 = new RedisVersion(false, 8, 0);

  /** Valkey 7.2, which continues Redis 7.2. */
  public static readonly VALKEY_7_2 = new RedisVersion(true, 7, 2);

  /** Valkey 8.0. */
  public static readonly VALKEY_8_0 = new RedisVersion(true, 8, 0);

  /** Valkey 8.1. */
  public static readonly VALKEY_8_1 = new RedisVersion(true, 8, 1);

  /**
   * Tells the version from an image reference, by the last part of its repository and the beginning of its tag:
   * `redis:6.2`, `redis:7.0.15-alpine`, `registry.example/team/redis:8`, `valkey/valkey:8.1@sha256:…`.
   *
   * A version between two known ones counts as the older of them, one that is newer than all as the newest of its family, and
   * a tag such as `7` as the newest 7.x. Where the version cannot be told (only a digest, `latest`, a repository that names
   * neither Redis nor Valkey) it is the oldest, Redis 6.2: what that accepts, practically every later server does too. Name the
   * version yourself to use newer directives with such an image.
   *
   * @param image image reference of the Redis container
   * @throws if the image holds a version before Redis 6.2
   */
  public static fromImage(image: string): RedisVersion {
    const [tooOld] = imageVersion('image', image);
    if (tooOld) {
      throw new Error(tooOld);
    }
    return RedisVersion._fromImage(image);
  }

  /**
   * The same for callers that report a version that is too old together with other problems: here it counts as the oldest.
   *
   * @internal
   */
  public static _fromImage(image: string): RedisVersion {
    const { isValkey, major, minor = Infinity } = readImageVersion(image) ?? { isValkey: false, major: 0 };
    const [oldest, ...later] = isValkey
      ? [RedisVersion.VALKEY_7_2, RedisVersion.VALKEY_8_0, RedisVersion.VALKEY_8_1]
      : [RedisVersion.V6_2, RedisVersion.V7_0, RedisVersion.V7_2, RedisVersion.V7_4, RedisVersion.V8_0];
    return later.filter(known => known.major < major || known.major === major && known.minor <= minor).pop() ?? oldest;
  }

  /** What people call it, such as `Redis 6.2` or `Valkey 8.1`. */
  public readonly name: string;

  private constructor(
    /** Whether it is Valkey, not Redis. */
    public readonly isValkey: boolean,
    /** The first number of the version. */
    public readonly major: number,
    /** The second number of the version. */
    public readonly minor: number,
  ) {
    this.name = `${isValkey ? 'Valkey' : 'Redis'} ${major}.${minor}`;
  }

  /** Whether nodes can announce a host name beside their address (`cluster-announce-hostname`, since Redis 7.0). */
  public get supportsHostnames(): boolean {
    return this.atLeast(7, 0);
  }

  /**
   * Whether the numbers of this version are at least these. Up to 7.2 that holds for Redis and Valkey alike; above it the two
   * families have gone different ways (see `isValkey`).
   *
   * @param major first number
   * @param minor second number
   */
  public atLeast(major: number, minor: number): boolean {
    return this.major > major || this.major === major && this.minor >= minor;
  }

  /** The same as `name`. */
  public toString(): string {
    return this.name;
  }
}
