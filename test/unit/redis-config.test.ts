import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { Appendfsync, MaxmemoryPolicy, RedisConfig, RedisConfigProps, RedisConfigSettings, RedisVersion } from '../../src';
import { EVERY_SETTING } from '../support/props/every-setting';

const DEFAULT_LINES = [
  'cluster-enabled yes',
  'cluster-config-file nodes.conf',
  'cluster-node-timeout 5000',
  'appendonly yes',
  'protected-mode no',
  'bind 0.0.0.0',
  'port 6379',
];

const EVERY_LINE = [
  'cluster-enabled yes',
  'cluster-config-file nodes.conf',
  'cluster-node-timeout 7500',
  'appendonly yes',
  'protected-mode yes',
  'bind 0.0.0.0 -::',
  'port 7000',
  'maxmemory 2gb',
  'maxmemory-policy volatile-ttl',
  'save 900 2',
  'save 30 500',
  'appendfsync always',
  'auto-aof-rewrite-percentage 50',
  'auto-aof-rewrite-min-size 96mb',
  'cluster-require-full-coverage no',
  'cluster-allow-reads-when-down yes',
  'cluster-replica-validity-factor 4',
  'cluster-migration-barrier 2',
  'cluster-allow-replica-migration yes',
  'repl-backlog-size 1536kb',
  'repl-diskless-sync yes',
  'repl-diskless-sync-delay 1',
  'repl-diskless-sync-max-replicas 2',
  'repl-ping-replica-period 3',
  'repl-timeout 120',
  'min-replicas-to-write 1',
  'min-replicas-max-lag 20',
  'maxclients 5000',
  'timeout 3600',
  'tcp-keepalive 60',
  'io-threads 4',
  'slowlog-log-slower-than 2000',
  'slowlog-max-len 256',
  'latency-monitor-threshold 100',
  'notify-keyspace-events KEg$x',
  'shutdown-timeout 25',
  'hz 20',
  'client-output-buffer-limit pubsub 64mb 16mb 90',
];

function newConfig(props?: RedisConfigProps): RedisConfig {
  return new RedisConfig(new Chart(new App(), 'test'), 'Config', props);
}

function linesOf(props?: RedisConfigProps): string[] {
  return newConfig(props).content.split('\n').slice(0, -1);
}

test("the default is the original YAML's ConfigMap", () => {
  const config = newConfig();

  expect(ApiObject.of(config).toJson()).toStrictEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'redis-cluster-config' },
    data: { 'redis.conf': `${DEFAULT_LINES.join('\n')}\n` },
  });
});

test("the original YAML's tuning is one option away", () => {
  expect(linesOf(RedisConfig.documentedTuning())).toStrictEqual([
    ...DEFAULT_LINES,
    'maxmemory 512mb',
    'maxmemory-policy allkeys-lru',
    'save 900 1',
    'save 300 10',
    'save 60 10000',
  ]);
});

test("the original YAML's tuning takes other settings in the places of its own; one that is not given changes nothing", () => {
  const overrides = { maxmemory: Size.gibibytes(2), save: [], maxmemoryPolicy: undefined, maxclients: 5000 };
  expect(linesOf(RedisConfig.documentedTuning(overrides))).toStrictEqual([
    ...DEFAULT_LINES,
    'maxmemory 2gb',
    'maxmemory-policy allkeys-lru',
    'save ""',
    'maxclients 5000',
  ]);
});

test('every setting has its place in the file', () => {
  expect(linesOf({ ...EVERY_SETTING, version: RedisVersion.V7_0 })).toStrictEqual(EVERY_LINE);
});

test('settings are documented in the order in which the file lists them', () => {
  const source = readFileSync(join(__dirname, '../../src/config/redis-config-settings.ts'), 'utf8');
  const documented = [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, prop]) => prop);

  expect(documented).toStrictEqual(Object.keys(EVERY_SETTING));
});

