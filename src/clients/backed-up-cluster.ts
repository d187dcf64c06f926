import { ClientSettings } from './connection';
import { IRedisCluster } from './redis-connection';
import { SecretKey } from '../access/access-settings';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { Placement } from '../placement/placement';
import { ContainerResources } from '../resources/container-resources';
import { RedisLogFormat } from '../scripts/redis-log-format';
import { RedisVersion } from '../versions/redis-version';

/** What a backup needs to know of a cluster; of one of another app, less is known. */
export interface BackedUpCluster extends ClientSettings {
  readonly backupPassword?: SecretKey;
  readonly image?: string;
  readonly toldVersion?: RedisVersion;
  readonly requireImageDigests?: boolean;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly imagePullPolicy?: ImagePullPolicy;
  readonly imagePullSecrets?: string[];
  readonly logFormat?: RedisLogFormat;
}

const clusters = new WeakMap<object, BackedUpCluster>();

export function rememberCluster(cluster: IRedisCluster, settings: BackedUpCluster): void {
  clusters.set(cluster, settings);
}

/** What is known of a cluster; undefined for an object that no class of this library made. */
export function backedUpCluster(cluster: IRedisCluster | undefined): BackedUpCluster | undefined {
  return cluster && clusters.get(cluster);
}
