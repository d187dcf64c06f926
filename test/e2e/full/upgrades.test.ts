import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { connect } from '../../support/kubernetes/client';
import { isReady } from '../../support/kubernetes/cluster';
import { writeDataSet } from '../../support/kubernetes/data-set';
import { recordOutcome } from '../../support/kubernetes/day-two';
import { Fault, Trial } from '../../support/kubernetes/faults';
import { endure, expectSurvival, KEYS } from '../../support/kubernetes/ordeal';
import { clusterOf } from '../../support/kubernetes/secure-cluster';
import { images, Mode, nextImages } from '../../support/kubernetes/selection';
import { LibraryCluster } from '../../support/kubernetes/subject';
import { TestNamespace } from '../../support/kubernetes/test-namespace';
import { changedTypedData, writeTypedData } from '../../support/kubernetes/typed-data';

/** For how long a cluster has to serve on with a pod that stops. */
const STOPPED_SECONDS = 15;

interface Step {
  readonly image: string;
  /** Images that pods must not start on what this one has written, and what they say. */
  readonly refused?: Record<string, string>;
}

const paths: [Mode, first: string, steps: Step[]][] = [
  ['plain', 'redis:6.2', [
    { image: 'redis:7.0', refused: { 'redis:6.2': 'which ignores it and would start empty' } },
    { image: 'redis:8.0', refused: { 'redis:7.0': 'which cannot read its snapshots', 'valkey/valkey:8.1': 'which cannot read its snapshots' } },
    { image: 'redis:8.2' },
    { image: 'redis:8.0' }, // whose snapshots have the same format
  ]],
  ['plain', 'redis:6.2', [
    { image: 'valkey/valkey:8.1', refused: { 'redis:8.0': 'after which no pod with Valkey would start again' } },
    { image: 'valkey/valkey:9.1', refused: { 'valkey/valkey:8.1': 'which cannot read its snapshots' } },
  ]],
  ['plain', 'redis:7.0', [{ image: 'valkey/valkey:8.1' }]],
  ['production', 'redis:7.0', [{ image: 'redis:8.0', refused: { 'redis:7.0': 'which cannot read its snapshots' } }]],
  ['production', 'redis:7.0', [{ image: 'valkey/valkey:8.1' }, { image: 'valkey/valkey:9.1' }]],
];

describe.each(paths)('in %s mode, a cluster of %s', (mode, first, steps) => {
  let namespace: TestNamespace;
  let subject: LibraryCluster;
  let dataSet: string[];

  beforeAll(async () => {
    namespace = await TestNamespace.create('upgrades');
    subject = await clusterOf(mode, namespace.kubectl, { image: first });
    await namespace.explained(() => subject.deploy())();
    const client = await connect(subject.cluster);
    dataSet = await writeDataSet(client, 'data', KEYS);
    await writeTypedData(client);
    client.disconnect();
  });

  afterAll(() => namespace.remove());

  /** Puts it through a change under load: no write fails, and every key is as it was. */
  async function survives(fault: Fault): Promise<void> {
    await namespace.explained(async () => {
      const outcome = await endure(subject, fault, dataSet);
      recordOutcome({ work: 'upgrades', mode, image: first, title: fault.title }, outcome);
      expectSurvival(fault, outcome);
      const client = await connect(subject.cluster);
      expect(await changedTypedData(client)).toEqual([]);
      client.disconnect();
    })();
  }

  if (mode === 'plain' && first === images.redis && steps[0].image === nextImages[first]) {
    test(`is given up half-way to ${steps[0].image}`, () => survives({
      title: `given up half-way to ${steps[0].image}`,
      limits: { healedSeconds: 240, noFailedWrites: true }, // the node on the former disk is forgotten two minutes after its last answer
      runs: {},
      inject: trial => giveUp(trial, subject, first, steps[0].image),
    }));
  }

  let former = first;
  for (const { image, refused = {} } of steps) {
    const from = former;
    test(`is rolled to ${image} from ${from}`, () => survives({
      title: `rolled from ${from} to ${image}`,
      limits: { healedSeconds: 20, noFailedWrites: true },
      runs: {},
      inject: trial => trial.rollout(() => subject.changeImage(image)),
    }));

    for (const [wrong, reason] of Object.entries(refused)) {
      test(`refuses ${wrong} over ${image}, serves on, and is whole again with the former YAML`, () => survives({
        title: `${wrong} refused over ${image}, and back`,
        limits: { healedSeconds: 60, noFailedWrites: true },
        runs: {},
        inject: trial => refuse(trial, subject, { image, wrong, reason }),
      }));
    }
    former = image;
  }
});

/** Rolls one pod; then applies the former YAML, and gives the pod a new disk: the seconds from there. */
async function giveUp(trial: Trial, subject: LibraryCluster, image: string, next: string): Promise<number> {
  const { cluster } = subject;
  const partition = (first: number) => cluster.kubectl.run(['patch', 'statefulset', cluster.name, '--patch',
    JSON.stringify({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: first } } } })]);
  const last = (await cluster.pods()).length - 1;
  await partition(last);
  await subject.changeImage(next);
  await trial.kubectl('rollout', 'status', `statefulset/${cluster.name}`, '--timeout=300s');
  await trial.secondsUntilWhole();

  await cluster.kubectl.run(['delete', 'job', 'redis-cluster-init', '--ignore-not-found']);
  await partition(0);
  await subject.changeImage(image);
  const pod = `${cluster.name}-${last}`;
  await eventually(`${pod} does not start`, async () => {
    const { output } = await cluster.kubectl.attempt(['logs', pod, '--container', 'redis']);
    return output.includes('this disk was used by');
  }, 90, 500);
  const since = performance.now();
  await cluster.kubectl.run(['delete', 'persistentvolumeclaim', `redis-data-${pod}`, '--wait=false']);
  await cluster.kubectl.run(['delete', 'pod', pod, '--wait=false']);
  return trial.secondsUntilWhole(since);
}

interface Refusal {
  readonly image: string;
  readonly wrong: string;
  readonly reason: string;
}

/** Applies a wrong image; then, after a while, the former YAML: the seconds from there. */
async function refuse(trial: Trial, subject: LibraryCluster, { image, wrong, reason }: Refusal): Promise<number> {
  const { cluster } = subject;
  const before = await cluster.pods();
  await subject.changeImage(wrong);
  const last = before[before.length - 1].metadata.name;
  await eventually(`${last} says why it stops`, async () => {
    const { output } = await cluster.kubectl.attempt(['logs', last, '--container', 'redis']);
    return output.includes(reason) && output.includes('apply the former YAML');
  }, 90, 500);
  await pause(STOPPED_SECONDS * 1000);
  const pods = await cluster.pods();
  trial.remarks.push(...before.slice(0, -1)
    .filter(pod => !pods.some(other => other.metadata.uid === pod.metadata.uid && isReady(other)))
    .map(pod => `${pod.metadata.name} does not serve on`));

  const since = performance.now();
  await cluster.kubectl.run(['delete', 'job', 'redis-cluster-init', '--ignore-not-found']); // which Kubernetes cannot change
  await subject.changeImage(image);
  return trial.secondsUntilWhole(since);
}
