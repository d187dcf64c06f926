/** Five masters with two replicas each, evenly over three zones or not at all: a lost zone leaves a copy of every shard. */
import { PodSpread, RedisCluster, RedisClusterApp, RedisClusterChart } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();

new RedisClusterChart(app, 'orders', {
  name: 'orders',
  namespace: 'shop',
  masters: 5,
  replicasPerMaster: 2,
  spread: PodSpread.REQUIRED,
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  resources: RedisCluster.DOCUMENTED_RESOURCES,
});

app.synth();
