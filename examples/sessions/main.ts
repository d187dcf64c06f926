/** A cluster of your own: name, namespace, storage, resources and tuning. */
import { Duration, Size } from 'cdk8s';
import { RedisCluster, RedisClusterApp, RedisClusterChart, RedisConfig, RedisStorage } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();

new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  image: 'redis:7.0',
  storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(10), storageClassName: 'fast' }),
  resources: RedisCluster.DOCUMENTED_RESOURCES,
  config: RedisConfig.documentedTuning({ clusterNodeTimeout: Duration.seconds(10) }),
});

app.synth();
