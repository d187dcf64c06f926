/** A hundred clusters from a list, in one app: each line of `clusters.csv` is a cluster in the namespace of its team. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Cpu, RedisClusterApp, RedisClusterChart, RedisStorage } from 'cdk8s-redis-cluster';

const [, ...lines] = readFileSync(join(__dirname, 'clusters.csv'), 'utf8').trimEnd().split('\n');
const app = new RedisClusterApp();

for (const line of lines) {
  const [namespace, name, ...numbers] = line.split(',');
  const [masters, replicasPerMaster, mebibytes] = numbers.map(Number);
  new RedisClusterChart(app, `${namespace}-${name}`, {
    namespace,
    name,
    masters,
    replicasPerMaster,
    config: { maxmemory: Size.mebibytes(mebibytes) },
    storage: RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(4 * mebibytes) }),
    resources: {
      cpu: { request: Cpu.millis(100) },
      memory: { request: Size.mebibytes(2 * mebibytes), limit: Size.mebibytes(2 * mebibytes) },
    },
  });
}

app.synth();
