/**
 * A Secret that exists, by its name. In TypeScript a Secret of any cdk8s-plus line fits too, such as
 * `Secret.fromSecretName(this, 'Passwords', 'redis-auth')`.
 */
export interface RedisSecret {
  /** Name of the Secret. */
  readonly name: string;
}

/** A key of a Secret that exists. In TypeScript the `SecretValue` of any cdk8s-plus line fits too. */
export interface RedisSecretKey {
  /** The Secret. */
  readonly secret: RedisSecret;

  /** The key of the value in it. */
  readonly key: string;
}
