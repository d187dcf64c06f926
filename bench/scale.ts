/**
 * Time to build and synthesize 1, 100 and 1000 clusters in one app, each in a chart and a namespace of its own. Every
 * measurement is a process of its own, so that none gains from another's warm-up; Node's start is not counted.
 *
 *     npx tsx bench/scale.ts [ROUNDS]         needs lib/ (npx projen compile)
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { print, printRatio, printTable, Samples } from './statistics';

const project = join(__dirname, '..');

const SCRIPT = `
  const { mkdtempSync, rmSync } = require('node:fs');
  const { RedisClusterApp, RedisClusterChart } = require('./lib/src');
  const outdir = mkdtempSync(require('node:os').tmpdir() + '/redis-cluster-bench-');
  const start = performance.now();
  const app = new RedisClusterApp({ outdir });
  for (let number = 0; number < Number(process.argv[1]); number++) {
    new RedisClusterChart(app, 'cluster-' + number, { namespace: 'namespace-' + number });
  }
  app.synth();
  console.log(performance.now() - start);
  rmSync(outdir, { recursive: true });
`;

const sizes = [1, 100, 1000].map(count => ({ count, samples: new Samples(count === 1 ? '1 cluster' : `${count} clusters`) }));

function main(rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const { count, samples } of sizes) {
      samples.add(milliseconds(count));
    }
  }
  printTable(sizes.map(({ samples }) => samples), 'ms', 0);
  printRatio(sizes[2].samples, sizes[1].samples, 'at most 11');
}

function milliseconds(count: number): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--eval', SCRIPT, String(count)], {
    cwd: project, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) {
    throw new Error(`synth of ${count} clusters ended with ${status}: ${stderr}`);
  }
  return Number(stdout);
}

try {
  main(Number(process.argv[2] ?? 5));
} catch (error) {
  print(String(error));
  process.exitCode = 1;
}
