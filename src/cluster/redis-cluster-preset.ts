/** Defaults for props you omit. A prop you give wins over the preset; one that is undefined was not given. */
export enum RedisClusterPreset {
  /** The documents' cluster: any pod may connect, without a password. */
  DOCUMENTED = 'documented',

  /**
   * What a production team wants: TLS, passwords and least-privilege users from Secrets that exist, a NetworkPolicy that lets in
   * only who was granted access, the documents' resources, and images by digest.
   */
  PRODUCTION = 'production',
}
