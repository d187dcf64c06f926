import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../support/execute';
import { rulesOf, watchedProps } from '../support/monitoring/watched-cluster';

/** Three masters, 0 to 2, each with a replica, 3 to 5: what Prometheus sees of them in an hour, a value a minute. */
const HOUR = 'x60';
const rules = rulesOf(watchedProps());
const scratch = mkdtempSync(join(tmpdir(), 'alerts-'));
const rulesFile = join(scratch, 'rules.yaml');
writeFileSync(rulesFile, JSON.stringify({ groups: [{ name: 'sessions', rules }] }));
afterAll(() => rmSync(scratch, { recursive: true }));

type Series = Map<string, string>;
const podLabels = (pod: number) => `namespace="data",app="sessions",pod="sessions-${pod}"`;

function healthy(): Series {
  const series: Series = new Map();
  const put = (metric: string, labels: string, values: string) => series.set(`${metric}{${labels}}`, values);
  for (const pod of [0, 1, 2, 3, 4, 5]) {
    const redis = (metric: string, values: string, more = '') => put(`redis_${metric}`, podLabels(pod) + more, values);
    const isMaster = pod < 3;
    redis('up', `1${HOUR}`);
    redis('cluster_state', `1${HOUR}`);
    redis('cluster_slots_ok', `16384${HOUR}`);
    redis('cluster_size', `3${HOUR}`);
    redis('cluster_known_nodes', `6${HOUR}`);
    redis('cluster_current_epoch', `6${HOUR}`);
    redis('connected_slaves', `${isMaster ? 1 : 0}${HOUR}`);
    redis('instance_info', `1${HOUR}`, `,role="${isMaster ? 'master' : 'slave'}",master_replid="shard-${pod % 3}"`);
    redis('master_repl_offset', `5000000+1000${HOUR}`);
    redis(isMaster ? 'connected_slave_offset_bytes' : 'master_link_up', isMaster ? `4999900+1000${HOUR}` : `1${HOUR}`, isMaster ? `,slave_ip="10.0.0.${pod + 3}"` : '');
    redis('replica_resyncs_full', `1${HOUR}`);
    redis('memory_used_bytes', `200000000${HOUR}`);
    redis('memory_max_bytes', `419430400${HOUR}`);
    redis('memory_used_rss_bytes', `250000000${HOUR}`);
    redis('evicted_keys_total', `0${HOUR}`);
    redis('rejected_connections_total', `3${HOUR}`);
    ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'].forEach(metric => redis(metric, `1${HOUR}`));
    put('kube_pod_info', `namespace="data",pod="sessions-${pod}",node="node-${(isMaster ? pod : pod + 1) % 3}"`, `1${HOUR}`);
    const claim = `namespace="data",persistentvolumeclaim="redis-data-sessions-${pod}"`;
    put('kubelet_volume_stats_available_bytes', claim, `600${HOUR}`);
    put('kubelet_volume_stats_capacity_bytes', claim, `1000${HOUR}`);
  }
  for (const job of ['sessions-init', 'sessions-backup-1', 'sessions-backup-2']) {
    put('kube_job_failed', `namespace="data",job_name="${job}",condition="true"`, `0${HOUR}`);
    put('kube_job_status_start_time', `namespace="data",job_name="${job}"`, `${job.endsWith('2') ? 900 : 300}${HOUR}`);
  }
  put('kube_cronjob_created', 'namespace="data",cronjob="sessions-backup"', `0${HOUR}`);
  put('kube_cronjob_status_last_successful_time', 'namespace="data",cronjob="sessions-backup"', `310${HOUR}`);
  put('certmanager_certificate_expiration_timestamp_seconds', 'exported_namespace="data",namespace="cert-manager",name="sessions-tls"', `864000${HOUR}`);
  return series;
}

/** Series whose names match, and what they are instead; `null` is nothing. */
type Change = readonly [RegExp, string | null];

function changed(changes: readonly Change[]): Series {
  const series = healthy();
  for (const [name, values] of changes) {
    const matching = [...series.keys()].filter(each => name.test(each));
    expect(matching).not.toEqual([]); // or the change would be none
    matching.forEach(each => values === null ? series.delete(each) : series.set(each, values));
  }
  return series;
}

interface Expected {
  readonly labels?: Record<string, string>;
  readonly summary: string;
}

/** What promtool says of the alert after half an hour; by default there is none. */
async function promtool(series: Series, name: string | undefined, expected: readonly Expected[] = []): Promise<string> {
  const input_series = [...series].map(([metric, values]) => ({ series: metric, values }));
  const names = name === undefined ? rules.map(({ alert }) => alert) : [name];
  const alert_rule_test = names.map(alertname => ({ eval_time: '30m', alertname, exp_alerts: expected.map(each => alertOf(alertname, each)) }));
  const file = join(scratch, 'test.yaml');
  writeFileSync(file, JSON.stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests: [{ interval: '1m', input_series, alert_rule_test }] }));
  const { code, output } = await execute('promtool', ['test', 'rules', file]);
  return code === 0 ? '' : output;
}