describe('a setting changes its own line and no other', () => {
  test.each<[string, RedisConfigSettings]>([
    ['cluster-node-timeout 60000', { clusterNodeTimeout: Duration.minutes(1) }],
    ['appendonly no', { appendonly: false }],
    ['protected-mode yes', { protectedMode: true }],
    ['bind * -::*', { bind: ['*', '-::*'] }],
    ['port 55535', { port: 55535 }],
  ])('%s', (line, settings) => {
    const directive = line.split(' ')[0];

    expect(linesOf(settings)).toStrictEqual(DEFAULT_LINES.map(original => original.startsWith(`${directive} `) ? line : original));
  });

  test.each<[string[], RedisConfigSettings]>([
    [['maxmemory 1536mb'], { maxmemory: Size.mebibytes(1536) }],
    [['maxmemory 1024gb'], { maxmemory: Size.tebibytes(1) }],
    [['maxmemory 3584kb'], { maxmemory: Size.mebibytes(3.5) }],
    [['maxmemory-policy noeviction'], { maxmemoryPolicy: MaxmemoryPolicy.NOEVICTION }],
    [['save ""'], { save: [] }],
    [['save 60 7'], { save: [{ after: Duration.minutes(1), changes: 7 }] }],
    [['appendfsync no'], { appendfsync: Appendfsync.NO }],
    [['auto-aof-rewrite-percentage 0'], { autoAofRewritePercentage: 0 }],
    [['auto-aof-rewrite-min-size 1kb'], { autoAofRewriteMinSize: Size.kibibytes(1) }],
    [['cluster-require-full-coverage yes'], { clusterRequireFullCoverage: true }],
    [['cluster-allow-reads-when-down no'], { clusterAllowReadsWhenDown: false }],
    [['cluster-replica-validity-factor 0'], { clusterReplicaValidityFactor: 0 }],
    [['cluster-migration-barrier 0'], { clusterMigrationBarrier: 0 }],
    [['cluster-allow-replica-migration no'], { clusterAllowReplicaMigration: false }],
    [['repl-backlog-size 16kb'], { replBacklogSize: Size.kibibytes(16) }],
    [['repl-diskless-sync yes', 'repl-diskless-sync-delay 0'], { replDisklessSync: true, replDisklessSyncDelay: Duration.seconds(0) }],
    [['repl-ping-replica-period 1', 'repl-timeout 2'], { replPingReplicaPeriod: Duration.seconds(1), replTimeout: Duration.seconds(2) }],
    [['repl-ping-replica-period 59'], { replPingReplicaPeriod: Duration.seconds(59) }],
    [['repl-timeout 11'], { replTimeout: Duration.seconds(11) }],
    [['min-replicas-to-write 0'], { minReplicasToWrite: 0 }],
    [['io-threads 128'], { ioThreads: 128 }],
    [['slowlog-log-slower-than 1005'], { slowlogLogSlowerThan: Duration.millis(1.005) }],
    [['notify-keyspace-events ""'], { notifyKeyspaceEvents: '' }],
  ])('%s', (lines, settings) => {
    expect(linesOf(settings)).toStrictEqual([...DEFAULT_LINES, ...lines]);
  });

  test('an undefined one counts as absent', () => {
    expect(linesOf({ port: undefined, maxmemory: undefined, extraDirectives: undefined })).toStrictEqual(DEFAULT_LINES);
  });
});

