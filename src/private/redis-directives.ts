import { RedisVersion } from '../redis-version';

/** The first version, by family, of a group of directives; without one, the family has never had them. */
interface Since {
  readonly redis?: readonly [major: number, minor: number];
  readonly valkey?: readonly [major: number, minor: number];
  readonly names: readonly string[];
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(word => word !== '');
}

/**
 * The directives that a user may give, by the version that brought them. Left out are those that belong to the library (see
 * redis-extra-directives.ts) and those that exist only to test Redis itself.
 */
const BROUGHT: readonly Since[] = [
  {
    redis: [6, 2],
    valkey: [7, 2],
    names: words(`
      acl-pubsub-default acllog-max-len active-defrag-cycle-max active-defrag-cycle-min active-defrag-ignore-bytes
      active-defrag-max-scan-fields active-defrag-threshold-lower active-defrag-threshold-upper active-expire-effort
      activedefrag activerehashing always-show-logo aof-load-truncated aof-rewrite-incremental-fsync aof-use-rdb-preamble
      aof_rewrite_cpulist appendfsync appendonly auto-aof-rewrite-min-size auto-aof-rewrite-percentage
      bgsave_cpulist bind bio_cpulist client-output-buffer-limit client-query-buffer-limit cluster-allow-reads-when-down
      cluster-allow-replica-migration cluster-migration-barrier cluster-node-timeout cluster-replica-no-failover
      cluster-replica-validity-factor cluster-require-full-coverage cluster-slave-no-failover cluster-slave-validity-factor
      crash-log-enabled crash-memcheck-enabled databases disable-thp dynamic-hz gopher-enabled
      hash-max-ziplist-entries hash-max-ziplist-value hll-sparse-max-bytes hz ignore-warnings io-threads io-threads-do-reads
      jemalloc-bg-thread latency-monitor-threshold lazyfree-lazy-eviction lazyfree-lazy-expire lazyfree-lazy-server-del
      lazyfree-lazy-user-del lazyfree-lazy-user-flush lfu-decay-time lfu-log-factor list-compress-depth
      list-max-ziplist-size loadmodule loglevel lua-replicate-commands lua-time-limit maxclients maxmemory
      maxmemory-eviction-tenacity maxmemory-policy maxmemory-samples min-replicas-max-lag min-replicas-to-write
      min-slaves-max-lag min-slaves-to-write no-appendfsync-on-rewrite notify-keyspace-events oom-score-adj
      oom-score-adj-values port proc-title-template protected-mode proto-max-bulk-len rdb-del-sync-files
      rdb-save-incremental-fsync rdbchecksum rdbcompression repl-backlog-size repl-backlog-ttl repl-disable-tcp-nodelay
      repl-diskless-load repl-diskless-sync repl-diskless-sync-delay repl-ping-replica-period repl-ping-slave-period
      repl-timeout replica-announced replica-ignore-maxmemory replica-lazy-flush replica-priority replica-read-only
      replica-serve-stale-data sanitize-dump-payload save server_cpulist set-max-intset-entries set-proc-title
      slave-ignore-maxmemory slave-lazy-flush slave-priority slave-read-only slave-serve-stale-data slowlog-log-slower-than
      slowlog-max-len stop-writes-on-bgsave-error stream-node-max-bytes stream-node-max-entries tcp-backlog tcp-keepalive
      timeout tracking-table-max-keys zset-max-ziplist-entries zset-max-ziplist-value
    `),
  },
  {
    redis: [7, 0],
    valkey: [7, 2],
    names: words(`
      aof-timestamp-enabled busy-reply-threshold cluster-allow-pubsubshard-when-down
      cluster-link-sendbuf-limit enable-debug-command enable-module-command enable-protected-configs
      hash-max-listpack-entries hash-max-listpack-value latency-tracking latency-tracking-info-percentiles
      list-max-listpack-size maxmemory-clients propagation-error-behavior repl-diskless-sync-max-replicas
      replica-ignore-disk-write-errors shutdown-on-sigint shutdown-on-sigterm shutdown-timeout socket-mark-id
      zset-max-listpack-entries zset-max-listpack-value
    `),
  },
  { redis: [7, 2], valkey: [7, 2], names: words('locale-collate set-max-listpack-entries set-max-listpack-value') },
  {
    redis: [7, 4],
    valkey: [8, 0],
    names: words(`
      aof-rewrite-cpulist bgsave-cpulist bio-cpulist hide-user-data-from-log max-new-connections-per-cycle
      max-new-tls-connections-per-cycle server-cpulist
    `),
  },
  { redis: [8, 0], names: words('cluster-compatibility-sample-ratio replica-full-sync-buffer-limit') },
  {
    valkey: [8, 0],
    names: words(`
      availability-zone cluster-blacklist-ttl cluster-slot-stats-enabled dual-channel-replication-enabled
      extended-redis-compatibility prefetch-batch-max-size
    `),
  },
  {
    valkey: [8, 1],
    names: words(`
      active-defrag-cycle-us cluster-manual-failover-timeout commandlog-execution-slower-than commandlog-large-reply-max-len
      commandlog-large-request-max-len commandlog-reply-larger-than commandlog-request-larger-than
      commandlog-slow-execution-max-len import-mode log-format log-timestamp-format rdb-version-check
    `),
  },
];

