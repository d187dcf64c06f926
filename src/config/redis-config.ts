import { ApiObject, Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { renderRedisConf } from './conf-file';
import { parseRedisConfig } from './config';
import { RedisConfigProps } from './redis-config-props';
import { RedisConfigSettings } from './redis-config-settings';
import { MaxmemoryPolicy } from './redis-config-types';
import { given } from '../checks/given';
import { settingsOf } from '../checks/problem';
import { claimNames } from '../kubernetes/unique-names';
import { busPort } from '../network/bus-port';
import { RedisVersion } from '../versions/redis-version';

/**
 * The ConfigMap with `redis.conf` for every node of a Redis Cluster.
 *
 * Without props it holds cluster mode, a node timeout of five seconds, the append-only file and access from other pods. A cache
 * with snapshots has more:
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { RedisConfig } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'redis');
 * new RedisConfig(chart, 'Config', RedisConfig.documentedTuning({ maxclients: 5000 }));
 * ```
 */
export class RedisConfig extends Construct {
  /**
   * Settings for a cache with snapshots: 512 MiB per node, of which the least recently used keys are evicted, saved after 900
   * seconds if at least 1 key changed, after 300 seconds if 10 did and after 60 seconds if 10000 did.
   *
   * @param overrides settings that take the places of these, or are added to them
   */
  public static documentedTuning(overrides: RedisConfigSettings = {}): RedisConfigSettings {
    return {
      maxmemory: Size.mebibytes(512),
      maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU,
      save: [
        { after: Duration.seconds(900), changes: 1 },
        { after: Duration.seconds(300), changes: 10 },
        { after: Duration.seconds(60), changes: 10000 },
      ],
      ...given(overrides),
    };
  }

  /** Name of the ConfigMap; its key is `redis.conf`. */
  public readonly name: string;

  /** Text of `redis.conf`. */
  public readonly content: string;

  /**
   * The ConfigMap's files with which servers start, and their texts.
   *
   * @internal
   */
  public readonly _data: Record<string, string>;

  /** Version of Redis that the file was checked for. */
  public readonly version: RedisVersion;

  /** Port of Redis. */
  public readonly port: number;

  /** Port of the cluster bus, 10000 above that of Redis. */
  public readonly busPort: number;

  /** How long a node may be unreachable before the others mark it as failed. */
  public readonly clusterNodeTimeout: Duration;

  /** Whether every write goes to an append-only file. */
  public readonly appendonly: boolean;

  /** Memory for the data set of one node; undefined if there is no limit. */
  public readonly maxmemory?: Size;

  constructor(scope: Construct, id: string, props: RedisConfigProps = {}) {
    super(scope, id);
    const settings = props._settings ?? settingsOf(this, parseRedisConfig(props));
    const { name, version, usersFile, shapeFile } = settings;
    const { port, clusterNodeTimeout, appendonly, maxmemory } = settings.config;
    this.name = name;
    this.content = renderRedisConf(settings);
    this._data = { 'redis.conf': this.content, ...usersFile === undefined ? {} : { 'users.acl': usersFile } };
    this.version = version;
    this.port = port;
    this.busPort = busPort(port);
    this.clusterNodeTimeout = clusterNodeTimeout;
    this.appendonly = appendonly;
    this.maxmemory = maxmemory;

    new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { ...this._data, ...shapeFile === undefined ? {} : { shape: shapeFile } },
    });
    claimNames(this);
  }
}
