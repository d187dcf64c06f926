import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisClusterApp, RedisClusterChart, RedisClusterPreset, RedisTls } from '../../src';

/** Of no image: what reads manifests does not pull it. */
const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;

/** Writes the README's cluster of the production preset into a folder of its own; returns the folder. */
export function synthesizeProduction(namespace: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'production-'));
  const app = new RedisClusterApp({ outdir });
  const { cluster } = new RedisClusterChart(app, 'sessions', {
    name: 'sessions',
    namespace,
    preset: RedisClusterPreset.PRODUCTION,
    image: `redis:7.0${DIGEST}`,
    initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` },
    tls: RedisTls.fromIssuer('internal-authority'),
  });
  cluster.grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } });
  app.synth();
  return outdir;
}
