import './private/compile-cache';
import { RedisClusterApp, RedisClusterChart } from '.';

const app = new RedisClusterApp();
new RedisClusterChart(app, 'redis-cluster');
app.synth();
