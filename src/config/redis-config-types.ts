import { Duration } from 'cdk8s';

/**
 * What Redis evicts when `maxmemory` is reached.
 *
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
export enum MaxmemoryPolicy {
  /** Nothing: writes that need memory fail. */
  NOEVICTION = 'noeviction',
  /** The least recently used of all keys. */
  ALLKEYS_LRU = 'allkeys-lru',
  /** The least frequently used of all keys. */
  ALLKEYS_LFU = 'allkeys-lfu',
  /** Any key. */
  ALLKEYS_RANDOM = 'allkeys-random',
  /** The least recently used of the keys that expire. */
  VOLATILE_LRU = 'volatile-lru',
  /** The least frequently used of the keys that expire. */
  VOLATILE_LFU = 'volatile-lfu',
  /** Any of the keys that expire. */
  VOLATILE_RANDOM = 'volatile-random',
  /** The key that expires next. */
  VOLATILE_TTL = 'volatile-ttl',
  /** The least recently written of all keys. Redis 8.6 and later. */
  ALLKEYS_LRM = 'allkeys-lrm',
  /** The least recently written of the keys that expire. Redis 8.6 and later. */
  VOLATILE_LRM = 'volatile-lrm',
}

/**
 * When the append-only file is forced onto the disk.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
export enum Appendfsync {
  /** After every write, before the reply: slow, loses nothing. */
  ALWAYS = 'always',
  /** Once a second: loses at most about one second of writes. */
  EVERYSEC = 'everysec',
  /** When the operating system decides. */
  NO = 'no',
}

/** A snapshot (RDB) is saved when this much time has passed since the last one and this many keys have changed. */
export interface SavePoint {
  /** Time since the last snapshot: whole seconds, at least one. */
  readonly after: Duration;
  /** Changes since the last snapshot, at least one. */
  readonly changes: number;
}

/**
 * A line of `redis.conf` that has no typed setting.
 *
 * Every value is one word for Redis, whatever it holds: spaces, quotes, backslashes and `#` are escaped, so that a value can
 * neither become two words nor end the line. A directive that takes several words gets several values.
 *
 * ```ts
 * import { RedisDirective } from 'cdk8s-redis-cluster';
 *
 * const limit: RedisDirective = { name: 'client-output-buffer-limit', values: ['pubsub', '64mb', '16mb', '90'] };
 * ```
 */
export interface RedisDirective {
  /** Name of the directive, in lower case. */
  readonly name: string;
  /** Its words; no control characters. */
  readonly values: string[];
}
