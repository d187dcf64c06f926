import { RedisSecretKey } from './redis-secret';

/**
 * A user of Redis' access control lists. Its password stays in the Secret: no ConfigMap, argument or log has it or its hash.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export interface RedisUser {
  /**
   * Name of the user: letters, digits, `_` and `-`. Not `default`, nor that of one of the cluster's own: `maintenance`, `mover`, with
   * `backupPassword` also `backup`, and with `monitoring` also `exporter`.
   */
  readonly name: string;

  /** The Secret and its key with the password. */
  readonly password: RedisSecretKey;

  /**
   * Patterns of the keys that the user may read and write, such as `orders:*`.
   *
   * @default ['*']
   */
  readonly keys?: string[];

  /**
   * Patterns of the channels that the user may publish to and subscribe to.
   *
   * @default ['*']
   */
  readonly channels?: string[];

  /**
   * What the user may call, in the order in which Redis applies it, each with `+` or `-`: a category (`+@read`), a command
   * (`-flushdb`), or a subcommand (`+cluster|slots`; `-cluster|slots` from Redis 7.0 on). Before this list nothing is allowed;
   * what a client of a cluster calls to find the nodes is allowed after it. Redis does not start with a command or category that
   * it does not know, so that each must be one of the cluster's version, or be named in `moduleCommands`.
   *
   * @default ['+@all', '-@admin', '-@dangerous']: all but what endangers the server, such as FLUSHALL, KEYS, CONFIG and DEBUG
   */
  readonly commands?: string[];

  /**
   * Names of the commands and categories in `commands` that do not belong to Redis itself but to modules, which
   * `config.extraDirectives` loads with `loadmodule`: `json.get`, `@json`. A command stands for its subcommands too. They are not
   * checked: a server whose modules do not have them does not start.
   *
   * @default - none
   */
  readonly moduleCommands?: string[];
}
