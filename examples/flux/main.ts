/**
 * For Flux. The Job keeps its name: `force` lets Flux replace it when it has changed. Once Kubernetes has deleted it, a day after
 * it ended, Flux makes it again: it checks the cluster, and changes nothing in a complete one.
 */
import { Duration } from 'cdk8s';
import { RedisCluster, RedisClusterApp, RedisClusterChart } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();

new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  resources: RedisCluster.DOCUMENTED_RESOURCES,
  recommendedLabels: true,
  initJob: {
    ttlAfterFinished: Duration.days(1),
    annotations: { 'kustomize.toolkit.fluxcd.io/force': 'enabled' },
  },
});

app.synth();
