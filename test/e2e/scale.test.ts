import { setTimeout as pause } from 'node:timers/promises';
import { Cluster as RedisClient } from 'ioredis';
import { eventually } from '../support/eventually';
import { connect } from '../support/kubernetes/client';
import { Pod } from '../support/kubernetes/cluster';
import { isMaster, myself } from '../support/kubernetes/cluster-state';
import { keysOnMasters, lostKeys, writeDataSet } from '../support/kubernetes/data-set';
import { recordDayTwo } from '../support/kubernetes/day-two';
import { clusterOf } from '../support/kubernetes/secure-cluster';
import { images, isFull, Mode } from '../support/kubernetes/selection';
import { jobCompletes, LibraryCluster } from '../support/kubernetes/subject';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { Writer } from '../support/kubernetes/writer';
import { secondsSince } from '../support/seconds-since';

const KEYS = 3000;
const JOB_SECONDS = 300;
/** The slots of six masters that share them evenly. */
const SIX = [2730, 2730, 2731, 2731, 2731, 2731];
const KILLS = isFull ? 15 : 3; // of each run that moves slots

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
    subject = await clusterOf(mode, namespace.kubectl, { image, scaleInGuard: mode === 'plain' });
    await namespace.explained(() => subject.deploy())();
    client = await connect(subject.cluster);
    dataSet = await writeDataSet(client, 'data', KEYS);
  });

  afterAll(async () => {
    client?.disconnect();
    await namespace.kubectl.attempt(['delete', 'validatingadmissionpolicy,validatingadmissionpolicybinding', `redis-cluster.${namespace.name}.scale-in`]);
    await namespace.remove();
  });

  /** Clients write meanwhile: no write may fail, and no key be lost. */
  const stepUnderLoad = (title: string, change: () => Promise<void>) => step(title, async () => {
    const writer = new Writer(client, `during-${Date.now()}`);
    const began = performance.now();
    await change();
    const seconds = secondsSince(began);
    const { acknowledged, errors, ...load } = await writer.stop();
    const lost = await lostKeys(client, [...dataSet, ...acknowledged]);
    recordDayTwo({ work: 'scaling', mode, image, title, seconds, load, lostKeys: lost.length });
    expect({ failedWrites: load.failedWrites, errors: [...errors.keys()], lost }).toEqual({ failedWrites: 0, errors: [], lost: [] });
    expect(acknowledged.length).toBeGreaterThan(100);
  });

  /** Nor does a pod that stays restart. */
  const changeUnderLoad = (title: string, change: () => Promise<void>) => stepUnderLoad(title, async () => {
    const before = (await subject.cluster.pods()).map(identity);
    await change();
    const after = (await subject.cluster.pods()).map(identity);
    const staying = Math.min(before.length, after.length);
    expect(after.slice(0, staying)).toEqual(before.slice(0, staying));
  });

  const identity = ({ metadata, status }: Pod) => `${metadata.name} ${metadata.uid} ${JSON.stringify(status.containerStatuses?.map(({ state }) => state))}`;

  /** In an order of its own each time, the next one when the last is ready. */
  async function deleteEachPod(): Promise<void> {
    const names = (await subject.cluster.pods()).map(({ metadata }) => metadata.name);
    for (const name of names.sort(() => Math.random() - 0.5)) {
      await namespace.kubectl.run(['delete', 'pod', name], 90);
      await namespace.kubectl.run(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s'], 70);
    }
  }

  async function slotsOfMasters(): Promise<number[]> {
    const views = await subject.cluster.views();
    return views.filter(isMaster).map(view => myself(view).slots).filter(count => count > 0).sort();
  }

  /** Ends the Job's pod again and again, a while after it began to work; Kubernetes starts another one, or else it is started anew. */
  async function killJob(): Promise<void> {
    const ended = new Set<string>();
    while (ended.size < KILLS) {
      const { items } = await namespace.kubectl.json<{ items: Pod[] }>(['get', 'pods', '--selector', 'app=redis-cluster-init']);
      const pod = items.find(({ metadata, status }) => status.phase === 'Running' && !metadata.deletionTimestamp && !ended.has(metadata.name));
      if (pod) {
        await pause(500 + Math.random() * 5000);
        await namespace.kubectl.attempt(['delete', 'pod', pod.metadata.name, '--grace-period=1', '--wait=false']);
        ended.add(pod.metadata.name);
      }
      const { output: isActive } = await namespace.kubectl.attempt(['get', 'job', 'redis-cluster-init', '--output', 'jsonpath={.status.active}']);
      if (isActive !== '1' || pod && ended.size % 3 === 0) {
        await subject.startInitJob(); // it is complete, or Kubernetes waits longer after each failure
      }
      await pause(500);
    }
  }

  changeUnderLoad(`three masters become six, although the Job is ended ${KILLS} times while slots move`, async () => {
    await subject.changeShape({ masters: 6 });
    await killJob();
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    await subject.cluster.becomes({ masters: 6, replicasPerMaster: 1 }, 30);
    expect(await slotsOfMasters()).toEqual(SIX);
  });

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

  changeUnderLoad(`three of six masters give up what they have${isFull ? `, although the Job is ended ${KILLS} times` : ''}`, async () => {
    await subject.changeShape({ masters: 3, scaleInFrom: { masters: 6 } });
    if (isFull) {
      await killJob();
    }
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    expect(await slotsOfMasters()).toEqual([5461, 5461, 5462]);
    expect(await subject.cluster.pods()).toHaveLength(12);
  });

  changeUnderLoad('they go, and nobody misses them', async () => {
    await subject.changeShape({ masters: 3 });
    await jobCompletes(namespace.kubectl, JOB_SECONDS);
    await subject.cluster.becomes({ masters: 3, replicasPerMaster: 1 }, 30);
    expect(await slotsOfMasters()).toEqual([5461, 5461, 5462]);
  });

  if (isFull) {
    stepUnderLoad('three masters become six and three again, while every pod is deleted once', async () => {
      const keys = await keysOnMasters(client);
      await subject.changeShape({ masters: 6 }, Math.ceil(keys / 6 / 300)); // half of the keys move, from three masters
      await namespace.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=120s'], 130);
      await deleteEachPod();
      expect(await slotsOfMasters()).not.toEqual(SIX);
      await subject.changeShape({ masters: 6 }); // as fast as they can
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.cluster.becomes({ masters: 6, replicasPerMaster: 1 }, 30);
      expect(await slotsOfMasters()).toEqual(SIX);
      await subject.changeShape({ masters: 3, scaleInFrom: { masters: 6 } });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.changeShape({ masters: 3 });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.cluster.becomes({ masters: 3, replicasPerMaster: 1 }, 30);
    });

    changeUnderLoad('each master gets a second replica, and loses it again', async () => {
      await subject.changeShape({ replicasPerMaster: 2 });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.cluster.becomes({ masters: 3, replicasPerMaster: 2 }, 30);
      await subject.changeShape({ scaleInFrom: { replicasPerMaster: 2 } });
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.changeShape({});
      await jobCompletes(namespace.kubectl, JOB_SECONDS);
      await subject.cluster.becomes({ masters: 3, replicasPerMaster: 1 }, 30);
    });
  }
});
