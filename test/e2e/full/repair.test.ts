import { eventually } from '../../support/eventually';
import { connect } from '../../support/kubernetes/client';
import { Cluster, isReady, Pod } from '../../support/kubernetes/cluster';
import { isMaster, myself } from '../../support/kubernetes/cluster-state';
import { lostKeys, writeDataSet } from '../../support/kubernetes/data-set';
import { LibraryCluster } from '../../support/kubernetes/subject';
import { TestNamespace } from '../../support/kubernetes/test-namespace';

const STATEFUL_SET = 'statefulset/redis-cluster';
let namespace: TestNamespace;
let subject: LibraryCluster;
let keys: string[];

beforeAll(async () => {
  namespace = await TestNamespace.create('repair');
  subject = new LibraryCluster(namespace.kubectl);
  await namespace.explained(() => subject.deploy())();
  keys = await withClient(subject.cluster, client => writeDataSet(client, 'data', 200));
});

afterAll(() => namespace.remove());

async function withClient<T>(cluster: Cluster, use: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
  const client = await connect(cluster);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function pod(name: string): Promise<Pod> {
  return (await subject.cluster.pods()).find(({ metadata }) => metadata.name === name)!;
}

/** The pods of one shard, by their numbers. */
async function shard(): Promise<string[]> {
  const views = await subject.cluster.views();
  const master = myself(views.find(isMaster)!);
  return views.filter(view => [myself(view).id, myself(view).master].includes(master.id)).map(view => view.pod).sort();
}

/** Gives these pods, one after the other, a revision that cannot run: the last one owns the slots then. */
async function breakPods(names: string[]): Promise<void> {
  const containers = ['redis', 'heal'].map(name => ({ name, image: 'redis:no-such-version' }));
  await patch({ updateStrategy: { type: 'OnDelete', rollingUpdate: null }, template: { spec: { containers } } });
  for (const name of names) {
    await namespace.kubectl.run(['delete', 'pod', name]);
    await eventually(`the others miss ${name}`, async () =>
      (await subject.cluster.views()).every(({ table }) => table.filter(({ flags }) => flags.includes('fail')).length === names.indexOf(name) + 1), 60);
  }
  const [view] = await subject.cluster.views();
  expect(view.clusterInfo.cluster_state).toBe('fail');
}

/** What its owner does: applies manifests that can run. */
async function applyFix(): Promise<void> {
  await patch({ updateStrategy: { type: 'RollingUpdate' } });
  await subject.changeConfig();
}

async function patch(spec: object): Promise<void> {
  await namespace.kubectl.run(['patch', STATEFUL_SET, '--patch', JSON.stringify({ spec })]);
}

async function isRepaired(): Promise<void> {
  await namespace.kubectl.run(['rollout', 'status', STATEFUL_SET, '--timeout=240s'], 250);
  await subject.cluster.becomesWhole(30);
  expect(await withClient(subject.cluster, client => lostKeys(client, keys))).toEqual([]);
}

const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());

step('a rollout goes on by itself that repairs a shard all of whose pods cannot run', async () => {
  const [lower, upper] = await shard();
  await breakPods([lower, upper]);
  const others = (await subject.cluster.pods()).filter(({ metadata }) => ![lower, upper].includes(metadata.name));
  expect(others.filter(isReady)).toHaveLength(4);
  await applyFix();
  await isRepaired();
});

step('where the rollout waits for a replica whose master needs it too, the deleted pod gets the new revision', async () => {
  const [lower, upper] = await shard();
  await breakPods([upper, lower]);
  await applyFix();
  await eventually(`${upper} runs again, without its master`, async () => (await subject.cluster.runningPods()).length === 5
    && !isReady(await pod(upper)) && (await namespace.kubectl.run(['get', 'events', '--field-selector', `involvedObject.name=${upper}`]))
    .includes('a replica that has not been in sync yet'), 120);

  await namespace.kubectl.run(['delete', 'pod', lower]);
  const { updateRevision } = (await namespace.kubectl.json<{ status: { updateRevision: string } }>(['get', STATEFUL_SET])).status;
  await eventually(`${lower} is there again`, async () => (await pod(lower))?.metadata.labels['controller-revision-hash'] === updateRevision, 30);
  await isRepaired();
});
