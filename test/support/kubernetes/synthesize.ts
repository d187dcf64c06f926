import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images } from './selection';
import { RedisCluster, RedisClusterApp, RedisClusterChart, RedisClusterChartProps } from '../../../src';

/** Writes what a user's app would, with the images under test, into a folder of its own; returns the folder. */
export function synthesize(props: RedisClusterChartProps = {}, extend: (cluster: RedisCluster) => void = () => undefined): string {
  const outdir = mkdtempSync(join(tmpdir(), 'redis-cluster-e2e-'));
  const app = new RedisClusterApp({ outdir });
  const { cluster } = new RedisClusterChart(app, 'redis-cluster', {
    image: images.redis,
    ...props,
    initJob: { kubectlImage: images.kubectl, ...props.initJob },
  });
  extend(cluster);
  app.synth();
  return outdir;
}
