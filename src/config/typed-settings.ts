import { RedisConfigSettings } from './redis-config-settings';
import { Appendfsync, MaxmemoryPolicy } from './redis-config-types';
import {
  amount, bindAddresses, choice, count, eventClasses, flag, microseconds, milliseconds, port, savePoints, seconds, Setting,
} from './setting-kinds';

const KIBIBYTE = 1;

/** The typed settings, each with its directive, in the order in which redis.conf lists them: the five of the original YAML first, then by topic. */
export const SETTINGS: readonly Setting[] = [
  milliseconds('clusterNodeTimeout', 'cluster-node-timeout', { min: 1, reason: 'nodes would mark each other as failed at once' }),
  flag('appendonly', 'appendonly'),
  flag('protectedMode', 'protected-mode'),
  bindAddresses('bind', 'bind'),
  port('port', 'port'),

  amount('maxmemory', 'maxmemory'), // how little is too little depends on the backlog: contradictions.ts
  choice('maxmemoryPolicy', 'maxmemory-policy', Object.values(MaxmemoryPolicy),
    (policy, version) => !policy.endsWith('-lrm') || !version.isValkey && version.atLeast(8, 6)),

  savePoints('save', 'save'),
  choice('appendfsync', 'appendfsync', Object.values(Appendfsync)),
  count('autoAofRewritePercentage', 'auto-aof-rewrite-percentage', { reason: '0 switches the rewriting off' }),
  amount('autoAofRewriteMinSize', 'auto-aof-rewrite-min-size', { min: KIBIBYTE, reason: 'leave it out for what Redis takes by itself' }),

  flag('clusterRequireFullCoverage', 'cluster-require-full-coverage'),
  flag('clusterAllowReadsWhenDown', 'cluster-allow-reads-when-down'),
  count('clusterReplicaValidityFactor', 'cluster-replica-validity-factor', { reason: '0 lets any replica take over' }),
  count('clusterMigrationBarrier', 'cluster-migration-barrier', { reason: 'it is a number of replicas' }),
  flag('clusterAllowReplicaMigration', 'cluster-allow-replica-migration'),

  amount('replBacklogSize', 'repl-backlog-size', { min: 16 * KIBIBYTE, reason: 'Redis keeps no smaller backlog' }),
  flag('replDisklessSync', 'repl-diskless-sync'),
  seconds('replDisklessSyncDelay', 'repl-diskless-sync-delay', { reason: '0 starts at once' }),
  count('replDisklessSyncMaxReplicas', 'repl-diskless-sync-max-replicas', { reason: '0 always waits' }),
  seconds('replPingReplicaPeriod', 'repl-ping-replica-period', { min: 1, reason: 'replicas find out by these pings that their master is alive' }),
  seconds('replTimeout', 'repl-timeout', { min: 1, reason: 'every replication link would break at once' }),
  count('minReplicasToWrite', 'min-replicas-to-write', { reason: '0 accepts writes without replicas' }),
  seconds('minReplicasMaxLag', 'min-replicas-max-lag', { min: 1, reason: '0 would switch minReplicasToWrite off' }),

  count('maxclients', 'maxclients', { min: 1, reason: 'nobody could connect' }),
  seconds('timeout', 'timeout', { reason: '0 never disconnects a client' }),
  seconds('tcpKeepalive', 'tcp-keepalive', { reason: '0 sends no keepalives' }),
  count('ioThreads', 'io-threads', { min: 1, max: 128, reason: 'Redis runs between 1 and 128 threads' }),

  microseconds('slowlogLogSlowerThan', 'slowlog-log-slower-than', { reason: '0 keeps every command' }),
  count('slowlogMaxLen', 'slowlog-max-len', { reason: '0 switches the slow log off' }),
  milliseconds('latencyMonitorThreshold', 'latency-monitor-threshold', { reason: '0 switches the monitor off' }),
  eventClasses('notifyKeyspaceEvents', 'notify-keyspace-events'),

  seconds('shutdownTimeout', 'shutdown-timeout', { reason: '0 does not wait for replicas' }),
];

/** The setting that stands for a directive of this canonical name. */
export function settingOf(directive: string): keyof RedisConfigSettings | undefined {
  return SETTINGS.find(setting => setting.directive === directive)?.prop;
}
