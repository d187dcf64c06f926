import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { eventually } from '../support/eventually';
import { connect } from '../support/kubernetes/client';
import { Cluster } from '../support/kubernetes/cluster';
import { isMaster } from '../support/kubernetes/cluster-state';
import { lostKeys, writeDataSet } from '../support/kubernetes/data-set';
import { images } from '../support/kubernetes/selection';
import { synthesize } from '../support/kubernetes/synthesize';
import { TestNamespace } from '../support/kubernetes/test-namespace';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation?: number; readonly resourceVersion: string };
}

/** What a user does with `dist/`, in this order, with the commands that come with the original YAML. */
describe.each(images.plain)('a cluster of %s', image => {
  let namespace: TestNamespace;
  let cluster: Cluster;
  let directory: string;

  const kubectl = (...args: string[]) => namespace.kubectl.run(args, 150);
  const cli = image.includes('valkey') ? 'valkey-cli' : 'redis-cli';
  const redisCli = (...args: string[]) => kubectl('exec', 'redis-cluster-0', '--', cli, ...args);
  const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());

  /**
   * What the API server counts up with every change of what was asked for. The words of `kubectl apply` do not tell: it calls
   * every StatefulSet with claims and every PodDisruptionBudget configured.
   */
  async function versions(): Promise<Record<string, string | number>> {
    const { items } = await namespace.kubectl.json<{ items: KubernetesObject[] }>(['get', '--filename', directory]);
    return Object.fromEntries(items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.generation ?? metadata.resourceVersion]));
  }

  beforeAll(async () => {
    namespace = await TestNamespace.create('creation');
    cluster = new Cluster(namespace.kubectl);
    directory = synthesize({ image });
  });

  afterAll(() => namespace.remove());

  step('passes the strict validation of the API server', async () => {
    const output = await kubectl('apply', '--dry-run=server', '--validate=strict', '--filename', directory);

    expect(output).toMatch(/^statefulset.apps\/redis-cluster created \(server dry run\)$/m);
  });

  step('forms when its folder is applied, with masters in the first pods and every replica in sync', async () => {
    const applied = await namespace.kubectl.attempt(['apply', '--filename', directory]);
    expect(applied).toMatchObject({ code: 0, output: expect.not.stringContaining('Warning') });

    await kubectl('wait', '--for=condition=complete', 'job/redis-cluster-init', '--timeout=120s');

    const masters = (await cluster.becomesWhole(5)).filter(isMaster).map(({ pod }) => pod);
    const nodes = (await cluster.pods()).slice(0, 3).map(pod => pod.spec.nodeName);
    const first = ['redis-cluster-0', 'redis-cluster-1', 'redis-cluster-2'];
    // Where two of them share a node, that node would take the majority with it: a replica takes over from one.
    expect(masters.filter(pod => first.includes(pod)).length).toBeGreaterThanOrEqual(new Set(nodes).size);
  });

  step('has the pods of each shard on different nodes, and no majority of the masters on one', async () => {
    const placement = await cluster.placement();

    expect(placement.filter(nodes => new Set(nodes).size < nodes.length)).toEqual([]);
    expect(new Set(placement.map(([master]) => master)).size).toBe(3);
  });

  step('tells what the init Job did', async () => {
    const log = await kubectl('logs', 'job/redis-cluster-init');

    expect(log).toMatch(/redis-cluster is to have 3 masters and 3 replicas, in 6 pods/);
    expect(log.trimEnd().split('\n').length).toBeGreaterThan(3);
  });

  step('answers the monitoring commands that come with the original YAML', async () => {
    expect(await kubectl('get', 'pods')).toMatch(/redis-cluster-5 /);
    // The Job asks the pods themselves; the kubelet asks each of them every 5 s.
    await eventually('all pods are ready', async () => /6\/6/.test(await kubectl('get', 'statefulset', 'redis-cluster')));
    expect(await kubectl('get', 'svc')).toMatch(/redis-cluster-headless +ClusterIP +None/);
    const info = await redisCli('cluster', 'info');
    expect(info).toMatch(/cluster_state:ok/);
    expect(info).toMatch(/cluster_slots_ok:16384/);
    expect(info).toMatch(/cluster_known_nodes:6/);
    expect((await redisCli('cluster', 'nodes')).trimEnd().split('\n')).toHaveLength(6);
    expect(await redisCli('cluster', 'slots')).toMatch(/10923/);
    expect(await kubectl('logs', 'redis-cluster-0')).toMatch(/Ready to accept connections/);
  });

  step('passes the check of redis-cli by name', async () => {
    const output = await redisCli('--cluster', 'check', 'redis-cluster-0.redis-cluster-headless:6379');

    expect(output).toMatch(/\[OK] All nodes agree about slots configuration/);
    expect(output).toMatch(/\[OK] All 16384 slots covered/);
  });

  step('answers the data commands that come with the original YAML', async () => {
    // The key's slot belongs to redis-cluster-0 as long as that is a master; without -c, another node only tells where it is.
    expect(await redisCli('set', 'test-key', 'Hello Redis Cluster')).toMatch(/^(OK|MOVED \d+ )/);
    expect(await redisCli('-c', 'set', 'test-key', 'Hello Redis Cluster')).toMatch(/^OK/);
    expect(await redisCli('get', 'test-key')).toMatch(/^(Hello Redis Cluster|MOVED \d+ )/);
    expect(await redisCli('-c', 'set', 'another-key', 'followed')).toMatch(/^OK/);
    expect(await redisCli('-c', 'get', 'another-key')).toMatch(/^followed/);
  });

  step('does not differ from its folder, and is left as it is by another apply', async () => {
    const difference = await namespace.kubectl.attempt(['diff', '--filename', directory]);
    const before = await versions();
    await kubectl('apply', '--filename', directory);

    expect(difference).toMatchObject({ code: 0, output: '' });
    expect(await versions()).toEqual(before);
  });

  step('takes a change by another apply, and rolls the pods that it concerns', async () => {
    const changed = synthesize({ image, config: { maxmemory: Size.mebibytes(256) } });
    const before = await versions();
    await kubectl('apply', '--filename', changed);
    const after = await versions();
    await namespace.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=300s'], 310);
    await cluster.becomesWhole(30);

    expect(Object.keys(after).filter(object => after[object] !== before[object])).toEqual([
      'ConfigMap/redis-cluster-config', 'StatefulSet/redis-cluster',
    ]);
    for (const { metadata } of await cluster.pods()) {
      const reply = await kubectl('exec', metadata.name, '--', cli, 'config', 'get', 'maxmemory');
      expect(reply.trim().split('\n')[1]).toBe('268435456');
    }
  });

  step('is gone when its folder is deleted, all but the data; and comes back with it', async () => {
    const client = await connect(cluster);
    const keys = await writeDataSet(client, 'kept', 1000);
    client.disconnect();

    await namespace.kubectl.run(['delete', '--filename', directory, '--timeout=180s'], 190);
    await eventually('no pod is left', async () => (await kubectl('get', 'pods', '--output', 'name')) === '', 120, 500);
    const remains = (await kubectl('get', 'all,configmaps,serviceaccounts,roles,rolebindings,poddisruptionbudgets', '--output', 'name'))
      .trimEnd().split('\n');
    const claims = (await kubectl('get', 'persistentvolumeclaims', '--output', 'name')).trimEnd().split('\n');
    const files = readdirSync(directory).filter(file => file.endsWith('.yaml')).reverse(); // in any order
    await kubectl('apply', ...files.flatMap(file => ['--filename', join(directory, file)]));
    await kubectl('wait', '--for=condition=complete', 'job/redis-cluster-init', '--timeout=120s');
    await cluster.becomesWhole(30);
    const reader = await connect(cluster);
    const lost = await lostKeys(reader, keys);
    reader.disconnect();

    expect(remains).toEqual(['configmap/kube-root-ca.crt', 'serviceaccount/default']);
    expect(claims).toHaveLength(6);
    expect(lost).toEqual([]);
  });

  step('is taken over by server-side apply without a conflict, and does not differ from its folder then either', async () => {
    const uids = async () => (await cluster.pods()).map(pod => pod.metadata.uid);
    const before = await uids();
    await kubectl('apply', '--server-side', '--filename', directory);

    expect(await namespace.kubectl.attempt(['diff', '--server-side', '--filename', directory])).toMatchObject({ code: 0, output: '' });
    expect(await uids()).toEqual(before);
  });
});
