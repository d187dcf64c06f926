import { Duration, Size } from 'cdk8s';
import { Appendfsync, MaxmemoryPolicy, RedisDirective, SavePoint } from './redis-config-types';

/**
 * The typed settings of `redis.conf`, by Redis' own names. What is left out is left to Redis, except for the five that the
 * file always holds. The file lists them in the order below, then the extra directives in the order given.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
export interface RedisConfigSettings {
  /**
   * How long a node may be unreachable before the others mark it as failed: whole milliseconds, at least one. A failover
   * starts after about this time; a replica that has lost its master for several times as long may not take over.
   *
   * @default Duration.seconds(5)
   * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
   */
  readonly clusterNodeTimeout?: Duration;

  /**
   * Whether every write goes to an append-only file, from which a restarted node takes its data.
   *
   * @default true
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly appendonly?: boolean;

  /**
   * Whether Redis refuses remote clients as long as the default user has no password. On without a password, it shuts out
   * replicas as well as clients.
   *
   * @default false
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/
   */
  readonly protectedMode?: boolean;

  /**
   * Addresses to listen on: wildcards, because all pods read the same file. `0.0.0.0` (or `*`) for IPv4, `::` (or `::*`) for
   * IPv6; a `-` in front lets Redis start where the family is missing, as in `['0.0.0.0', '-::']`.
   *
   * @default ['0.0.0.0']
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/
   */
  readonly bind?: string[];

  /**
   * Port of Redis, from 1024, as pods are not root, to 55535: the cluster bus takes the port 10000 above it.
   *
   * @default 6379
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly port?: number;

  /**
   * Memory for the data set of one node: whole kibibytes, at least 2 MiB more than `replBacklogSize`, which counts
   * like data. In a cluster at most four fifths of the memory limit, as buffers, fragmentation and the pages that a fork copies come
   * on top (with many writes up to as much again), and at most half of the storage, as a new append-only file or snapshot is written
   * beside the old one.
   *
   * @default - no limit
   * @see https://redis.io/docs/latest/develop/reference/eviction/
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/admin/
   */
  readonly maxmemory?: Size;

  /**
   * What is evicted when `maxmemory` is reached; needs `maxmemory`.
   *
   * @default - Redis' own: MaxmemoryPolicy.NOEVICTION
   * @see https://redis.io/docs/latest/develop/reference/eviction/
   */
  readonly maxmemoryPolicy?: MaxmemoryPolicy;

  /**
   * When to save a snapshot (RDB): at the first point that is met. An empty list means never.
   *
   * @default - Redis' own: after 3600 s and 1 change, 300 s and 100, 60 s and 10000
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly save?: SavePoint[];

  /**
   * When the append-only file is forced onto the disk; needs `appendonly`.
   *
   * @default - Redis' own: Appendfsync.EVERYSEC
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly appendfsync?: Appendfsync;

  /**
   * Growth, in percent of the size after the last rewrite, at which the append-only file is rewritten; 0 means never. Needs
   * `appendonly`.
   *
   * @default - Redis' own: 100
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly autoAofRewritePercentage?: number;

  /**
   * Size below which the append-only file is not rewritten: whole kibibytes. Needs `appendonly`.
   *
   * @default - Redis' own: 64 MiB
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly autoAofRewriteMinSize?: Size;

  /**
   * Whether the cluster stops answering while any slot has no master.
   *
   * @default - Redis' own: true
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly clusterRequireFullCoverage?: boolean;

  /**
   * Whether nodes still answer reads while the cluster is down.
   *
   * @default - Redis' own: false
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly clusterAllowReadsWhenDown?: boolean;

  /**
   * How stale a replica's data may be, in multiples of `clusterNodeTimeout`, for it to take over; 0 lets any replica take over.
   *
   * @default - Redis' own: 10
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly clusterReplicaValidityFactor?: number;

  /**
   * Replicas that a master keeps when one of its others moves to a master that has none.
   *
   * @default - Redis' own: 1
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly clusterMigrationBarrier?: number;

  /**
   * Whether replicas move to masters that have lost theirs.
   *
   * @default - Redis' own: true
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly clusterAllowReplicaMigration?: boolean;

  /**
   * Writes that a master keeps for replicas that lose their link for a while, so that they need no full copy afterwards: whole
   * kibibytes, at least 16 KiB, and less than the memory limit.
   *
   * @default - Redis' own: 1 MiB, Valkey 8.1: 10 MiB
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replBacklogSize?: Size;

  /**
   * Whether a master sends full copies straight over the network, without a file on its disk.
   *
   * @default - Redis' own: true since 7.0, false in 6.2
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replDisklessSync?: boolean;

  /**
   * How long a master waits for more replicas before it sends a diskless full copy to all of them: whole seconds. Needs
   * `replDisklessSync`.
   *
   * @default - Redis' own: 5 seconds
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replDisklessSyncDelay?: Duration;

  /**
   * Number of waiting replicas at which a master begins a diskless full copy at once, without `replDisklessSyncDelay`; 0 always
   * waits. Needs `replDisklessSync`. Redis 7.0 and later.
   *
   * @default - Redis' own, 0; in a `RedisCluster` from Redis 7.0 on the heal container sets the number of replicas that a master is to
   * have, while the server runs: when all are there, no other one is worth a wait
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replDisklessSyncMaxReplicas?: number;

  /**
   * How often a master pings its replicas: whole seconds, at least one.
   *
   * @default - Redis' own: 10 seconds
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replPingReplicaPeriod?: Duration;

  /**
   * Silence after which a replication link counts as broken: whole seconds, more than `replPingReplicaPeriod`.
   *
   * @default - Redis' own: 60 seconds
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly replTimeout?: Duration;

  /**
   * Replicas that must be in contact for a master to accept writes; 0 accepts them always.
   *
   * @default - Redis' own: 0
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly minReplicasToWrite?: number;

  /**
   * Time since its last answer within which a replica counts for `minReplicasToWrite`: whole seconds, at least one.
   *
   * @default - Redis' own: 10 seconds
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
   */
  readonly minReplicasMaxLag?: Duration;

  /**
   * Clients that may be connected at once; the limit of open files may lower it. Redis counts replicas and two connections to each
   * other node as well: in a cluster at least two for each other pod, `replicasPerMaster`, and 4.
   *
   * @default - Redis' own: 10000
   * @see https://redis.io/docs/latest/develop/reference/clients/
   */
  readonly maxclients?: number;

  /**
   * Idle time after which a client is disconnected: whole seconds, 0 means never.
   *
   * @default - Redis' own: never
   * @see https://redis.io/docs/latest/develop/reference/clients/
   */
  readonly timeout?: Duration;

  /**
   * Interval of TCP keepalives on client connections: whole seconds, 0 sends none.
   *
   * @default - Redis' own: 300 seconds
   * @see https://redis.io/docs/latest/develop/reference/clients/
   */
  readonly tcpKeepalive?: Duration;

  /**
   * Threads for network input and output, the main one included: from 1 to 128, at most the cores that the container may use.
   *
   * @default - Redis' own: 1
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/
   */
  readonly ioThreads?: number;

  /**
   * Commands that take longer are kept in the slow log: whole microseconds, 0 keeps every command.
   *
   * @default - Redis' own: 10 milliseconds
   * @see https://redis.io/docs/latest/commands/slowlog/
   */
  readonly slowlogLogSlowerThan?: Duration;

  /**
   * Entries of the slow log; 0 switches it off.
   *
   * @default - Redis' own: 128
   * @see https://redis.io/docs/latest/commands/slowlog/
   */
  readonly slowlogMaxLen?: number;

  /**
   * Events that take longer are kept by the latency monitor: whole milliseconds, 0 switches it off.
   *
   * @default - Redis' own: off
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/
   */
  readonly latencyMonitorThreshold?: Duration;

  /**
   * Classes of events that are published, by their letters, among them `K` or `E` (from Redis 8.8 on also `S`, `T`, `I` or `V`);
   * an empty text publishes none.
   *
   * @default - Redis' own: none
   * @see https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
   */
  readonly notifyKeyspaceEvents?: string;

  /**
   * How long a master that is told to stop waits for its replicas to have all writes: whole seconds, less than the pod's
   * termination grace period. Redis 7.0 and later.
   *
   * @default - Redis' own: 10 seconds
   * @see https://redis.io/docs/latest/commands/shutdown/
   */
  readonly shutdownTimeout?: Duration;

  /**
   * Further lines of `redis.conf`, in this order. Their names and numbers of words are checked against the version of Redis;
   * their values are left to Redis. Refused are unknown ones, those that have a setting above, and those that belong to the
   * library or would break the cluster (`dir`, `cluster-announce-ip`, `requirepass`, `include`, …).
   *
   * @default - none
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/
   */
  readonly extraDirectives?: RedisDirective[];
}
