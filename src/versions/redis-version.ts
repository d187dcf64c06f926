import { readImageVersion } from './image-version';
import { problem } from '../checks/problem';

const TOO_OLD = 'older ones lack directives and commands that this library needs';

/**
 * A version of Redis or Valkey: which directives `redis.conf` may hold, and which commands a user may be given.
 *
 * Patch releases add none of them, so that `6.2` stands for all of 6.2.x.
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

  /** Redis 8.2. */
  public static readonly V8_2 = new RedisVersion(false, 8, 2);

  /** Redis 8.4. */
  public static readonly V8_4 = new RedisVersion(false, 8, 4);

  /** Redis 8.6. */
  public static readonly V8_6 = new RedisVersion(false, 8, 6);

  /** Redis 8.8. */
  public static readonly V8_8 = new RedisVersion(false, 8, 8);

  /** Redis 8.10. */
  public static readonly V8_10 = new RedisVersion(false, 8, 10);

  /** Valkey 7.2, which continues Redis 7.2. */
  public static readonly VALKEY_7_2 = new RedisVersion(true, 7, 2);

  /** Valkey 8.0. */
  public static readonly VALKEY_8_0 = new RedisVersion(true, 8, 0);

  /** Valkey 8.1. */
  public static readonly VALKEY_8_1 = new RedisVersion(true, 8, 1);

  /** Valkey 9.0. */
  public static readonly VALKEY_9_0 = new RedisVersion(true, 9, 0);

  /** Valkey 9.1. */
  public static readonly VALKEY_9_1 = new RedisVersion(true, 9, 1);

  /**
   * The version of a name: `8.10` or `Redis 8.10`, `Valkey 9.1`; a patch number is passed over.
   *
   * A version between two known ones counts as the older of them. One that is newer than all known ones of its family is
   * accepted: what they have is checked as for the newest of them, what they do not have is not checked (see `isKnown`).
   *
   * @param name the version, as `name` has it; without a family it is a version of Redis
   * @throws if it is no version, or one before Redis 6.2 or Valkey 7.2
   */
  public static of(name: string): RedisVersion {
    const [, family = 'redis', major, minor] = /^(?:(redis|valkey) )?(\d{1,2})\.(\d{1,2})(?:\.\d{1,2})?$/i.exec(name) ?? [];
    const version = major === undefined ? undefined : RedisVersion.newestUpTo(family.toLowerCase() === 'valkey', Number(major), Number(minor));
    if (!version) {
      throw new Error(problem('name', 'be a version such as 8.10, Redis 8.10 or Valkey 9.1, from Redis 6.2 or Valkey 7.2 on', name, TOO_OLD));
    }
    return version;
  }

  /**
   * Tells the version from an image reference, by the last part of its repository and the beginning of its tag:
   * `redis:6.2`, `redis:7.0.15-alpine`, `registry.example/team/redis:8`, `valkey/valkey:8.1@sha256:…`.
   *
   * Numbers are read as by `of`, and a tag such as `7` is the newest 7.x. Where the version cannot be told (only a digest,
   * `latest`, a repository that names neither Redis nor Valkey) it is the oldest, Redis 6.2: what that accepts, practically
   * every later server does too. Name the version yourself to use newer directives with such an image.
   *
   * @param image image reference of the Redis container
   * @throws if the image holds a version before Redis 6.2 or Valkey 7.2
   */
  public static fromImage(image: string): RedisVersion {
    const [tooOld] = RedisVersion._tooOld('image', image);
    if (tooOld) {
      throw new Error(tooOld);
    }
    return RedisVersion._toldByTag(image) ?? RedisVersion.V6_2;
  }

  /**
   * The version that the tag of an image tells; undefined if it tells none, or one that is too old.
   *
   * @internal
   */
  public static _toldByTag(image: string): RedisVersion | undefined {
    const told = readImageVersion(image);
    return told && RedisVersion.newestUpTo(told.isValkey, told.major, told.minor);
  }

  /**
   * Checks that an image holds a supported version, as far as its tag tells.
   *
   * @internal
   */
  public static _tooOld(prop: string, image: string): string[] {
    return !readImageVersion(image) || RedisVersion._toldByTag(image) ? []
      : [problem(prop, 'hold Redis 6.2, Valkey 7.2 or a later version', image, TOO_OLD)];
  }

  private static newestUpTo(isValkey: boolean, major: number, minor = Infinity): RedisVersion | undefined {
    const known = KNOWN.filter(version => version.isValkey === isValkey);
    const newest = known[known.length - 1];
    const isNewer = major > newest.major || major === newest.major && minor > newest.minor && minor !== Infinity;
    return isNewer
      ? new RedisVersion(isValkey, major, minor === Infinity ? 0 : minor)
      : known.filter(version => version.major < major || version.major === major && version.minor <= minor).pop();
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

  /**
   * Whether the library knows the directives and commands of this version. It knows none that came after its newest one: a
   * newer version is accepted with whatever the known ones do not have.
   */
  public get isKnown(): boolean {
    return KNOWN.includes(this);
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

/** From the oldest to the newest of each family: the lines of version-table.ts. */
const KNOWN: readonly RedisVersion[] = [
  RedisVersion.V6_2, RedisVersion.V7_0, RedisVersion.V7_2, RedisVersion.V7_4, RedisVersion.V8_0,
  RedisVersion.V8_2, RedisVersion.V8_4, RedisVersion.V8_6, RedisVersion.V8_8, RedisVersion.V8_10,
  RedisVersion.VALKEY_7_2, RedisVersion.VALKEY_8_0, RedisVersion.VALKEY_8_1, RedisVersion.VALKEY_9_0, RedisVersion.VALKEY_9_1,
];
