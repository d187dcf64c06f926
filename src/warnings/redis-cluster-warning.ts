/** What a cluster is warned about: props that work, and probably are not what was meant. */
export enum RedisClusterWarning {
  /** An image has the tag `latest` or none, and no digest. */
  MOVING_TAG = 'moving-tag',

  /** The version is newer than all that the library knows, so that less is checked. */
  NEW_VERSION = 'new-version',

  /** There is a password, but neither TLS nor a NetworkPolicy protects the cluster bus, which has none. */
  OPEN_CLUSTER_BUS = 'open-cluster-bus',

  /** `resources` lacks a request or the memory limit. */
  MISSING_RESOURCES = 'missing-resources',

  /** The storage may become too small for append-only file, its successor and a snapshot of `config.maxmemory`. */
  SMALL_STORAGE = 'small-storage',

  /** `config.ioThreads` is more than the cores that `resources.cpu.limit` lets Redis use. */
  MANY_THREADS = 'many-threads',
}
