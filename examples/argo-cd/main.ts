/**
 * For Argo CD. The Job's name ends with a hash of its content, and nothing deletes the finished Job, so that the application stays
 * in sync: a change makes a new Job, and the old one is pruned. The Job is in the same wave as the pods, which become ready, and let
 * Argo CD go on to the next wave, only when it has run.
 */
import { RedisCluster, RedisClusterApp, RedisClusterChart } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();

new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  resources: RedisCluster.DOCUMENTED_RESOURCES,
  recommendedLabels: true,
  annotations: { 'argocd.argoproj.io/sync-wave': '1' },
  initJob: { contentHashInName: true },
});

app.synth();