function alertOf(name: string, { labels = {}, summary }: Expected) {
  const rule = rules.find(({ alert }) => alert === name)!;
  const { description, runbook_url } = rule.annotations;
  const told = description.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label) => labels[label]);
  return { exp_labels: { ...rule.labels, ...labels }, exp_annotations: { description: told, runbook_url, summary } };
}

/** For each alert what has it fire, what it says then, and what is just not enough. */
const CASES: Record<string, { fires: readonly Change[]; says: readonly Expected[]; quiet: readonly Change[] }> = {
  RedisClusterDown: {
    fires: [[/^redis_cluster_state/, '1x25 0x35']],
    says: [{ summary: 'Redis Cluster sessions is down' }],
    quiet: [[/^redis_cluster_state.*sessions-[0-4]/, `0${HOUR}`]],
  },
  RedisSlotsNotServed: {
    fires: [[/^redis_cluster_slots_ok/, '16384x25 10923x35']],
    says: [{ summary: 'Redis Cluster sessions serves 10923 of 16384 slots' }],
    quiet: [[/^redis_cluster_slots_ok.*sessions-[0-4]/, `10923${HOUR}`]],
  },
  RedisNodesMissing: {
    fires: [[/^redis_up.*sessions-3/, null], [/^redis_up.*sessions-4/, `0${HOUR}`]],
    says: [{ summary: '4 of 6 nodes of Redis Cluster sessions answer' }],
    quiet: [[/^redis_up.*sessions-[34]/, '1x26 0x34']],
  },
  RedisWrongNumberOfMasters: {
    fires: [[/^redis_cluster_size/, `4${HOUR}`]],
    says: [{ summary: 'Redis Cluster sessions has 4 masters with slots, not 3' }],
    quiet: [[/^redis_cluster_size/, '3x20 4x40']],
  },
  RedisTablesDisagree: {
    fires: [[/^redis_cluster_current_epoch.*sessions-5/, `5${HOUR}`]],
    says: [{ summary: 'Nodes of Redis Cluster sessions do not know the same cluster' }],
    quiet: [[/^redis_cluster_known_nodes.*sessions-5/, '6x22 5x38']],
  },
  RedisMasterWithoutReplica: {
    fires: [[/^redis_connected_slaves.*sessions-1/, `0${HOUR}`]],
    says: [{ labels: { pod: 'sessions-1' }, summary: 'Master sessions-1 has no replica' }],
    quiet: [[/^redis_connected_slaves.*sessions-1/, '1x27 0x33']],
  },
  RedisReplicaLinkDown: {
    fires: [[/^redis_master_link_up.*sessions-4/, `0${HOUR}`]],
    says: [{ labels: { pod: 'sessions-4' }, summary: 'Replica sessions-4 has no link to its master' }],
    quiet: [[/^redis_master_link_up.*sessions-4/, '0x29 1x31']],
  },
  RedisReplicaBehind: {
    fires: [[/^redis_connected_slave_offset.*sessions-2/, `1805696+1000${HOUR}`]], // the backlog of 2 MiB and 1 MiB behind
    says: [{ labels: { pod: 'sessions-2', slave_ip: '10.0.0.5' }, summary: 'The replica at 10.0.0.5 is 3.046MiB behind its master sessions-2' }],
    quiet: [[/^redis_connected_slave_offset.*sessions-2/, `2902848+1000${HOUR}`]], // exactly the backlog
  },
  RedisFullCopies: {
    fires: [[/^redis_replica_resyncs_full.*sessions-[01]/, '1x14 1+1x46']],
    says: [{ summary: 'Replicas of Redis Cluster sessions took 30 full copies within 15 minutes' }],
    quiet: [[/^redis_replica_resyncs_full/, '1x24 2x36']], // a rollout: each pod one
  },
  RedisShardOnOneNode: {
    fires: [[/^kube_pod_info.*sessions-4/, null], [/^kube_pod_info.*sessions-1/, null]],
    says: [{ labels: { master_replid: 'shard-1' }, summary: 'All pods of a shard of Redis Cluster sessions are on one Kubernetes node' }],
    quiet: [[/^redis_(instance_info|up).*sessions-4/, null]], // one that is gone is another matter
  },
  RedisMemoryNearlyFull: {
    fires: [[/^redis_memory_used_bytes.*sessions-0/, `398458880${HOUR}`]],
    says: [{ labels: { pod: 'sessions-0' }, summary: 'sessions-0 uses 95% of maxmemory' }],
    quiet: [[/^redis_memory_used_bytes/, `377487360${HOUR}`], [/^redis_memory_max_bytes.*sessions-1/, `0${HOUR}`]],
  },
  RedisContainerMemoryNearlyFull: {
    fires: [[/^redis_memory_used_rss_bytes.*sessions-0/, `996147200${HOUR}`]],
    says: [{ labels: { pod: 'sessions-0' }, summary: 'sessions-0 uses 95% of its memory limit' }],
    quiet: [[/^redis_memory_used_rss_bytes/, `943718400${HOUR}`]],
  },
  RedisKeysEvicted: {
    fires: [[/^redis_evicted_keys_total.*sessions-0/, `0+120${HOUR}`]],
    says: [{ labels: { pod: 'sessions-0' }, summary: 'sessions-0 evicts 2 keys a second' }],
    quiet: [[/^redis_evicted_keys_total/, `700${HOUR}`]],
  },
  RedisConnectionsRejected: {
    fires: [[/^redis_rejected_connections_total.*sessions-0/, '3x27 4x33']],
    says: [{ labels: { pod: 'sessions-0' }, summary: 'sessions-0 turns clients away' }],
    quiet: [[/^redis_rejected_connections_total/, '3x20 4x40']],
  },
  RedisPersistenceFailing: {
    fires: [[/^redis_aof_last_bgrewrite_status.*sessions-0/, `0${HOUR}`], [/^redis_rdb_last_bgsave_status.*sessions-[05]/, `0${HOUR}`]],
    says: ['sessions-0', 'sessions-5'].map(pod => ({ labels: { pod }, summary: `${pod} cannot save its data` })),
    quiet: [[/^redis_aof_last_write_status/, '1x27 0x33']],
  },
  RedisClaimNearlyFull: {
    fires: [[/^kubelet_volume_stats_available_bytes.*sessions-2/, `140${HOUR}`]],
    says: [{ labels: { persistentvolumeclaim: 'redis-data-sessions-2' }, summary: 'Claim redis-data-sessions-2 has 14% of its room left' }],
    quiet: [[/^kubelet_volume_stats_available_bytes/, `150${HOUR}`]],
  },
  RedisInitJobFailed: {
    fires: [[/^kube_job_failed.*sessions-init/, `1${HOUR}`]],
    says: [{ labels: { job_name: 'sessions-init', condition: 'true' }, summary: 'The init Job of Redis Cluster sessions failed' }],
    quiet: [[/^kube_job_failed.*sessions-backup-/, `1${HOUR}`]],
  },
  RedisBackupFailed: {
    fires: [[/^kube_job_failed.*sessions-backup-2/, `1${HOUR}`]],
    says: [{ summary: 'A backup of sessions-backup failed, and none has succeeded since' }],
    quiet: [[/^kube_job_failed.*sessions-backup-1/, `1${HOUR}`]],
  },
  RedisBackupTooOld: {
    fires: [[/^kube_cronjob_status_last_successful_time/, `-93600${HOUR}`]], // 26 hours before the hour begins
    says: [{ summary: 'The newest backup of sessions-backup is 1d 2h 30m 0s old' }],
    quiet: [[/^kube_cronjob_status_last_successful_time/, null]], // a CronJob that is new
  },
  RedisCertificateEnding: {
    fires: [[/^certmanager/, `433000${HOUR}`]],
    says: [{ labels: { exported_namespace: 'data', name: 'sessions-tls' }, summary: 'The certificate of Redis Cluster sessions ends in 4d 23h 46m 40s' }],
    quiet: [[/^certmanager/, `435000${HOUR}`]],
  },
};