describe('a bad setting is refused', () => {
  const tooLate = 'Redis can hold no larger number';

  test.each<[string, RedisConfigProps]>([
    ["'name' must be lower-case letters, digits, hyphens and dots, with a letter or digit at both ends, got 'Redis_Config'; Kubernetes names such objects like that", { name: 'Redis_Config' }],
    ["'clusterNodeTimeout' must be at least 1 millisecond, got 0; nodes would mark each other as failed at once", { clusterNodeTimeout: Duration.millis(0) }],
    ["'clusterNodeTimeout' must be a whole number of milliseconds, got 2.5; redis.conf holds no fractions", { clusterNodeTimeout: Duration.millis(2.5) }],
    [`'clusterNodeTimeout' must be at most 2147483647 milliseconds, got 8640000000; ${tooLate}`, { clusterNodeTimeout: Duration.days(100) }],
    ["'appendonly' must be true or false, got 'no'; any word would count as yes", { appendonly: 'no' as any }],
    ["'protectedMode' must be true or false, got 0; any word would count as yes", { protectedMode: 0 as any }],
    ["'bind' must hold wildcards only (0.0.0.0 or *, :: or ::*), got '10.0.0.1'; all pods read the same redis.conf, and each must let the others in", { bind: ['10.0.0.1'] }],
    ["'bind' must hold wildcards only (0.0.0.0 or *, :: or ::*), got '127.0.0.1'; all pods read the same redis.conf, and each must let the others in", { bind: ['0.0.0.0', '127.0.0.1'] }],
    ["'bind' must hold a wildcard (0.0.0.0 or *, :: or ::*), got ''; the other pods could not connect", { bind: [] }],
    ["'bind' must hold one wildcard for IPv4 and one for IPv6 at most, got '0.0.0.0 -*'; Redis would stop because the address is in use already", { bind: ['0.0.0.0', '-*'] }],
    ["'port' must be a whole number from 1024 to 55535, got 0; the cluster bus takes the port 10000 above it, and ports end at 65535", { port: 0 }],
    ["'port' must be a whole number from 1024 to 55535, got 55536; the cluster bus takes the port 10000 above it, and ports end at 65535", { port: 55536 }],
    ["'port' must be a whole number from 1024 to 55535, got 6379.5; the cluster bus takes the port 10000 above it, and ports end at 65535", { port: 6379.5 }],
    ["'maxmemory' must be a whole number of kibibytes, got 4096.5; redis.conf holds no fractions", { maxmemory: Size.kibibytes(4096.5) }],
    [`'maxmemory' must be at most 8796093022208 kibibytes, got 9895604649984; ${tooLate}`, { maxmemory: Size.pebibyte(9) }],
    ["'maxmemoryPolicy' must be one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl, got 'lru\\nport 1'; Redis knows no other", { maxmemory: Size.gibibytes(1), maxmemoryPolicy: 'lru\nport 1' as MaxmemoryPolicy }],
    ["'save[0].after' must be a whole number of seconds, got 0.5; redis.conf holds no fractions", { save: [{ after: Duration.millis(500), changes: 1 }] }],
    ["'save[0].after' must be given, got undefined; a save point is a time and a number of changes", { save: [{ changes: 1 } as any] }],
    ["'save[0].changes' must be given, got undefined; a save point is a time and a number of changes", { save: [{ after: Duration.seconds(9) } as any] }],
    ["'save[0].after' must be at least 1 second, got 0; Redis looks once a second at most", { save: [{ after: Duration.seconds(0), changes: 1 }] }],
    ["'save[1].changes' must be a whole number from 1 to 2147483647, got 0; without a change there is nothing to save", { save: [{ after: Duration.seconds(9), changes: 1 }, { after: Duration.seconds(9), changes: 0 }] }],
    ["'appendfsync' must be one of always, everysec, no, got 'never'; Redis knows no other", { appendfsync: 'never' as Appendfsync }],
    ["'autoAofRewritePercentage' must be a whole number from 0 to 2147483647, got -1; 0 switches the rewriting off", { autoAofRewritePercentage: -1 }],
    ["'autoAofRewriteMinSize' must be at least 1 kibibyte, got 0; leave it out for what Redis takes by itself", { autoAofRewriteMinSize: Size.kibibytes(0) }],
    ["'clusterReplicaValidityFactor' must be a whole number from 0 to 2147483647, got 1.5; 0 lets any replica take over", { clusterReplicaValidityFactor: 1.5 }],
    ["'clusterMigrationBarrier' must be a whole number from 0 to 2147483647, got NaN; it is a number of replicas", { clusterMigrationBarrier: NaN }],
    ["'replBacklogSize' must be at least 16 kibibytes, got 15; Redis keeps no smaller backlog", { replBacklogSize: Size.kibibytes(15) }],
    ["'replPingReplicaPeriod' must be at least 1 second, got 0; replicas find out by these pings that their master is alive", { replPingReplicaPeriod: Duration.seconds(0) }],
    ["'minReplicasToWrite' must be a whole number from 0 to 2147483647, got 0.5; 0 accepts writes without replicas", { minReplicasToWrite: 0.5 }],
    ["'minReplicasMaxLag' must be at least 1 second, got 0; 0 would switch minReplicasToWrite off", { minReplicasToWrite: 1, minReplicasMaxLag: Duration.seconds(0) }],
    ["'maxclients' must be a whole number from 1 to 2147483647, got 0; nobody could connect", { maxclients: 0 }],
    ["'timeout' must be a whole number of seconds, got 1.5; redis.conf holds no fractions", { timeout: Duration.millis(1500) }],
    ["'ioThreads' must be a whole number from 1 to 128, got 129; Redis runs between 1 and 128 threads", { ioThreads: 129 }],
    ["'slowlogLogSlowerThan' must be a whole number of microseconds, got 0.5; redis.conf holds no fractions", { slowlogLogSlowerThan: Duration.millis(0.0005) }],
    ["'notifyKeyspaceEvents' must consist of the letters KEg$lshzxeAtmd, got 'Kq'; Redis 6.2 knows no other event classes", { notifyKeyspaceEvents: 'Kq' }],
    ["'notifyKeyspaceEvents' must consist of the letters KEg$lshzxeAtmd, got 'Kn'; Redis 6.2 knows no other event classes", { notifyKeyspaceEvents: 'Kn' }],
    ["'notifyKeyspaceEvents' must hold K, E or both, got 'gx'; nothing would be published: K stands for the channels by key, E for those by event", { notifyKeyspaceEvents: 'gx' }],
    ["'replDisklessSyncMaxReplicas' must be left out for Redis 6.2, got 2; 'repl-diskless-sync-max-replicas' exists in Redis 7.0 and later, Valkey 7.2 and later", { replDisklessSync: true, replDisklessSyncMaxReplicas: 2 }],
    ["'shutdownTimeout' must be left out for Redis 6.2, got '3 seconds'; 'shutdown-timeout' exists in Redis 7.0 and later, Valkey 7.2 and later", { shutdownTimeout: Duration.seconds(3) }],
  ])('%s', (message, props) => {
    expect(() => newConfig(props)).toThrow(new Error(`[test/Config] ${message}`));
  });
});

