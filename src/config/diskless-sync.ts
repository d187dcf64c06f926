import { Duration } from 'cdk8s';
import { RedisConfigSettings } from './redis-config-settings';
import { hasDirective } from '../versions/directives';
import { RedisVersion } from '../versions/redis-version';

/**
 * How full copies are sent, which start.sh holds back and the heal container restores: `yes|no SECONDS MAX_REPLICAS|all|-`. From Redis
 * 7.0 on, a master begins a full copy as soon as `all` replicas that it is to have ask for one, not 5 seconds after the first. That is
 * no line of redis.conf: pods are not to restart when their number changes.
 */
export function disklessSync(settings: RedisConfigSettings, version: RedisVersion): string {
  const { replDisklessSync = version.atLeast(7, 0), replDisklessSyncDelay = Duration.seconds(5), replDisklessSyncMaxReplicas = replDisklessSync ? 'all' : 0 } = settings;
  const maxReplicas = hasDirective(version, 'repl-diskless-sync-max-replicas') ? replDisklessSyncMaxReplicas : '-';
  return `${replDisklessSync ? 'yes' : 'no'} ${replDisklessSyncDelay.toSeconds()} ${maxReplicas}`;
}
