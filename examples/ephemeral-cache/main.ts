/** A cache: no disks, no append-only file, and the least frequently used keys are evicted when memory is full. */
import { Size } from 'cdk8s';
import { Cpu, MaxmemoryPolicy, RedisClusterApp, RedisClusterChart, RedisStorage } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();

new RedisClusterChart(app, 'cache', {
  name: 'cache',
  namespace: 'shop',
  storage: RedisStorage.ephemeral({ sizeLimit: Size.gibibytes(1) }),
  config: {
    appendonly: false,
    save: [],
    maxmemory: Size.mebibytes(256),
    maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LFU,
  },
  resources: {
    cpu: { request: Cpu.millis(100) },
    memory: { request: Size.mebibytes(512), limit: Size.mebibytes(512) },
  },
});

app.synth();