describe('settings that contradict each other are refused', () => {
  test.each<[string, RedisConfigProps]>([
    ["'maxmemoryPolicy' must be given together with 'maxmemory', got 'allkeys-lfu'; without a limit nothing is ever evicted", { maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LFU }],
    ["'appendfsync' must be left out when 'appendonly' is false, got 'always'; there is no append-only file", { appendonly: false, appendfsync: Appendfsync.ALWAYS }],
    ["'autoAofRewritePercentage' must be left out when 'appendonly' is false, got 50; there is no append-only file", { appendonly: false, autoAofRewritePercentage: 50 }],
    ["'autoAofRewriteMinSize' must be left out when 'appendonly' is false, got '1Mi'; there is no append-only file", { appendonly: false, autoAofRewriteMinSize: Size.mebibytes(1) }],
    ["'clusterMigrationBarrier' must be left out when 'clusterAllowReplicaMigration' is false, got 2; replicas stay with their masters", { clusterAllowReplicaMigration: false, clusterMigrationBarrier: 2 }],
    ["'replDisklessSyncDelay' must be given with 'replDisklessSync' true (Redis 6.2 has it off by default), got '0 seconds'; full copies that go through a file do not wait", { replDisklessSyncDelay: Duration.seconds(0) }],
    ["'replDisklessSyncMaxReplicas' must be given with 'replDisklessSync' true (Redis 6.2 has it off by default), got 2; full copies that go through a file do not wait", { version: RedisVersion.V7_0, replDisklessSync: false, replDisklessSyncMaxReplicas: 2 }],
    ["'replTimeout' must be longer than 'replPingReplicaPeriod' (10 seconds by default), got '10 seconds'; idle replication links would break between two pings", { replTimeout: Duration.seconds(10) }],
    ["'replPingReplicaPeriod' must be shorter than 'replTimeout' (60 seconds by default), got '60 seconds'; idle replication links would break between two pings", { replPingReplicaPeriod: Duration.seconds(60) }],
    ["'minReplicasMaxLag' must be given together with a 'minReplicasToWrite' of at least 1, got '5 seconds'; otherwise no master asks how far its replicas lag", { minReplicasMaxLag: Duration.seconds(5) }],
  ])('%s', (message, props) => {
    expect(() => newConfig(props)).toThrow(new Error(`[test/Config] ${message}`));
  });
});

