import { Size } from 'cdk8s';

/**
 * How slots move from one master to another. Where the servers move slots by themselves (Redis from 8.4 on, and Valkey from 9.0 on if
 * there are no `users`), `keysPerBatch` and `maxKeySize` do not matter, and `keysPerSecond` has them moved key by key all the same.
 */
export interface RedisResharding {
  /**
   * How many keys are on their way from one master to another at the same time, at least 1: so many slots move together as have so
   * many keys, but at least one slot. When a master crashes meanwhile, those keys are out of reach until the Job goes on.
   *
   * @default 2000
   */
  readonly keysPerBatch?: number;

  /**
   * How many keys each master gives away in a second, at least 1.
   *
   * @default - as many as it can
   */
  readonly keysPerSecond?: number;

  /**
   * The largest key that moves, by the memory that it takes: at least 1 MiB. A server does nothing else while it moves a key, about a
   * second for each 15 MiB, and counts as failed after the node timeout. A larger key is named, and the Job fails.
   *
   * @default Size.mebibytes(32)
   * @see https://redis.io/docs/latest/commands/migrate/
   */
  readonly maxKeySize?: Size;
}
