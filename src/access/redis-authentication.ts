/** Who may log in to Redis. */
export enum RedisAuthentication {
  /** Anybody who can connect, without a password, and may do anything. */
  NONE = 'none',

  /** Clients and the cluster itself are the default user, who has `password` and may do anything. */
  PASSWORD = 'password',

  /** Clients are `users` with rights of their own; the cluster is its own user, `maintenance`. There is no default user. */
  USERS = 'users',
}
