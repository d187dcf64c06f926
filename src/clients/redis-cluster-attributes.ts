import { RedisAuthentication } from '../access/redis-authentication';
import { RedisSecretKey } from '../access/redis-secret';
import { RedisTls } from '../access/redis-tls';
import { RedisUser } from '../access/redis-user';
import { RedisClusterPreset } from '../cluster/redis-cluster-preset';

/** What `RedisCluster.fromAttributes` needs to know of a cluster: the props that matter to clients, under the same names. */
export interface RedisClusterAttributes {
  /**
   * Name of the cluster: a DNS label of at most 52 characters.
   *
   * @default 'redis-cluster'
   */
  readonly name?: string;

  /**
   * Namespace of the cluster.
   *
   * @default - that of the chart
   */
  readonly namespace?: string;

  /**
   * Host name that leads to the nodes, for a cluster that this library did not make; for `RedisBackup`, also that of a single server
   * that is no cluster. `masters` and `replicasPerMaster` do not matter then, and `networkPolicy` must be false.
   *
   * @default - that of the headless Service, such as `redis-cluster-headless.data.svc`
   */
  readonly host?: string;

  /**
   * Number of masters, from 3 to 1000.
   *
   * @default 3
   */
  readonly masters?: number;

  /**
   * Number of replicas of each master, from 0.
   *
   * @default 1
   */
  readonly replicasPerMaster?: number;

  /**
   * Port of Redis, from 1 to 55535; with a `host` to 65535, as a single server or a proxy has no cluster bus.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * The cluster's preset, if its Secrets and NetworkPolicy come from it.
   *
   * @default RedisClusterPreset.DOCUMENTED
   */
  readonly preset?: RedisClusterPreset;

  /**
   * Who may log in, as the cluster has it.
   *
   * @default - what `users` and `password` say; USERS with the production preset
   */
  readonly authentication?: RedisAuthentication;

  /**
   * The Secret and its key with the password, as the cluster has it.
   *
   * @default - no password; with the production preset that of the preset
   */
  readonly password?: RedisSecretKey;

  /**
   * Users of the cluster that clients may log in as.
   *
   * @default - none: clients are the default user; with the production preset that of the preset
   */
  readonly users?: RedisUser[];

  /**
   * The Secret and its key with the password of the user `backup`, which takes backups and may call nothing else. `RedisBackup`
   * needs it where there are `users`.
   *
   * @default - none: there is no such user
   */
  readonly backupPassword?: RedisSecretKey;

  /**
   * Where the cluster has its certificate from.
   *
   * @default - no TLS; with the production preset that of the preset
   */
  readonly tls?: RedisTls;

  /**
   * Whether the cluster has a NetworkPolicy that clients must pass. The rule of a client is an object in the cluster's namespace:
   * whoever applies this app needs the right to create it there.
   *
   * @default false; true with the production preset
   */
  readonly networkPolicy?: boolean;
}