test('no alert fires for a healthy cluster', async () => {
  expect(await promtool(healthy(), undefined)).toBe('');
});

test('every alert has its case', () => {
  expect(Object.keys(CASES)).toEqual(rules.map(({ alert }) => alert));
});

describe.each(Object.entries(CASES))('%s', (name, { fires, says, quiet }) => {
  test('fires, and says what it is about', async () => {
    const series = name === 'RedisShardOnOneNode' ? togetherOnNode9(changed(fires)) : changed(fires);
    expect(await promtool(series, name, says)).toBe('');
  });

  test('stays quiet as long as it is not enough', async () => {
    expect(await promtool(changed(quiet), name)).toBe('');
  });
});

function togetherOnNode9(series: Series): Series {
  [1, 4].forEach(pod => series.set(`kube_pod_info{namespace="data",pod="sessions-${pod}",node="node-9"}`, `1${HOUR}`));
  return series;
}

test('a cluster of which Prometheus reaches nothing is down, and so are its nodes', async () => {
  const nothing = changed([[/^redis_/, null]]);
  expect(await promtool(nothing, 'RedisClusterDown', [{ summary: 'Redis Cluster sessions is down' }])).toBe('');
  expect(await promtool(nothing, 'RedisNodesMissing', [{ summary: '0 of 6 nodes of Redis Cluster sessions answer' }])).toBe('');
});

test('promtool finds what is wrong, or these tests would prove nothing', async () => {
  expect(await promtool(healthy(), 'RedisClusterDown', [{ summary: 'Redis Cluster sessions is down' }])).toContain('RedisClusterDown');
});
