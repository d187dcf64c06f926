import { Duration, Size } from 'cdk8s';
import { RedisConfigSettings } from './redis-config-settings';
import { MaxmemoryPolicy } from './redis-config-types';
import { problem } from '../checks/problem';
import { kibibytes } from '../resources/quantity';
import { RedisVersion } from '../versions/redis-version';

/** A setting that another one makes void or harmful. */
interface Contradiction {
  readonly prop: keyof RedisConfigSettings;
  readonly requirement: string;
  readonly reason: string;
  isBroken(settings: RedisConfigSettings, version: RedisVersion): boolean;
}

const PING_PERIOD = Duration.seconds(10);
const REPL_TIMEOUT = Duration.seconds(60);
const PING_COMES_LATE = 'idle replication links would break between two pings';

/** Room for what a server in cluster mode takes without any data: 1.6 MiB in Redis 7.0. */
const SERVER_ITSELF = Size.mebibytes(2);

const CONTRADICTIONS: readonly Contradiction[] = [
  {
    prop: 'maxmemory',
    requirement: "be at least 2 MiB more than 'replBacklogSize' (1 MiB by default, 10 MiB from Valkey 8.1 on)",
    reason: 'Redis itself and the backlog count, too: writes would be answered with OOM (leave it out for no limit)',
    isBroken: ({ maxmemory, replBacklogSize }, version) =>
      kibibytes(maxmemory!) < kibibytes(replBacklogSize ?? defaultBacklog(version)) + kibibytes(SERVER_ITSELF),
  },
  {
    prop: 'maxmemoryPolicy',
    requirement: "be given together with 'maxmemory'",
    reason: 'without a limit nothing is ever evicted',
    isBroken: ({ maxmemory, maxmemoryPolicy }) => maxmemory === undefined && maxmemoryPolicy !== MaxmemoryPolicy.NOEVICTION,
  },
  withoutAppendOnlyFile('appendfsync'),
  withoutAppendOnlyFile('autoAofRewritePercentage'),
  withoutAppendOnlyFile('autoAofRewriteMinSize'),
  {
    prop: 'clusterMigrationBarrier',
    requirement: "be left out when 'clusterAllowReplicaMigration' is false",
    reason: 'replicas stay with their masters',
    isBroken: ({ clusterAllowReplicaMigration }) => clusterAllowReplicaMigration === false,
  },
  withoutDisklessSync('replDisklessSyncDelay'),
  withoutDisklessSync('replDisklessSyncMaxReplicas'),
  {
    prop: 'replTimeout',
    requirement: "be longer than 'replPingReplicaPeriod' (10 seconds by default)",
    reason: PING_COMES_LATE,
    isBroken: pingComesLate,
  },
  {
    prop: 'replPingReplicaPeriod',
    requirement: "be shorter than 'replTimeout' (60 seconds by default)",
    reason: PING_COMES_LATE,
    isBroken: settings => settings.replTimeout === undefined && pingComesLate(settings),
  },
  {
    prop: 'minReplicasMaxLag',
    requirement: "be given together with a 'minReplicasToWrite' of at least 1",
    reason: 'otherwise no master asks how far its replicas lag',
    isBroken: ({ minReplicasToWrite = 0 }) => minReplicasToWrite === 0,
  },
];

function pingComesLate({ replTimeout = REPL_TIMEOUT, replPingReplicaPeriod = PING_PERIOD }: RedisConfigSettings): boolean {
  return inSeconds(replTimeout) <= inSeconds(replPingReplicaPeriod);
}

function defaultBacklog(version: RedisVersion): Size {
  return Size.mebibytes(version.isValkey && version.atLeast(8, 1) ? 10 : 1);
}

function withoutAppendOnlyFile(prop: keyof RedisConfigSettings): Contradiction {
  return {
    prop,
    requirement: "be left out when 'appendonly' is false",
    reason: 'there is no append-only file',
    isBroken: ({ appendonly }) => appendonly === false,
  };
}

function withoutDisklessSync(prop: keyof RedisConfigSettings): Contradiction {
  return {
    prop,
    requirement: "be given with 'replDisklessSync' true (Redis 6.2 has it off by default)",
    reason: 'full copies that go through a file do not wait',
    isBroken: ({ replDisklessSync }, version) => !(replDisklessSync ?? version.atLeast(7, 0)),
  };
}

/** The settings that contradict others. */
export function contradictions(settings: RedisConfigSettings, version: RedisVersion): string[] {
  return CONTRADICTIONS
    .filter(({ prop, isBroken }) => settings[prop] !== undefined && isBroken(settings, version))
    .map(({ prop, requirement, reason }) => problem(prop, requirement, settings[prop], reason));
}

function inSeconds(duration?: Duration): number {
  return duration?.toSeconds({ integral: false }) ?? NaN;
}
