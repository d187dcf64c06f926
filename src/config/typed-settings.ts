import { RedisConfigSettings } from './redis-config-settings';
import { Appendfsync, MaxmemoryPolicy } from './redis-config-types';
import { amount, bindAddresses, choice, count, eventClasses, flag, milliseconds, microseconds, port, savePoints, seconds, Setting } from './setting-kinds';

const KIBIBYTE = 1;
const MEBIBYTE = 1024;

/** The typed settings in the order in which redis.conf lists them: the documents' five first, then by topic. */
export const SETTINGS: readonly Setting[] = [
  milliseconds('clusterNodeTimeout', { min: 1, reason: 'nodes would hold each other for failed at once' }),
  flag('appendonly'),
  flag('protectedMode'),
  bindAddresses('bind'),
  port('port'),

  amount('maxmemory', { min: MEBIBYTE, reason: 'Redis itself takes about that much: leave it out for no limit' }),
  choice('maxmemoryPolicy', Object.values(MaxmemoryPolicy), (policy, version) => !policy.endsWith('-lrm') || !version.isValkey && version.atLeast(8, 6)),

  savePoints('save'),
  choice('appendfsync', Object.values(Appendfsync)),
  count('autoAofRewritePercentage', { reason: '0 switches the rewriting off' }),
  amount('autoAofRewriteMinSize', { min: KIBIBYTE, reason: 'leave it out for what Redis takes by itself' }),

  flag('clusterRequireFullCoverage'),
  flag('clusterAllowReadsWhenDown'),
  count('clusterReplicaValidityFactor', { reason: '0 lets any replica take over' }),
  count('clusterMigrationBarrier', { reason: 'it is a number of replicas' }),
  flag('clusterAllowReplicaMigration'),

  amount('replBacklogSize', { min: 16 * KIBIBYTE, reason: 'Redis keeps no smaller backlog' }),
  flag('replDisklessSync'),
  seconds('replDisklessSyncDelay', { reason: '0 starts at once' }),
  count('replDisklessSyncMaxReplicas', { reason: '0 always waits' }),
  seconds('replPingReplicaPeriod', { min: 1, reason: 'replicas find out by these pings that their master is alive' }),
  seconds('replTimeout', { min: 1, reason: 'every replication link would break at once' }),
  count('minReplicasToWrite', { reason: '0 accepts writes without replicas' }),
  seconds('minReplicasMaxLag', { min: 1, reason: '0 would switch minReplicasToWrite off' }),

  count('maxclients', { min: 1, reason: 'nobody could connect' }),
  seconds('timeout', { reason: '0 never disconnects a client' }),
  seconds('tcpKeepalive', { reason: '0 sends no keepalives' }),
  count('ioThreads', { min: 1, max: 128, reason: 'Redis runs between 1 and 128 threads' }),

  microseconds('slowlogLogSlowerThan', { reason: '0 keeps every command' }),
  count('slowlogMaxLen', { reason: '0 switches the slow log off' }),
  milliseconds('latencyMonitorThreshold', { reason: '0 switches the monitor off' }),
  eventClasses('notifyKeyspaceEvents'),

  seconds('shutdownTimeout', { reason: '0 does not wait for replicas' }),
];

/** The setting that stands for a directive of this canonical name. */
export function settingOf(directive: string): keyof RedisConfigSettings | undefined {
  return SETTINGS.find(setting => setting.directive === directive)?.prop;
}
