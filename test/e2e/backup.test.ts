import { Cluster as RedisClient } from 'ioredis';
import { BackupTarget, RedisBackup, RedisCluster, RedisClusterChartProps, RedisRestoreDrill } from '../../src';
import { eventually } from '../support/eventually';
import { Bucket } from '../support/kubernetes/bucket';
import { connect } from '../support/kubernetes/client';
import { Pod } from '../support/kubernetes/cluster';
import { runCronJob } from '../support/kubernetes/cron-job';
import { keysOnMasters, lostKeys, writeDataSet } from '../support/kubernetes/data-set';
import { recordDayTwo } from '../support/kubernetes/day-two';
import { clusterOf, PASSWORDS, passwordOf } from '../support/kubernetes/secure-cluster';
import { images, isFull, Mode } from '../support/kubernetes/selection';
import { jobCompletes, LibraryCluster } from '../support/kubernetes/subject';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { secondsSince } from '../support/seconds-since';

const KEYS = 3000;
const END = 4_000_000_000_000; // of the keys that have one, in milliseconds
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const CLAIM = {
  apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'backups' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

describe.each<[Mode, string]>([['plain', images.plain[0]], ['production', images.production[0]]])('a cluster in %s mode on %s', (mode, image) => {
  const spaces: TestNamespace[] = [];
  let bucket: Bucket;
  let first: TestNamespace;
  let keys: string[];
  let time: string;

  const step = (title: string, body: () => Promise<void>) => test(title, async () => {
    await body().catch(error => spaces[spaces.length - 1].explained(() => Promise.reject(error))());
  });

  beforeAll(async () => {
    spaces.push(await TestNamespace.create('backup-store'));
    bucket = await Bucket.create(spaces[0].kubectl);
  });

  afterAll(async () => {
    for (const namespace of spaces) {
      await namespace.remove();
    }
  });

  async function clusterIn(
    namespace: TestNamespace, props: RedisClusterChartProps, extend?: (cluster: RedisCluster) => void,
  ): Promise<LibraryCluster> {
    const { kubectl } = namespace;
    await bucket.letIn(kubectl);
    return clusterOf(mode, kubectl, { image, ...mode === 'production' && { backupPassword: passwordOf('backup') }, ...props }, extend);
  }

  /** To the bucket, in plain mode to a claim as well; and the drill. */
  function withBackups(cluster: RedisCluster): void {
    const scope = cluster.node.scope!;
    const never = { cluster, schedule: '0 0 29 2 *' };
    const target = bucket.target(mode === 'production');
    new RedisBackup(scope, 'Backup', { ...never, target, retention: { count: 1 } });
    new RedisRestoreDrill(scope, 'Drill', { ...never, target });
    if (mode === 'plain') {
      new RedisBackup(scope, 'OnClaim', { ...never, name: 'on-claim', target: BackupTarget.claim('backups') });
      new RedisRestoreDrill(scope, 'DrillOnClaim', { ...never, name: 'drill-on-claim', target: BackupTarget.claim('backups') });
    }
  }

  /** A backup leaves a replica alone that has just started, see backup.sh. */
  async function podsAreSettled({ cluster }: LibraryCluster): Promise<void> {
    const isSettled = ({ status }: Pod) => status.containerStatuses!.every(({ state }) => Date.now() - Date.parse(state.running!.startedAt) > 18_000);
    await eventually('every pod has run for more than 15 s', async () => (await cluster.pods()).every(isSettled), 40, 500);
  }

  /** Keys that have no end, or another one than they were given. */
  async function wrongEnds(client: RedisClient): Promise<string[]> {
    const ends = await Promise.all(keys.map(async (key, index) => [key, await client.pttl(key), index % 2 === 0 ? END - Date.now() : -1] as const));
    return ends.filter(([, found, wanted]) => Math.abs(found - wanted) > 60_000).map(([key, found]) => `${key}: ${found}`);
  }

  async function expectAllKeys(client: RedisClient): Promise<void> {
    expect(await lostKeys(client, keys)).toEqual([]);
    expect(await wrongEnds(client)).toEqual([]);
    expect(await keysOnMasters(client)).toBe(KEYS);
  }

  /** With all keys, in a namespace of its own, the last of all. */
  async function restored(masters: number) {
    const namespace = await TestNamespace.create('backup', RESTRICTED);
    spaces.push(namespace);
    const subject = await clusterIn(namespace, { masters, restoreFrom: { target: bucket.target(mode === 'production'), time } });
    subject.cluster.shape = { masters, replicasPerMaster: 1 };
    const began = performance.now();
    await subject.deploy();
    const client = await connect(subject.cluster);
    await expectAllKeys(client);
    recordDayTwo({ work: 'restores', mode, image, title: `three shards into ${masters} masters`, seconds: secondsSince(began), lostKeys: 0 });
    return { namespace, subject, client };
  }

  step('is backed up and drilled, where `restricted` is enforced', async () => {
    first = await TestNamespace.create('backup', RESTRICTED);
    spaces.push(first);
    const { kubectl } = first;
    const subject = await clusterIn(first, {}, withBackups);
    await kubectl.applyObjects(CLAIM);
    await subject.deploy();
    const client = await connect(subject.cluster);
    keys = await writeDataSet(client, 'data', KEYS);
    await Promise.all(keys.map((key, index) => index % 2 === 0 ? client.pexpireat(key, END) : undefined));
    client.disconnect();
    await podsAreSettled(subject);

    const jobs = ['redis-cluster-backup', 'redis-cluster-backup', ...mode === 'plain' ? ['on-claim'] : []];
    const logs: string[] = [];
    for (const job of jobs) {
      logs.push(await runCronJob(kubectl, job));
    }
    expect(logs.map(log => log.match(/the backup is redis-cluster\/\w+: (\d+) keys in 3 shards/)?.[1])).toEqual(jobs.map(() => String(KEYS)));
    expect(logs[1].match(/bytes from replica/g)).toHaveLength(3);
    expect(logs[1]).toMatch(/the backup is in .*, and is what was copied\n.*deletes the backup redis-cluster\/\w+/);
    time = /redis-cluster\/(\d{8}T\d{6}Z): /.exec(logs[1])![1];

    for (const drill of ['redis-cluster-restore-drill', ...mode === 'plain' ? ['drill-on-claim'] : []]) {
      expect(await runCronJob(kubectl, drill)).toMatch(/shard-2.rdb: slots 10923-16383, (\d+) of \1 keys, 0 expired[^]*can be restored/);
    }
  });

  step('leaves files in the bucket that only the password makes readable, and no password in a log', async () => {
    const files = await bucket.files();
    expect(files.trim().split('\n')).toHaveLength(4); // the backup before was deleted
    expect(files.includes('shard-0.rdb')).toBe(mode === 'plain');
    const everything = await first.kubectl.run(['get', 'cronjobs,pods,configmaps', '--output', 'yaml'])
      + await first.kubectl.run(['logs', '--selector', 'app=redis-cluster-backup', '--all-containers', '--tail=-1']);
    expect(everything).not.toContain(PASSWORDS.backup);
  });

  step('comes back in another namespace when all of the first one is lost: every key and its end', async () => {
    await first.remove();
    spaces.splice(spaces.indexOf(first), 1);
    const { client, namespace: second } = await restored(3);

    // a disk that is lost afterwards comes from the rest of the shard, not from the backup
    await client.set('written', 'after');
    await Promise.all(keys.slice(0, 100).map(key => client.del(key)));
    await second.kubectl.run(['delete', 'pvc', 'redis-data-redis-cluster-0', '--wait=false']);
    await second.kubectl.run(['delete', 'pod', 'redis-cluster-0']);
    await second.kubectl.run(['wait', '--for=condition=Ready', 'pod/redis-cluster-0', '--timeout=120s'], 130);
    expect(await second.kubectl.run(['logs', 'redis-cluster-0', '--container', 'restore'])).toContain('other pods are in a cluster already: nothing is restored');
    expect(await client.get('written')).toBe('after');
    expect(await lostKeys(client, keys.slice(0, 100))).toHaveLength(100);
    client.disconnect();
  });

  if (isFull) {
    step('comes back in five masters', async () => {
      const { client, namespace } = await restored(5);
      client.disconnect();
      await namespace.remove();
      spaces.pop();
    });

    step('comes back in six masters, which become three', async () => {
      const { client, namespace, subject } = await restored(6);
      const uids = async () => (await subject.cluster.pods()).slice(0, 6).map(({ metadata }) => metadata.uid);
      const before = await uids();
      for (const scaleInFrom of [{ masters: 6 }, undefined]) {
        await subject.changeShape({ masters: 3, scaleInFrom });
        await jobCompletes(namespace.kubectl, 300); // those that went are forgotten after two minutes
      }
      await subject.cluster.becomes({ masters: 3, replicasPerMaster: 1 }, 30);
      expect(await uids()).toEqual(before);
      client.disconnect();
      const next = await connect(subject.cluster); // who was master is not among those that it counts
      await expectAllKeys(next);
      next.disconnect();
    });
  }
});
