import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { PodDiscovery } from '../../../src';
import { connect } from '../../support/kubernetes/client';
import { Cluster } from '../../support/kubernetes/cluster';
import { lostKeys, writeDataSet } from '../../support/kubernetes/data-set';
import { images, nextImages } from '../../support/kubernetes/selection';
import { synthesize } from '../../support/kubernetes/synthesize';
import { TestNamespace } from '../../support/kubernetes/test-namespace';
import { Writer } from '../../support/kubernetes/writer';

const KEYS = 200;

/** Writes and reads a few keys through a client that follows redirects. */
async function keepsData(cluster: Cluster): Promise<void> {
  const client = await connect(cluster);
  try {
    const keys = await writeDataSet(client, 'data', KEYS);
    expect(await lostKeys(client, keys)).toEqual([]);
  } finally {
    client.disconnect();
  }
}

describe('two clusters in one namespace with the Pod Security Standard `restricted`', () => {
  const PASSWORD = 'correct "horse" battery\\staple';
  let namespace: TestNamespace;
  let guarded: Cluster;
  let plain: Cluster;

  const complete = (job: string) => namespace.kubectl.run(['wait', '--for=condition=complete', `job/${job}`, '--timeout=180s'], 190);
  const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());

  beforeAll(async () => {
    namespace = await TestNamespace.create('variants', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    guarded = new Cluster(namespace.kubectl, 'guarded', undefined, { password: PASSWORD });
    plain = new Cluster(namespace.kubectl, 'plain');
    await namespace.kubectl.run(['create', 'secret', 'generic', 'redis', `--from-literal=password=${PASSWORD}`]);
  });

  afterAll(() => namespace.remove());

  step('one forms with the password of a Secret, which nobody gets by without', async () => {
    const secret = Secret.fromSecretName(new Chart(new App(), 'secrets'), 'Secret', 'redis');
    await namespace.kubectl.run(['apply', '--filename', synthesize({ name: 'guarded', password: { secret, key: 'password' } })]);
    await complete('guarded-init');
    await guarded.becomesWhole(5);
    await keepsData(guarded);

    expect(await namespace.kubectl.run(['exec', 'guarded-0', '--', 'redis-cli', 'get', 'key'])).toMatch(/^NOAUTH/);
    expect(await namespace.kubectl.run(['logs', 'job/guarded-init', '--all-containers'])).not.toContain('horse');
  });

  step('the other forms without kubectl and without rights, its pods found by DNS', async () => {
    await namespace.kubectl.run(['apply', '--filename', synthesize({ name: 'plain', initJob: { discovery: PodDiscovery.DNS } })]);
    await complete('plain-init');
    await plain.becomesWhole(5);
    await keepsData(plain);

    expect(await namespace.kubectl.run(['get', 'serviceaccounts', '--output', 'name'])).not.toMatch(/plain/);
  });

  step('neither has met the other', async () => {
    await Promise.all([guarded.becomesWhole(5), plain.becomesWhole(5)]);
  });

  step('every pod comes back when all are deleted at once, with and without a password', async () => {
    await namespace.kubectl.run(['delete', 'pods', '--selector', 'app in (guarded, plain)', '--wait=false']);
    await Promise.all([guarded.becomesWhole(120), plain.becomesWhole(120)]);
  });

  step('the ServiceAccount of the init Job may list and watch the pods of its namespace, and nothing else', async () => {
    const user = `--as=system:serviceaccount:${namespace.name}:guarded-init`;
    const may = async (...request: string[]) => (await namespace.kubectl.attempt(['auth', 'can-i', ...request, user])).output.trim();
    const rights = (await may('--list')).split('\n').filter(line => !/^Resources|selfsubject| \[\/.*\] /.test(line));

    expect(rights.map(line => line.trim().split(/\s{2,}/))).toEqual([['pods', '[]', '[]', '[list watch]']]);
    expect(await may('list', 'pods', '--namespace', 'kube-system')).toBe('no');
    expect(await may('list', 'secrets')).toBe('no');
  });

  step('the pods of Redis have no token of any ServiceAccount', async () => {
    const output = await namespace.kubectl.shell('plain-0', 'ls /var/run/secrets/kubernetes.io 2>&1 || true');

    expect(output).toMatch(/No such file/);
  });
});

test('an image applied over a Job with its content in the name needs no delete', async () => {
  const namespace = await TestNamespace.create('hashed');
  try {
    await namespace.explained(async () => {
      const initJob = { contentHashInName: true };
      await namespace.kubectl.run(['apply', '--filename', synthesize({ initJob })]);
      await namespace.kubectl.run(['wait', '--for=condition=complete', 'jobs', '--all', '--timeout=120s'], 130);
      const changed = synthesize({ initJob, image: nextImages[images.redis] });
      await namespace.kubectl.run(['apply', '--filename', join(changed, 'redis-cluster-init.yaml')]);
      await namespace.kubectl.run(['wait', '--for=condition=complete', 'jobs', '--all', '--timeout=120s'], 130);

      expect((await namespace.kubectl.run(['get', 'jobs', '--output', 'name'])).trimEnd().split('\n')).toHaveLength(2);
    })();
  } finally {
    await namespace.remove();
  }
});

test.each([...new Set([images.plain[0], images.plain[images.plain.length - 1]])])('a running cluster of %s gets a password, pod by pod, and no acknowledged write is lost', async image => {
  const namespace = await TestNamespace.create('gets-password');
  try {
    await namespace.explained(() => getsPassword(namespace, image))();
  } finally {
    await namespace.remove();
  }
});

async function getsPassword({ kubectl }: TestNamespace, image: string): Promise<void> {
  const password = 'correct horse battery staple';
  const cluster = new Cluster(kubectl, 'redis-cluster', undefined, { password }); // a client that goes on where no password is asked for
  await kubectl.run(['create', 'secret', 'generic', 'redis', `--from-literal=password=${password}`]);
  await kubectl.run(['apply', '--filename', synthesize({ image })]);
  await kubectl.run(['wait', '--for=condition=complete', 'job/redis-cluster-init', '--timeout=180s'], 190);
  const client = await connect(cluster);
  const keys = await writeDataSet(client, 'data', KEYS);
  const writer = new Writer(client, 'during');

  await kubectl.run(['delete', 'job', 'redis-cluster-init']);
  const secret = Secret.fromSecretName(new Chart(new App(), 'secrets'), 'Secret', 'redis');
  await kubectl.run(['apply', '--filename', synthesize({ image, password: { secret, key: 'password' } })]);
  await kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=400s'], 410);
  await cluster.becomesWhole(30);
  await kubectl.run(['wait', '--for=condition=complete', 'job/redis-cluster-init', '--timeout=180s'], 190);

  const { acknowledged, failedWrites, writes } = await writer.stop(); // some may fail: pods without the password cannot ask those with it to take over
  const lost = await lostKeys(client, [...keys, ...acknowledged]);
  client.disconnect();
  expect(lost).toEqual([]);
  expect(failedWrites).toBeLessThan(writes / 100);
  expect(await kubectl.shell('redis-cluster-0', '"$(command -v redis-cli || command -v valkey-cli)" get key')).toMatch(/^NOAUTH/);
}
