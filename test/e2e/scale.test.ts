import { Cluster as RedisClient } from 'ioredis';
import { Authority } from '../support/authority';
import { eventually } from '../support/eventually';
import { connect } from '../support/kubernetes/client';
import { Pod } from '../support/kubernetes/cluster';
import { isMaster, myself } from '../support/kubernetes/cluster-state';
import { lostKeys, writeDataSet } from '../support/kubernetes/data-set';
import { SecureCluster } from '../support/kubernetes/secure-cluster';
import { images, isFull, Mode } from '../support/kubernetes/selection';
import { jobCompletes, LibraryCluster } from '../support/kubernetes/subject';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { Writer } from '../support/kubernetes/writer';

const KEYS = 3000;
const JOB_SECONDS = 300;
const KILLS = isFull ? 15 : 2;

const cases: [Mode, string][] = [
  ...images.plain.map((image): [Mode, string] => ['plain', image]),
  ...isFull ? images.production.map((image): [Mode, string] => ['production', image]) : [],
];

describe.each(cases)('scaling in %s mode on %s', (mode, image) => {
  let namespace: TestNamespace;
  let subject: LibraryCluster;
  let dataSet: string[];
  let client: RedisClient;

  const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());

  beforeAll(async () => {
    namespace = await TestNamespace.create('scale');
    subject = mode === 'plain' ? new LibraryCluster(namespace.kubectl, { image, namespace: namespace.name, scaleInGuard: true })
      : new SecureCluster(namespace.kubectl, image, await Authority.create('authority'));
    await namespace.explained(() => subject.deploy())();
    client = await connect(subject.cluster);
    dataSet = await writeDataSet(client, 'data', KEYS);
  });

  afterAll(async () => {
    client?.disconnect();
    await namespace.kubectl.attempt(['delete', 'validatingadmissionpolicy,validatingadmissionpolicybinding', `redis-cluster.${namespace.name}.scale-in`]);
    await namespace.remove();
  });

  /** Clients write while the shape changes; no write may fail, no key be lost, and no pod that stays restart. */
  async function whileClientsWrite(change: () => Promise<void>): Promise<void> {
    const before = (await subject.cluster.pods()).map(identity);
    const writer = new Writer(client, `during-${Date.now()}`);
    await change();
    const { failedWrites, errors, acknowledged } = await writer.stop();
    expect({ failedWrites, errors: [...errors.keys()] }).toEqual({ failedWrites: 0, errors: [] });
    expect(await lostKeys(client, [...dataSet, ...acknowledged])).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(100);
    const after = (await subject.cluster.pods()).map(identity);
    const staying = Math.min(before.length, after.length);
    expect(after.slice(0, staying)).toEqual(before.slice(0, staying));
  }

  const identity = ({ metadata, status }: Pod) => `${metadata.name} ${metadata.uid} ${JSON.stringify(status.containerStatuses?.map(({ state }) => state))}`;

  async function slotsOfMasters(): Promise<number[]> {
    const views = await subject.cluster.views();
    return views.filter(isMaster).map(view => myself(view).slots).filter(count => count > 0).sort();
  }

  /** Ends the Job's pod when slots have begun to move: Kubernetes starts another one. */
  async function killJob(): Promise<void> {
    for (let kill = 0; kill < KILLS; kill++) {
      await eventually('slots move, or have moved', async () => {
        const { output } = await namespace.kubectl.attempt(['logs', 'job/redis-cluster-init', '-c', 'redis-init', '--tail=3']);
        return /moves? slots|moved|complete/.test(output);
      }, 120, 300);
      await namespace.kubectl.run(['delete', 'pod', '--selector', 'app=redis-cluster-init', '--grace-period=1', '--wait=false']);
      if (kill % 3 === 2) {
        await subject.rerunInitJob().catch(() => undefined);
      }
    }
  }

  step('three masters become six, although the Job is ended while slots move', () => whileClientsWrite(async () => {
    await subject.changeShape({ masters: 6 });
    await killJob();
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    subject.cluster.shape = { masters: 6, replicasPerMaster: 1 };
    await subject.cluster.becomesWhole(30);
    expect(await slotsOfMasters()).toEqual([2730, 2730, 2731, 2731, 2731, 2731]);
  }));

  if (mode === 'plain') {
    step('the API server refuses to remove pods that hold slots', async () => {
      const scaled = await namespace.kubectl.attempt(['scale', 'statefulset/redis-cluster', '--replicas=6']);
      expect(scaled.output).toContain('pods may hold slots: apply scaleInFrom first, and wait for the init Job to complete');
      await expect(subject.changeShape({ masters: 3 })).rejects.toThrow('apply scaleInFrom first');
      expect(await subject.cluster.pods()).toHaveLength(12);
      await subject.changeShape({ masters: 6 });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
    });
  }

  if (isFull && mode === 'plain') {
    step('pods that were removed all the same come back with their slots and keys', async () => {
      await namespace.kubectl.run(['delete', 'validatingadmissionpolicybinding', `redis-cluster.${namespace.name}.scale-in`]);
      await eventually('the API server does as it is told', async () => {
        const { code } = await namespace.kubectl.attempt(['scale', 'statefulset/redis-cluster', '--replicas=6']);
        return code === 0;
      }, 30);
      await eventually('the pods are gone', async () => (await subject.cluster.pods()).length === 6, 120);
      await subject.changeShape({ masters: 6 });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      expect(await lostKeys(client, dataSet)).toEqual([]);
    });
  }

  step('those that are to leave give up what they have, and the rest is the cluster', () => whileClientsWrite(async () => {
    await subject.changeShape({ masters: 3, scaleInFrom: { masters: 6 } });
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    expect(await slotsOfMasters()).toEqual([5461, 5461, 5462]);
    expect(await subject.cluster.pods()).toHaveLength(12);
  }));

  step('they go, and nobody misses them', () => whileClientsWrite(async () => {
    await subject.changeShape({ masters: 3 });
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    subject.cluster.shape = { masters: 3, replicasPerMaster: 1 };
    await subject.cluster.becomesWhole(30);
    expect(await slotsOfMasters()).toEqual([5461, 5461, 5462]);
  }));

  if (isFull) {
    step('each master gets a second replica, and loses it again', () => whileClientsWrite(async () => {
      await subject.changeShape({ replicasPerMaster: 2 });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      subject.cluster.shape = { masters: 3, replicasPerMaster: 2 };
      await subject.cluster.becomesWhole(30);
      await subject.changeShape({ scaleInFrom: { replicasPerMaster: 2 } });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.changeShape({});
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      subject.cluster.shape = { masters: 3, replicasPerMaster: 1 };
      await subject.cluster.becomesWhole(30);
    }));
  }
});
