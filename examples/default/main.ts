/** The cluster without props. `npx projen synth` writes it to the top-level `dist/`. */
import { RedisClusterApp, RedisClusterChart } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();
new RedisClusterChart(app, 'redis-cluster');
app.synth();
