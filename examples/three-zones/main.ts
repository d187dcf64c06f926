/** Five masters with two replicas each, evenly over three zones and their nodes: a pod that would upset the balance stays Pending. topology.md shows it. */
import { PodSpread, RedisCluster, RedisClusterApp, RedisClusterChart } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp({ topology: true });

new RedisClusterChart(app, 'orders', {
  name: 'orders',
  namespace: 'shop',
  masters: 5,
  replicasPerMaster: 2,
  spread: PodSpread.REQUIRED,
  resources: RedisCluster.DOCUMENTED_RESOURCES,
});

app.synth();