describe('maxmemory in which nothing would fit', () => {
  const message = (got: string) => "'maxmemory' must be at least 2 MiB more than 'replBacklogSize' (1 MiB by default, 10 MiB from Valkey 8.1 on), "
    + `got '${got}'; Redis itself and the backlog count, too: writes would be answered with OOM (leave it out for no limit)`;

  test.each<[string, RedisConfigProps]>([
    ['0Ki', { maxmemory: Size.kibibytes(0) }],
    ['1Mi', { maxmemory: Size.mebibytes(1) }],
    ['3071Ki', { maxmemory: Size.kibibytes(3071), version: RedisVersion.V8_10 }],
    ['3071Ki', { maxmemory: Size.kibibytes(3071), version: RedisVersion.VALKEY_8_0 }],
    ['11Mi', { maxmemory: Size.mebibytes(11), version: RedisVersion.VALKEY_8_1 }],
    ['11Mi', { maxmemory: Size.mebibytes(11), version: RedisVersion.VALKEY_9_0 }],
    ['64Mi', { maxmemory: Size.mebibytes(64), replBacklogSize: Size.mebibytes(128) }],
    ['512Mi', RedisConfig.documentedTuning({ replBacklogSize: Size.gibibytes(1) })],
  ])('%s is refused', (got, props) => {
    expect(() => newConfig(props)).toThrow(new Error(`[test/Config] ${message(got)}`));
  });

  test.each<[string, RedisConfigProps]>([
    ['maxmemory 3mb', { maxmemory: Size.mebibytes(3) }],
    ['maxmemory 3mb', { maxmemory: Size.mebibytes(3), version: RedisVersion.VALKEY_9_0, replBacklogSize: Size.mebibytes(1) }],
    ['maxmemory 12mb', { maxmemory: Size.mebibytes(12), version: RedisVersion.VALKEY_8_1 }],
    ['maxmemory 2064kb', { maxmemory: Size.kibibytes(2064), replBacklogSize: Size.kibibytes(16) }],
  ])('%s is enough', (line, props) => {
    expect(linesOf(props)).toContain(line);
  });
});

test('all problems come at once, each with the path of the construct', () => {
  expect(() => newConfig({ port: 60000, maxclients: 0, extraDirectives: [{ name: 'dir', values: ['/tmp'] }] })).toThrow(new Error([
    "[test/Config] 'port' must be a whole number from 1024 to 55535, got 60000; the cluster bus takes the port 10000 above it, and ports end at 65535",
    "[test/Config] 'maxclients' must be a whole number from 1 to 2147483647, got 0; nobody could connect",
    "[test/Config] 'extraDirectives[0].name' must be a directive that is left to users, got 'dir'; the server keeps its data where the volume is mounted",
  ].join('\n')));
});

