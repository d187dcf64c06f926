/**
 * Time to build and synthesize 1, 100 and 1000 clusters in one app, each in a chart and a namespace of its own, and 100
 * clusters with names of their own in one namespace, which have less in common. Every measurement is a process of its own, so
 * that none gains from another's warm-up; Node's start is not counted.
 *
 *     npx tsx bench/scale.ts [ROUNDS]         needs lib/ (npx projen compile)
 *
 * Helm is not run: that `helm template` of a comparable chart takes 0.1 s, one process for each cluster, is assumed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { print, printRatio, printTable, Samples } from './statistics';

const project = join(__dirname, '..');
const HELM_TEMPLATE_MILLISECONDS = 100;

const SCRIPT = `
  const { mkdtempSync, rmSync } = require('node:fs');
  const { RedisClusterApp, RedisClusterChart } = require('./lib');
  const [count, areNamed] = process.argv.slice(1);
  const outdir = mkdtempSync(require('node:os').tmpdir() + '/redis-cluster-bench-');
  const start = performance.now();
  const app = new RedisClusterApp({ outdir });
  for (let number = 0; number < Number(count); number++) {
    new RedisClusterChart(app, 'cluster-' + number, areNamed ? { name: 'cluster-' + number, namespace: 'data' } : { namespace: 'namespace-' + number });
  }
  app.synth();
  console.log(performance.now() - start);
  rmSync(outdir, { recursive: true });
`;

const one = { args: ['1'], samples: new Samples('1 cluster') };
const hundred = { args: ['100'], samples: new Samples('100 clusters') };
const named = { args: ['100', 'named'], samples: new Samples('100 clusters with names of their own') };
const thousand = { args: ['1000'], samples: new Samples('1000 clusters') };
const all = [one, hundred, named, thousand];

function main(rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const { args, samples } of all) {
      samples.add(milliseconds(args));
    }
  }
  printTable(all.map(({ samples }) => samples), 'ms', 0);
  printRatio(thousand.samples, hundred.samples, 'at most 11');
  for (const { samples } of [hundred, named]) {
    const times = 100 * HELM_TEMPLATE_MILLISECONDS / samples.median;
    print(`100 × helm template, at ${HELM_TEMPLATE_MILLISECONDS} ms each as assumed / ${samples.name}: ${times.toFixed(0)} (at least 10)`);
  }
}

function milliseconds(args: string[]): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--eval', SCRIPT, ...args], {
    cwd: project, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) {
    throw new Error(`synth of ${args.join(' ')} clusters ended with ${status}: ${stderr}`);
  }
  return Number(stdout);
}

try {
  main(Number(process.argv[2] ?? 5));
} catch (error) {
  print(String(error));
  process.exitCode = 1;
}
