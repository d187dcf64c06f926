/**
 * Time of a whole process: the example `default`, a trivial cdk8s app (one chart, one ConfigMap) and bare Node,
 * in turns.
 *
 *     npx tsx bench/synth.ts [ROUNDS]         needs lib/ (npx projen compile)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { print, printRatio, printTable, Samples, timed } from './statistics';

const project = join(__dirname, '..');

const TRIVIAL = `
  const { App, ApiObject, Chart } = require('cdk8s');
  const app = new App();
  const chart = new Chart(app, 'trivial');
  new ApiObject(chart, 'Config', { apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value' } });
  app.synth();
`;

/** As a project of its own would have compiled it. */
const EXAMPLE = ts.transpile(readFileSync(join(project, 'examples', 'default', 'main.ts'), 'utf8'), { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 })
  .replace("'cdk8s-redis-cluster'", "'./lib/src'").replace('"cdk8s-redis-cluster"', "'./lib/src'");

const library = { samples: new Samples('this library, the default'), args: ['--eval', EXAMPLE] };
const trivial = { samples: new Samples('trivial cdk8s app'), args: ['--eval', TRIVIAL] };
const bare = { samples: new Samples('`node --eval 0`'), args: ['--eval', '0'] };

async function main(rounds: number): Promise<void> {
  for (let round = -1; round < rounds; round++) {
    for (const { samples, args } of [library, trivial, bare]) {
      const milliseconds = await timed(() => run(args));
      if (round >= 0) samples.add(milliseconds); // the first round fills the disk's cache
    }
  }
  printTable([library.samples, trivial.samples, bare.samples], 'ms', 0);
  printRatio(library.samples, trivial.samples);
  printRatio(library.samples, bare.samples);
  printRatio(trivial.samples, bare.samples);
}

function run(args: string[]): void {
  const outdir = mkdtempSync(join(tmpdir(), 'redis-cluster-bench-'));
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: project, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', CDK8S_OUTDIR: outdir },
  });
  rmSync(outdir, { recursive: true });
  if (status !== 0) {
    throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  }
}

main(Number(process.argv[2] ?? 15)).catch(error => {
  print(String(error));
  process.exitCode = 1;
});