test('a setting that a later version has is accepted for that version', () => {
  const settings = { shutdownTimeout: Duration.seconds(3), notifyKeyspaceEvents: 'Kn', replDisklessSyncDelay: Duration.seconds(0) };

  expect(linesOf({ ...settings, version: RedisVersion.V7_0 }))
    .toStrictEqual([...DEFAULT_LINES, 'repl-diskless-sync-delay 0', 'notify-keyspace-events Kn', 'shutdown-timeout 3']);
});

describe('a value that a later version has', () => {
  const maxmemory = Size.gibibytes(1);
  test.each<[RedisVersion, RedisConfigSettings, string]>([
    [RedisVersion.V8_6, { maxmemory, maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRM }, 'maxmemory-policy allkeys-lrm'],
    [RedisVersion.V8_2, { notifyKeyspaceEvents: 'Eoc' }, 'notify-keyspace-events Eoc'],
    [RedisVersion.V8_8, { notifyKeyspaceEvents: 'STIVh' }, 'notify-keyspace-events STIVh'],
    [RedisVersion.of('8.12'), { notifyKeyspaceEvents: 'KQ' }, 'notify-keyspace-events KQ'],
  ])('is accepted for %s: %j', (version, settings, line) => {
    expect(linesOf({ ...settings, version })).toContain(line);
  });

  test.each<[RedisVersion, RedisConfigSettings, string]>([
    [RedisVersion.V8_4, { maxmemory, maxmemoryPolicy: MaxmemoryPolicy.VOLATILE_LRM },
      "'maxmemoryPolicy' must be one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl, got "
      + "'volatile-lrm'; Redis 8.4 does not know it"],
    [RedisVersion.VALKEY_9_1, { notifyKeyspaceEvents: 'Ec' }, "'notifyKeyspaceEvents' must consist of the letters KEg$lshzxeAtmdn, got 'Ec'; Valkey 9.1 knows no other event classes"],
    [RedisVersion.V8_6, { notifyKeyspaceEvents: 'Sh' }, "'notifyKeyspaceEvents' must consist of the letters KEg$lshzxeAtmdnoc, got 'Sh'; Redis 8.6 knows no other event classes"],
  ])('is refused for %s: %j', (version, settings, message) => {
    expect(() => newConfig({ ...settings, version })).toThrow(new Error(`[test/Config] ${message}`));
  });
});

test('the construct tells what others wire', () => {
  const clusterNodeTimeout = Duration.seconds(9);
  const maxmemory = Size.mebibytes(64);
  const props = { name: 'other', version: RedisVersion.V8_0, port: 7001, clusterNodeTimeout, appendonly: false, maxmemory };

  expect(newConfig(props)).toMatchObject({ ...props, busPort: 17001 });
  expect(newConfig()).toMatchObject({ version: RedisVersion.V6_2, port: 6379, busPort: 16379, appendonly: true, maxmemory: undefined });
});

test('its name may have dots and be as long as that of any ConfigMap', () => {
  const name = `${'orders.'.repeat(14)}config`;
  expect(newConfig({ name }).name).toBe(name);
});

test('two of them fit in one chart', () => {
  const chart = new Chart(new App(), 'test', { namespace: 'data', labels: { team: 'cache' } });
  new RedisConfig(chart, 'One', { name: 'one' });
  new RedisConfig(chart, 'Two', { name: 'two', port: 7000 });

  expect(chart.toJson().map(({ metadata }) => metadata)).toStrictEqual(
    ['one', 'two'].map(name => ({ name, namespace: 'data', labels: { team: 'cache' } })),
  );
});

test('the text survives YAML, however long its lines are', () => {
  const app = new App();
  const config = new RedisConfig(new Chart(app, 'test'), 'Config', {
    extraDirectives: [{ name: 'proc-title-template', values: [`${'long '.repeat(60)}\u2028include /tmp/x "quoted" \\ # 한국어: 'a' - {title}`] }],
  });

  expect(parse(app.synthYaml()).data['redis.conf']).toBe(config.content);
});
