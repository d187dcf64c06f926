/**
 * CPU time of a whole process, which other work on the machine changes less than its time: the example `default`, a trivial
 * cdk8s app (one chart, one ConfigMap) and bare Node, in turns.
 *
 *     npx tsx bench/synth.ts [ROUNDS]         needs lib/ (npx projen compile)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { printRatio, printTable, Samples } from './statistics';

const project = join(__dirname, '..');

/** Each process says at its end what it took. */
const SAY_CPU = ";process.once('exit', () => { const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000)); });";

const TRIVIAL = `
  const { App, ApiObject, Chart } = require('cdk8s');
  const app = new App();
  const chart = new Chart(app, 'trivial');
  new ApiObject(chart, 'Config', { apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value' } });
  app.synth();
`;

/** As a project of its own would have compiled it. */
const EXAMPLE = ts.transpile(readFileSync(join(project, 'examples', 'default', 'main.ts'), 'utf8'), { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 })
  .replace("'cdk8s-redis-cluster'", "'./lib'").replace('"cdk8s-redis-cluster"', "'./lib'");

const library = { samples: new Samples('this library, the default'), program: EXAMPLE };
const trivial = { samples: new Samples('trivial cdk8s app'), program: TRIVIAL };
const bare = { samples: new Samples('`node --eval 0`'), program: '0' };

function main(rounds: number): void {
  for (let round = -1; round < rounds; round++) {
    for (const { samples, program } of [library, trivial, bare]) {
      const milliseconds = cpuMilliseconds(program);
      if (round >= 0) samples.add(milliseconds); // the first round fills the disk's cache
    }
  }
  printTable([library.samples, trivial.samples, bare.samples], 'ms', 0);
  printRatio(library.samples, trivial.samples);
  printRatio(library.samples, bare.samples);
  printRatio(trivial.samples, bare.samples);
}

function cpuMilliseconds(program: string): number {
  const outdir = mkdtempSync(join(tmpdir(), 'redis-cluster-bench-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--eval', program + SAY_CPU], {
    cwd: project, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', CDK8S_OUTDIR: outdir },
  });
  rmSync(outdir, { recursive: true });
  if (status !== 0) {
    throw new Error(`node --eval ${program} ended with ${status}: ${stderr}`);
  }
  return Number(stdout);
}

main(Number(process.argv[2] ?? 15));
