/** How many masters and replicas a cluster has, or had. */
export interface RedisClusterShape {
  /**
   * Number of masters, from 3 to 1000.
   *
   * @default - the cluster's `masters`
   */
  readonly masters?: number;

  /**
   * Number of replicas of each master, from 0.
   *
   * @default - the cluster's `replicasPerMaster`
   */
  readonly replicasPerMaster?: number;
}
