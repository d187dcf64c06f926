import { Duration } from 'cdk8s';
import { ConfigSettings } from './config-settings';
import { RedisConfigSettings } from './redis-config-settings';
import { hasDirective } from '../versions/directives';
import { RedisVersion } from '../versions/redis-version';

/**
 * The settings with what a cluster of this shape has by default: from Redis 7.0 on, a master begins a full copy as soon as all
 * replicas that it is to have ask for one, not 5 seconds after the first.
 */
export function withDisklessSync(settings: ConfigSettings, version: RedisVersion, replicasPerMaster: number): ConfigSettings {
  const isUsed = replicasPerMaster > 0 && settings.replDisklessSync !== false && hasDirective(version, 'repl-diskless-sync-max-replicas');
  return { ...settings, replDisklessSyncMaxReplicas: settings.replDisklessSyncMaxReplicas ?? (isUsed ? replicasPerMaster : undefined) };
}

/** How full copies are sent, which start.sh holds back and the heal container restores: `yes|no SECONDS MAX_REPLICAS|-`. */
export function disklessSync(settings: RedisConfigSettings, version: RedisVersion): string {
  const { replDisklessSync = version.atLeast(7, 0), replDisklessSyncDelay = Duration.seconds(5), replDisklessSyncMaxReplicas = 0 } = settings;
  const maxReplicas = hasDirective(version, 'repl-diskless-sync-max-replicas') ? replDisklessSyncMaxReplicas : '-';
  return `${replDisklessSync ? 'yes' : 'no'} ${replDisklessSyncDelay.toSeconds()} ${maxReplicas}`;
}