/** The directives that a later version dropped, or accepts without heeding them. */
const DROPPED: readonly Since[] = [
  { redis: [7, 0], valkey: [7, 2], names: words('gopher-enabled lua-replicate-commands') },
  { redis: [8, 0], valkey: [8, 1], names: words('io-threads-do-reads') },
  { valkey: [8, 1], names: words('dynamic-hz') },
];

/** Directives that Redis knows by two names of no common form; the others differ in `slave`, `ziplist` or `_`. */
const RENAMED = new Map(Object.entries({
  'lua-time-limit': 'busy-reply-threshold',
  'commandlog-execution-slower-than': 'slowlog-log-slower-than',
  'commandlog-slow-execution-max-len': 'slowlog-max-len',
  'primaryauth': 'masterauth',
  'primaryuser': 'masteruser',
}));

/** One name for all names of a directive, so that `min-slaves-to-write` is seen to be `min-replicas-to-write`. */
export function canonicalName(name: string): string {
  return RENAMED.get(name) ?? name.replace('slave', 'replica').replace('ziplist', 'listpack').replaceAll('_', '-');
}

/** Whether a version heeds a directive that a user may give. */
export function hasDirective(version: RedisVersion, name: string): boolean {
  const isIn = (groups: readonly Since[]) => groups.some(group => {
    const first = version.isValkey ? group.valkey : group.redis;
    return first !== undefined && version.atLeast(...first) && group.names.includes(name);
  });
  return isIn(BROUGHT) && !isIn(DROPPED);
}

/** Names of the directives that a version heeds and a user may give. */
export function directivesOf(version: RedisVersion): string[] {
  return BROUGHT.flatMap(({ names }) => names).filter(name => hasDirective(version, name));
}

/** The versions that heed a directive, in words such as `Redis 7.0 and later, Valkey 7.2 and later`; empty if none does. */
export function versionsWith(name: string): string {
  const find = (groups: readonly Since[]) => groups.find(({ names }) => names.includes(name));
  const brought = find(BROUGHT);
  const dropped = find(DROPPED);
  const family = (label: string, first?: readonly number[], end?: readonly number[]) => {
    if (!first || first.join() === end?.join()) {
      return [];
    }
    return [end ? `${label} before ${end.join('.')}` : `${label} ${first.join('.')} and later`];
  };
  return [...family('Redis', brought?.redis, dropped?.redis), ...family('Valkey', brought?.valkey, dropped?.valkey)].join(', ');
}

/** The name that a misspelt one was probably meant to be, if one is close. */
export function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map(name => ({ name, distance: editDistance(misspelt.toLowerCase(), name) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(misspelt.length / 4)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Levenshtein distance: single-character insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
