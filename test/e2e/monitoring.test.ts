import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { RedisClusterChartProps, RedisLogFormat, RedisMonitoring, RedisMonitoringOptions } from '../../src';
import { eventually } from '../support/eventually';
import { connect } from '../support/kubernetes/client';
import { isMaster, myself } from '../support/kubernetes/cluster-state';
import { writeDataSet } from '../support/kubernetes/data-set';
import { define } from '../support/kubernetes/definitions';
import { annotationsJob, operatorsJob, Prometheus, RuleFile } from '../support/kubernetes/prometheus';
import { clusterOf, passwordOf, PASSWORDS } from '../support/kubernetes/secure-cluster';
import { images, isFull, Mode } from '../support/kubernetes/selection';
import { LibraryCluster } from '../support/kubernetes/subject';
import { synthesize } from '../support/kubernetes/synthesize';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { Visitors } from '../support/kubernetes/visitors';
import { queriesOf } from '../support/monitoring/dashboard';

interface Fault {
  readonly inject: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const options: RedisMonitoringOptions = { alerts: {}, prometheus: { podLabels: { role: 'granted' } } };
const production: [Mode, string][] = images.production.map(image => ['production', image]);
const plain: [Mode, string][] = isFull ? images.plain.map(image => ['plain', image]) : [];

describe.each([...production, ...plain])('monitoring in %s mode on %s', (mode, image) => {
  let namespace: TestNamespace;
  let subject: LibraryCluster;
  let prometheus: Prometheus;
  let rules: RuleFile;

  const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());
  /** Injects a fault until its alerts fire; their patience, which the rules have beside that, is a second here. */
  const fires = async (title: string, names: string[], { inject, end }: Fault) => {
    const begin = Date.now();
    const seconds = () => (Date.now() - begin) / 1000;
    await inject();
    await eventually(`${names.join(' and ')} fire`, async () => {
      const firing = await prometheus.firing(Math.ceil(seconds()));
      const missing = names.filter(name => !firing.includes(name));
      if (missing.length > 0) {
        throw new Error(`${missing.join(' and ')} is not among ${firing.join(', ') || 'none'}`);
      }
      return true;
    }, 40, 500);
    console.log(`${mode}, ${image}: ${title}: ${names.join(' and ')} after ${seconds().toFixed(1)} s`);
    await end();
  };
  const away = (...pods: string[]): Fault => ({
    inject: async () => {
      await namespace.kubectl.run(['delete', 'statefulset', 'redis-cluster', '--cascade=orphan']);
      await namespace.kubectl.run(['delete', 'pod', ...pods, '--force', '--grace-period=0']);
    },
    end: () => subject.apply(),
  });
  const ends = async () => {
    await subject.cluster.becomesWhole(60);
    await eventually('no alert fires any more', () => isQuiet(3), 40, 500);
  };
  const isQuiet = async (seconds: number) => (await prometheus.firing(seconds)).length === 0;

  beforeAll(async () => {
    namespace = await TestNamespace.create('monitoring', mode === 'production' ? { 'pod-security.kubernetes.io/enforce': 'restricted' } : {});
    const { kubectl } = namespace;
    await define(kubectl, 'monitoring');
    const monitoring = mode === 'production'
      ? RedisMonitoring.podMonitor({ ...options, password: passwordOf('exporter'), interval: Duration.seconds(1) })
      : RedisMonitoring.annotations(options);
    const users = [{ name: 'app', password: passwordOf('app') }, { name: 'auditor', password: passwordOf('app'), commands: ['+acl|log'] }];
    const config = { maxmemory: Size.mebibytes(256) };
    const props: RedisClusterChartProps = {
      namespace: kubectl.namespace,
      image,
      config,
      monitoring,
      logFormat: RedisLogFormat.JSON,
      ...mode === 'production' && { users },
      initJob: { ttlAfterFinished: Duration.minutes(10) },
    };
    subject = await clusterOf(mode, kubectl, props);
    await subject.deploy();
    const directory = synthesize({ ...props, ...mode === 'production' ? { password: passwordOf('password') } : {} });
    rules = mode === 'production' ? parse(readFileSync(join(directory, 'prometheusrule.yaml'), 'utf8')).spec
      : parse(parse(readFileSync(join(directory, 'alerts.yaml'), 'utf8')).data['alerts.yaml']);
    prometheus = await Prometheus.start(kubectl, mode === 'production' ? operatorsJob(namespace.name, 'redis-cluster') : annotationsJob(), rules);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await namespace?.remove();
  });

  step('Prometheus sees every node, with all that the alerts ask for, and none of them fires', async () => {
    await eventually('all nodes are scraped', async () => (await prometheus.query('redis_up == 1')).length === 6, 30);
    const targets = await prometheus.query('up');
    expect(targets.map(({ metric }) => metric.pod).sort()).toEqual([0, 1, 2, 3, 4, 5].map(pod => `redis-cluster-${pod}`));
    expect(targets.map(({ metric }) => [metric.namespace, metric.app])).toEqual(Array(6).fill([namespace.name, 'redis-cluster']));
    const metrics = new Set(rules.groups.flatMap(group => group.rules.flatMap(({ expr }) => [...expr.matchAll(/redis_\w+(?=\{)/g)].map(([name]) => name))));
    const found = await Promise.all([...metrics].map(async name => [name, (await prometheus.query(name)).length > 0]));
    expect(metrics.size).toBeGreaterThan(15);
    expect(found.filter(([, isThere]) => !isThere)).toEqual([]);
    await eventually('no alert has fired for eight seconds', () => isQuiet(8), 25, 1000);
  });

  step('what scripts and exporters log is JSON, line by line', async () => {
    const { kubectl } = namespace;
    const pods = await subject.cluster.pods();
    const sources = [['job/redis-cluster-init', 'redis-init'], ...pods.flatMap(({ metadata: { name } }) => [[name, 'heal'], [name, 'exporter']])];
    const logs = await Promise.all(sources.map(([source, container]) => kubectl.run(['logs', source, '--container', container])));
    const isText = (line: string) => line === '' || line.includes('Redis Metrics Exporter'); // the exporter's first line
    const lines = logs.flatMap(log => log.split('\n')).filter(line => !isText(line)).map(line => JSON.parse(line));
    expect(lines.map(({ message }) => message)).toContain('redis-cluster is to have 3 masters and 3 replicas, in 6 pods');
    expect(lines.filter(({ time }) => Number.isNaN(Date.parse(time)))).toEqual([]);
  });

  step('every panel of the dashboard has something to show, and its table says who is master of what, and where', async () => {
    const queries = queriesOf(namespace.name, 'redis-cluster', '10s');
    const found = await Promise.all(Object.entries(queries).map(async ([panel, query]) => [panel, (await prometheus.query(query)).length] as const));
    expect(found.filter(([, samples]) => samples === 0)).toEqual([]);
    const [views, pods] = await Promise.all([subject.cluster.views(), subject.cluster.pods()]);
    const table = await prometheus.query(queries['Who is master of what, where, and how far behind, A']);
    expect(table.map(({ metric }) => metric).sort((one, other) => one.pod.localeCompare(other.pod))).toEqual(pods.map(({ metadata, spec }) => {
      const own = myself(views.find(({ pod }) => pod === metadata.name)!);
      const master = views.find(view => myself(view).id === own.master);
      return { pod: metadata.name, node: spec.nodeName, role: master ? 'replica' : 'master', shard: master?.pod ?? metadata.name };
    }));
  });

  if (mode === 'production') { // the default user of the plain mode may call everything
    step('the exporter calls nothing that it may not', async () => {
      const ask = 'REDISCLI_AUTH="$1" "$(command -v redis-cli || command -v valkey-cli)" --tls --cacert /etc/redis-tls/ca.crt --user auditor ACL LOG';
      const pods = await subject.cluster.pods();
      const refused = await Promise.all(pods.map(({ metadata }) => namespace.kubectl.shell(metadata.name, ask, [PASSWORDS.app])));
      expect(refused.filter(log => log.includes('exporter'))).toEqual([]); // redis-cli 7.0 asks for COMMAND DOCS, which nobody may
    });
  }

  if (mode === 'production' && isFull) { // two pods more take a while
    step('who is named may read the metrics, and nobody else, not even a node', async () => {
      const visitors = await Visitors.create(namespace.kubectl, image);
      expect(await visitors.scrape('granted', 'redis-cluster-0')).toContain('redis_up 1');
      expect(await visitors.scrape('stranger', 'redis-cluster-0')).toBe('no answer');
      expect(await visitors.scrape('redis-cluster-1', 'redis-cluster-0')).toBe('no answer');
    });
  }

  step('a replica that stays away is missed, and the alerts end when it is back', async () => {
    const replica = (await subject.cluster.views()).find(view => !isMaster(view))!.pod;
    await fires('a replica is gone', ['RedisNodesMissing', 'RedisMasterWithoutReplica'], away(replica));
    await ends();
  });

  if (!isFull) {
    return;
  }

  step('a master that stays away is missed, and the one that took over lacks a replica', async () => {
    const master = (await subject.cluster.views()).find(isMaster)!.pod;
    await fires('a master is gone', ['RedisNodesMissing', 'RedisMasterWithoutReplica'], away(master));
    await ends();
  });

  step('a shard that is gone takes the cluster down, until it is back', async () => {
    const views = await subject.cluster.views();
    const master = views.find(isMaster)!;
    const shard = views.filter(view => view === master || myself(view).master === myself(master).id).map(({ pod }) => pod);
    await fires('a shard is gone', ['RedisNodesMissing', 'RedisSlotsNotServed', 'RedisClusterDown'], away(...shard));
    await ends();
  });

  if (mode === 'production') { // nobody may call CONFIG
    return;
  }

  step('a master with too little memory, a snapshot that fails, and clients that are turned away are told', async () => { // some alerts look back for minutes
    const { pod } = (await subject.cluster.views()).find(isMaster)!;
    const inPod = (script: string) => async () => {
      await namespace.kubectl.shell(pod, `cli=$(command -v redis-cli || command -v valkey-cli); ${script}`);
    };
    const used = '$("$cli" INFO memory | sed -n "s/^used_memory:\\([0-9]*\\).*/\\1/p")';
    await fires('memory is nearly full', ['RedisMemoryNearlyFull'], {
      inject: inPod(`"$cli" CONFIG SET maxmemory $((${used} * 105 / 100))`), end: inPod('"$cli" CONFIG SET maxmemory 256mb'),
    });
    const client = await connect(subject.cluster);
    const keys = await writeDataSet(client, 'evicted', 2000);
    await fires('keys are evicted', ['RedisKeysEvicted'], {
      inject: async () => {
        await inPod(`"$cli" CONFIG SET maxmemory-policy allkeys-random; "$cli" CONFIG SET maxmemory $((${used} - 20000))`)();
        await Promise.all(keys.slice(0, 300).map(key => client.append(key, 'more')));
      },
      end: inPod('"$cli" CONFIG SET maxmemory 256mb; "$cli" CONFIG SET maxmemory-policy noeviction'),
    });
    client.disconnect();
    await fires('a snapshot fails', ['RedisPersistenceFailing'], {
      inject: inPod('rm -f dump.rdb; mkdir -p dump.rdb/in-the-way; "$cli" BGSAVE'), end: inPod('rm -r dump.rdb; "$cli" BGSAVE'),
    });
    await fires('clients are turned away', ['RedisConnectionsRejected'], {
      inject: inPod('{ echo CONFIG SET maxclients 1; sleep 4; echo CONFIG SET maxclients 10000; } | "$cli"'), end: async () => undefined,
    });
  });
});
