import { ApiObject, JsonPatch } from 'cdk8s';
import { eventually } from '../../support/eventually';
import { connect } from '../../support/kubernetes/client';
import { isMaster } from '../../support/kubernetes/cluster-state';
import { lostKeys, writeDataSet } from '../../support/kubernetes/data-set';
import { recordOutcome } from '../../support/kubernetes/day-two';
import { endure, expectSurvival, KEYS } from '../../support/kubernetes/ordeal';
import { images } from '../../support/kubernetes/selection';
import { OriginalCluster, LibraryCluster } from '../../support/kubernetes/subject';
import { synthesize } from '../../support/kubernetes/synthesize';
import { TestNamespace } from '../../support/kubernetes/test-namespace';
import { secondsSince } from '../../support/seconds-since';

/** The first steps of docs/migrate.md: only pods from this number on are rolled, which hold the replicas. */
const FIRST_NEW = 3;

function synthesizeInPart(): string {
  return synthesize({}, cluster => ApiObject.of(cluster.node.findChild('Resource')).addJsonPatch(
    JsonPatch.add('/spec/updateStrategy', { type: 'RollingUpdate', rollingUpdate: { partition: FIRST_NEW } })));
}

/** The original Job races with the pods, and calls it a success when it loses: here it begins when they are ready. */
async function deploy(documents: OriginalCluster): Promise<void> {
  await documents.apply();
  await documents.cluster.kubectl.run(['delete', 'job', 'redis-cluster-init']);
  await documents.cluster.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=300s'], 310);
  await documents.rerunInitJob();
  await documents.cluster.becomesWhole(60);
}

test('the cluster of the original YAML is taken over in place', async () => {
  const namespace = await TestNamespace.create('migrate');
  try {
    await namespace.explained(async () => {
      await deploy(new OriginalCluster(namespace.kubectl));
      const subject = new LibraryCluster(namespace.kubectl, { image: images.redis });
      const { cluster } = subject;
      const client = await connect(cluster);
      const dataSet = await writeDataSet(client, 'data', KEYS);
      client.disconnect();

      const takenOver = {
        title: 'taken over',
        limits: { healedSeconds: 60, noFailedWrites: true },
        runs: {},
        inject: async () => {
          for (const { metadata } of await cluster.pods()) {
            await cluster.kubectl.run(['exec', metadata.name, '--', 'chown', '-R', '999:999', '/data']); // as root, who the old pods are
          }
          await cluster.kubectl.run(['delete', 'job', 'redis-cluster-init', '--ignore-not-found']);
          await cluster.kubectl.run(['delete', 'statefulset', 'redis-cluster', '--cascade=orphan']);
          await cluster.kubectl.run(['apply', '--filename', synthesizeInPart()]);
          await cluster.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=300s'], 310);
          for (const { pod } of (await cluster.views()).filter(view => !isMaster(view) && Number(view.pod.split('-').pop()) >= FIRST_NEW)) {
            await cluster.kubectl.shell(pod, 'redis-cli CLUSTER FAILOVER');
            await eventually(`${pod} has taken over`, async () => (await cluster.kubectl.shell(pod, 'redis-cli ROLE')).startsWith('master'), 30);
          }
          await subject.apply();
          await cluster.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=300s'], 310);
          const since = performance.now();
          await cluster.becomesWhole(120);
          return secondsSince(since);
        },
      };
      const outcome = await endure(subject, takenOver, dataSet);
      recordOutcome({ work: 'movingIn', mode: 'plain', image: images.redis, title: 'the original YAML, in place' }, outcome);
      expectSurvival(takenOver, outcome);
      const reader = await connect(cluster);
      expect(await lostKeys(reader, dataSet)).toEqual([]);
      reader.disconnect();
    })();
  } finally {
    await namespace.remove();
  }
});
