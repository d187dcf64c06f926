/** What the props that are not given are. Any prop that is given wins over the preset. */
export enum RedisClusterPreset {
  /** The documents' cluster: any pod may connect, without a password. */
  DOCUMENTED = 'documented',

  /**
   * What a production team wants: TLS, passwords and least-privilege users from Secrets that exist, a NetworkPolicy that lets in
   * only who was granted access, the documents' resources, and images by digest.
   */
  PRODUCTION = 'production',
}
