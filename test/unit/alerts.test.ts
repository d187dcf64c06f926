import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { MaxmemoryPolicy, RedisAlertOptions, RedisClusterProps, RedisMonitoring, RedisStorage, RedisTls } from '../../src';
import { EVERYTHING, Rule, rulesOf, watchedProps } from '../support/monitoring/watched-cluster';
import { synthCluster } from '../support/synth';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'alerts.md'), 'utf8');
const names = (props: RedisClusterProps) => rulesOf(props).map(({ alert }) => alert);
const rule = (name: string, props: RedisClusterProps): Rule => rulesOf(props).find(({ alert }) => alert === name)!;
const SELECTED = '{namespace="data",app="sessions"}';

describe('each alert', () => {
  const rules = rulesOf(watchedProps());

  test('has a section in docs/alerts.md, and each section an alert', () => {
    const sections = [...page.matchAll(/^## (Redis\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(rules.map(({ alert }) => alert));
    expect(rules.length).toBeGreaterThan(15);
  });

  test('stands there with its severity and patience', () => {
    const table = [...page.matchAll(/^\| \[(Redis\w+)\]\(#\w+\) \| (\w+) \| (\w+) \|/gm)].map(([, ...cells]) => cells);
    expect(table).toEqual(rules.map(({ alert, labels, for: patience }) => [alert, labels.severity, patience === '0m' ? 'none' : patience.replace('m', '')]));
  });

  test.each(rules.map(each => [each.alert, each] as const))('%s says what is wrong, what to do, and where more of it is', (name, { labels, annotations }) => {
    expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/), namespace: 'data', app: 'sessions' });
    expect(Object.keys(annotations)).toEqual(['description', 'runbook_url', 'summary'].sort());
    expect(annotations.description.length).toBeGreaterThan(40);
    expect(annotations.runbook_url).toBe(`https://github.com/cdk8s-redis-cluster/cdk8s-redis-cluster/blob/main/docs/alerts.md#${name.toLowerCase()}`);
  });

  test('leads to the repository of package.json', () => {
    const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(rules[0].annotations.runbook_url.startsWith(`${repository.url.replace(/\.git$/, '')}/blob/main/docs/`)).toBe(true);
  });

  test('selects the metrics of this cluster alone', () => {
    const selectors = rules.flatMap(({ expr }) => [...expr.matchAll(/\w+\{([^}]*)\}/g)].map(([, selector]) => selector));
    expect(selectors.length).toBeGreaterThan(20);
    expect(selectors.filter(selector => !selector.includes('namespace="data"') || !/sessions/.test(selector))).toEqual([]);
  });
});

describe('thresholds', () => {
  const wide: RedisClusterProps = { ...watchedProps(), masters: 5, replicasPerMaster: 2 };

  test('of nodes and masters are those of the shape', () => {
    expect(rule('RedisNodesMissing', wide).expr).toBe(`(sum(redis_up${SELECTED}) or vector(0)) < 15`);
    expect(rule('RedisWrongNumberOfMasters', wide).expr).toBe(`max(redis_cluster_size${SELECTED}) != 5`);
    expect(rule('RedisFullCopies', wide).expr).toMatch(/ > 15$/);
    expect(names({ ...wide, scaleInFrom: { masters: 6 } }).length).toBeGreaterThan(0);
    expect(rule('RedisNodesMissing', { ...wide, scaleInFrom: { masters: 6 } }).expr).toMatch(/ < 18$/);
  });

  test('of memory are those of maxmemory and of the limit', () => {
    expect(rule('RedisMemoryNearlyFull', watchedProps({ memoryShare: 0.8 })).expr)
      .toBe(`redis_memory_used_bytes${SELECTED} / (redis_memory_max_bytes${SELECTED} > 0) > 0.8`);
    expect(rule('RedisContainerMemoryNearlyFull', watchedProps({ memoryShare: 0.8 })).expr).toBe(`redis_memory_used_rss_bytes${SELECTED} / 1048576000 > 0.8`);
    expect(names({ ...watchedProps(), config: {}, resources: undefined }).filter(name => name.includes('Memory'))).toEqual([]);
  });

  test('of evictions are none where keys should stay, and those that are given where they may go', () => {
    const evicting = (alerts: RedisAlertOptions): RedisClusterProps => ({
      ...watchedProps(alerts), config: { maxmemory: Size.mebibytes(400), maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU },
    });
    expect(rule('RedisKeysEvicted', watchedProps()).expr).toMatch(/ > 0$/);
    expect(names(evicting({}))).not.toContain('RedisKeysEvicted');
    expect(names(evicting({}))).not.toContain('RedisMemoryNearlyFull');
    expect(rule('RedisKeysEvicted', evicting({ evictionsPerSecond: 2.5 })).expr).toMatch(/ > 2.5$/);
  });

  test('of lag are the backlog, or what is given', () => {
    expect(rule('RedisReplicaBehind', watchedProps()).expr).toMatch(/ > 2097152$/);
    expect(rule('RedisReplicaBehind', { ...watchedProps(), config: {} }).expr).toMatch(/ > 1048576$/);
    expect(rule('RedisReplicaBehind', watchedProps({ replicaLag: Size.kibibytes(3) })).expr).toMatch(/ > 3072$/);
    expect(rule('RedisFullCopies', watchedProps({ fullCopies: 2 })).expr).toMatch(/ > 2$/);
  });

  test('of the certificate are half of the time in which it is renewed, or what is given', () => {
    const of = (tls: RedisTls, alerts = EVERYTHING) => rule('RedisCertificateEnding', { ...watchedProps(alerts), tls }).expr;
    expect(of(RedisTls.fromIssuer('issuer', { duration: Duration.days(30), renewBefore: Duration.days(10) }))).toMatch(/ < 432000$/);
    expect(of(RedisTls.fromIssuer('issuer', { duration: Duration.days(6) }))).toMatch(/ < 86400$/);
    expect(of(RedisTls.fromIssuer('issuer'))).toMatch(/ < 1296000$/);
    expect(of(RedisTls.fromIssuer('issuer'), { ...EVERYTHING, certificateRemaining: Duration.hours(2) })).toMatch(/ < 7200$/);
  });

  test('of claims and backups are given', () => {
    expect(rule('RedisClaimNearlyFull', watchedProps({ kubeletMetrics: true, claimFreeShare: 0.3 })).expr).toMatch(/ < 0.3$/);
    const backup = { maximumAge: Duration.hours(3), name: 'copies' };
    expect(rule('RedisBackupTooOld', watchedProps({ kubeStateMetrics: true, backup })).expr)
      .toBe('time() - (max(kube_cronjob_status_last_successful_time{namespace="data",cronjob="copies"})'
        + ' or max(kube_cronjob_created{namespace="data",cronjob="copies"})) > 10800');
  });
});

describe('an alert that could never fire is absent', () => {
  const always = names(watchedProps({}));
  const more = (alerts: RedisAlertOptions, props: RedisClusterProps = {}) =>
    names({ ...watchedProps(alerts), ...props }).filter(name => !always.includes(name));

  test('without what has its metrics', () => {
    expect(more({ kubeStateMetrics: true })).toEqual(['RedisShardOnOneNode', 'RedisInitJobFailed']);
    expect(more({ kubeStateMetrics: true, backup: { maximumAge: Duration.days(1) } }).slice(2)).toEqual(['RedisBackupFailed', 'RedisBackupTooOld']);
    expect(more({ kubeletMetrics: true })).toEqual(['RedisClaimNearlyFull']);
    expect(more({ certManagerMetrics: true })).toEqual(['RedisCertificateEnding']);
  });

  test('without what it is about', () => {
    expect(more({ kubeletMetrics: true }, { storage: RedisStorage.ephemeral() })).toEqual([]);
    expect(more({ certManagerMetrics: true }, { tls: RedisTls.fromSecret({ name: 'nodes' }) })).toEqual([]);
    const alone = names({ ...watchedProps(), replicasPerMaster: 0 });
    expect(alone.filter(name => /Replica|FullCopies|Shard/.test(name))).toEqual([]);
    expect(rule('RedisPersistenceFailing', { ...watchedProps(), config: { appendonly: false } }).expr).not.toContain('aof');
  });
});

test('labels and address of the docs may be given', () => {
  const { labels, annotations } = rule('RedisClusterDown', watchedProps({ labels: { team: 'web' }, runbookUrl: 'https://wiki.example/redis' }));
  expect(labels).toEqual({ team: 'web', severity: 'critical', namespace: 'data', app: 'sessions' });
  expect(annotations.runbook_url).toBe('https://wiki.example/redis#redisclusterdown');
});

test('the operator finds them by the labels of the PodMonitor; without it they are in a ConfigMap', () => {
  const props = watchedProps();
  const monitored = (monitoring: RedisMonitoring) => synthCluster({ ...props, monitoring }, { namespace: 'data' });
  const alerts = { ...EVERYTHING, labels: { ...EVERYTHING.labels, tier: undefined as any } };
  const withOperator = monitored(RedisMonitoring.podMonitor({ alerts, labels: { release: 'stack' } }));
  const without = monitored(RedisMonitoring.annotations({ alerts }));
  const { apiVersion, metadata, spec } = withOperator.one('PrometheusRule');
  expect({ apiVersion, metadata }).toEqual({ apiVersion: 'monitoring.coreos.com/v1', metadata: { name: 'sessions', namespace: 'data', labels: { release: 'stack' } } });
  expect(parse(without.one('ConfigMap', 'sessions-alerts').data['alerts.yaml'])).toEqual(spec);
  expect(without.all('PrometheusRule')).toEqual([]);
  expect(synthCluster({ monitoring: RedisMonitoring.podMonitor() }).all('PrometheusRule')).toEqual([]);
});

describe('what makes no sense is refused', () => {
  test.each<[string, RedisAlertOptions, string]>([
    ['a label that says which alert it is', { labels: { severity: 'page' } },
      "'monitoring.alerts.labels' must leave 'severity' to the library, got 'page'; it says which alert of which cluster it is"],
    ['a label of Kubernetes', { labels: { 'example.com/team': 'web' } },
      "'monitoring.alerts.labels' must have names of letters, digits and _, got 'example.com/team'; Prometheus takes no other labels"],
    ['an address that is none', { runbookUrl: 'docs/alerts.md' },
      "'monitoring.alerts.runbookUrl' must be a URL such as https://example.com/alerts, without #, got 'docs/alerts.md'; the name of the alert follows it"],
    ['a share of all', { memoryShare: 1 }, "'monitoring.alerts.memoryShare' must be more than 0 and less than 1, got 1; it is a part of the whole"],
    ['per cent', { kubeletMetrics: true, claimFreeShare: 15 }, "'monitoring.alerts.claimFreeShare' must be more than 0 and less than 1, got 15; it is a part of the whole"],
    ['fewer evictions than none', { evictionsPerSecond: -1 }, "'monitoring.alerts.evictionsPerSecond' must be a number of at least 0, got -1; it counts keys a second"],
    ['no lag', { replicaLag: Size.kibibytes(0) }, "'monitoring.alerts.replicaLag' must be a whole number of at least 1, got 0; it counts bytes"],
    ['no copy', { fullCopies: 0 }, "'monitoring.alerts.fullCopies' must be a whole number of at least 1, got 0; it counts full copies in a quarter of an hour"],
    ['a moment', { certManagerMetrics: true, certificateRemaining: Duration.seconds(59) },
      "'monitoring.alerts.certificateRemaining' must be whole seconds, at least 60, got '59 seconds'; Prometheus looks about once a minute"],
    ['a young backup', { kubeStateMetrics: true, backup: { maximumAge: Duration.seconds(59) } },
      "'monitoring.alerts.backup.maximumAge' must be whole seconds, at least 60, got '59 seconds'; Prometheus looks about once a minute"],
    ['a backup of any age', { kubeStateMetrics: true, backup: {} as any },
      "'monitoring.alerts.backup.maximumAge' must be given, got undefined; the age of the newest backup is compared with it"],
    ['a backup that nobody sees', { backup: { maximumAge: Duration.hours(1) } },
      "'monitoring.alerts.backup' must come with 'alerts.kubeStateMetrics', got '3600 seconds'; without these metrics it would say nothing, whatever happened"],
    ['a claim that nobody sees', { claimFreeShare: 0.2 },
      "'monitoring.alerts.claimFreeShare' must come with 'alerts.kubeletMetrics', got 0.2; without these metrics it would say nothing, whatever happened"],
    ['a certificate that nobody sees', { certificateRemaining: Duration.hours(1) },
      "'monitoring.alerts.certificateRemaining' must come with 'alerts.certManagerMetrics', got '3600 seconds'; without these metrics it would say nothing, whatever happened"],
  ])('%s', (_, alerts, message) => {
    expect(() => rulesOf(watchedProps(alerts))).toThrow(message);
  });

  test('alerts of a cluster that may be anywhere', () => {
    expect(() => synthCluster({ monitoring: RedisMonitoring.podMonitor({ alerts: {} }) }))
      .toThrow("'monitoring.alerts' must be given in a chart with a namespace, got 'none'; clusters of one name are told apart by it");
  });
});
