/** Defaults for props you omit. A prop you give wins over the preset; one that is undefined was not given. */
export enum RedisClusterPreset {
  /** The cluster of the original YAML: any pod may connect, without a password. */
  DOCUMENTED = 'documented',

  /**
   * What a production team wants: TLS, passwords and least-privilege users from Secrets that exist, a NetworkPolicy that lets in
   * only workloads with access, the resources of the original YAML, and images by digest.
   */
  PRODUCTION = 'production',
}
