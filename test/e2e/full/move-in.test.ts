import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Redis } from 'ioredis';
import { BackupTarget, RedisBackup, RedisCluster, RedisClusterAttributes, RedisTls } from '../../../src';
import { Bucket } from '../../support/kubernetes/bucket';
import { connect } from '../../support/kubernetes/client';
import { runCronJob } from '../../support/kubernetes/cron-job';
import { keysOnMasters, lostKeys, writeDataSet } from '../../support/kubernetes/data-set';
import { recordDayTwo } from '../../support/kubernetes/day-two';
import { Kubectl } from '../../support/kubernetes/kubectl';
import { clusterOf, passwordOf, PASSWORDS } from '../../support/kubernetes/secure-cluster';
import { images, Mode } from '../../support/kubernetes/selection';
import { LibraryCluster } from '../../support/kubernetes/subject';
import { TestNamespace } from '../../support/kubernetes/test-namespace';
import { changedTypedData, writeTypedData } from '../../support/kubernetes/typed-data';
import { secondsSince } from '../../support/seconds-since';

const KEYS = 3000;
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

const spaces: TestNamespace[] = [];
let bucket: Bucket;

beforeAll(async () => {
  bucket = await Bucket.create((await namespaceFor('store')).kubectl);
});

afterAll(async () => {
  for (const namespace of spaces) {
    await namespace.remove();
  }
});

/** Its failure tells what went on in the namespace that was made last. */
const explained = (title: string, body: () => Promise<void>) => test(title, async () => {
  await body().catch(error => spaces[spaces.length - 1].explained(() => Promise.reject(error))());
});

async function namespaceFor(purpose: string, labels?: Record<string, string>): Promise<TestNamespace> {
  const namespace = await TestNamespace.create(`move-in-${purpose}`, labels);
  spaces.push(namespace);
  return namespace;
}

/** Step 1 and 2 of docs/migrate.md#elsewhere; when the copy was taken. */
async function copied(kubectl: Kubectl, target: BackupTarget, image: string, attributes: RedisClusterAttributes): Promise<string> {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'move-in-')) });
  const chart = new Chart(app, 'copy', { namespace: kubectl.namespace });
  const cluster = RedisCluster.fromAttributes(chart, 'Old', { name: 'old', ...attributes });
  new RedisBackup(chart, 'Copy', { cluster, image, schedule: '0 0 29 2 *', target });
  app.synth();
  await kubectl.run(['apply', '--filename', app.outdir]);
  const log = await runCronJob(kubectl, 'old-backup');
  return /the backup is old\/(\w+): /.exec(log)![1];
}

/** Step 3: a cluster that begins with the copy, and has all of it. */
async function expectAll(mode: Mode, kubectl: Kubectl, image: string, target: BackupTarget, time: string, keys: string[]): Promise<LibraryCluster> {
  const subject = await clusterOf(mode, kubectl, { image, restoreFrom: { target, time, name: 'old' } });
  await subject.deploy();
  const client = await connect(subject.cluster);
  expect(await changedTypedData(client)).toEqual([]);
  expect(await lostKeys(client, keys)).toEqual([]);
  expect(await keysOnMasters(client)).toBeGreaterThan(KEYS);
  client.disconnect();
  return subject;
}

/** A server that is no cluster, at its Service `single`; its address. */
async function singleServer(kubectl: Kubectl): Promise<string> {
  const labels = { app: 'single' };
  await kubectl.applyObjects(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'single' }, stringData: { password: PASSWORDS.app } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'single' }, spec: { selector: labels, ports: [{ port: 6379 }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'single', labels },
      spec: {
        containers: [{
          name: 'redis',
          image: images.redis,
          command: ['sh', '-c', 'exec redis-server --requirepass "$PASSWORD"'],
          env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'single', key: 'password' } } }],
          readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 1 },
        }],
      },
    },
  );
  await kubectl.run(['wait', '--for=condition=Ready', 'pod/single', '--timeout=60s'], 70);
  const { status } = await kubectl.json<{ status: { podIP: string } }>(['get', 'pod', 'single']);
  return status.podIP;
}

explained('a single server with a password becomes a cluster of three masters of a newer version', async () => {
  const old = await namespaceFor('single');
  const server = new Redis({ host: await singleServer(old.kubectl), password: PASSWORDS.app });
  await writeTypedData(server);
  const keys = await writeDataSet(server, 'data', KEYS);

  const { kubectl } = await namespaceFor('from-single', RESTRICTED);
  await bucket.letIn(kubectl);
  await kubectl.run(['create', 'secret', 'generic', 'old', `--from-literal=password=${PASSWORDS.app}`]);
  const image = 'redis:8.2';
  const began = performance.now();
  const time = await copied(kubectl, bucket.target(false), image, { host: `single.${old.name}.svc`, password: { secret: { name: 'old' }, key: 'password' } });
  await server.set('written', 'after the copy');
  const subject = await expectAll('plain', kubectl, image, bucket.target(false), time, keys);
  recordDayTwo({ work: 'movingIn', mode: 'plain', image, title: `a single server of ${images.redis}`, seconds: secondsSince(began), lostKeys: 0 });

  const client = await connect(subject.cluster);
  expect(await client.get('written')).toBeNull();
  expect(await server.dbsize()).toBe(await keysOnMasters(client) + 1); // the source serves on as it was
  client.disconnect();
  server.disconnect();
});

explained('a cluster with TLS and users moves to another namespace, and to a newer version', async () => {
  const old = await namespaceFor('cluster', RESTRICTED);
  const fresh = await namespaceFor('from-cluster', RESTRICTED);
  const { kubectl } = fresh;
  const source = await clusterOf('production', old.kubectl, { image: 'redis:7.0', backupPassword: passwordOf('backup') },
    cluster => cluster.grantAccessByLabels('copy', { podLabels: { app: 'old-backup' }, namespaceLabels: { 'kubernetes.io/metadata.name': fresh.name } }));
  await source.deploy();
  const before = await connect(source.cluster);
  await writeTypedData(before);
  const keys = await writeDataSet(before, 'data', KEYS);

  await bucket.letIn(kubectl);
  const { data } = await old.kubectl.json<{ data: Record<string, string> }>(['get', 'secret', 'redis-cluster-tls']);
  await kubectl.run(['create', 'secret', 'generic', 'old-authority', `--from-literal=ca.crt=${Buffer.from(data['ca.crt'], 'base64')}`]);
  await kubectl.run(['create', 'secret', 'generic', 'old', `--from-literal=password=${PASSWORDS.backup}`]);
  const password = { secret: { name: 'old' }, key: 'password' };
  const began = performance.now();
  const time = await copied(kubectl, bucket.target(true), 'redis:8.0', {
    host: `redis-cluster-headless.${old.name}.svc`,
    tls: RedisTls.fromSecret({ name: 'old-authority' }),
    users: [{ name: 'app', password }],
    backupPassword: password,
  });
  await expectAll('production', kubectl, 'redis:8.0', bucket.target(true), time, keys);
  const seconds = secondsSince(began);
  recordDayTwo({ work: 'movingIn', mode: 'production', image: 'redis:8.0', title: 'a cluster of redis:7.0 with TLS and users', seconds, lostKeys: 0 });
  expect(await lostKeys(before, keys)).toEqual([]);
  before.disconnect();
});
