import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FaultRecord, merged, recordedFaults } from './fault-records';
import { faultPage, overview } from './fault-report';
import { Kubectl } from './kubectl';
import { KEYS } from './ordeal';
import { nextImages } from './selection';
import { execute } from '../execute';

/** Prints what the faults did, and writes the page that `E2E_REPORT` names, with the records of this and former runs beside it. */
export default async function report(): Promise<void> {
  const records = recordedFaults();
  if (records.length === 0) {
    return;
  }
  process.stdout.write(`${overview(records)}\n`);
  const page = process.env.E2E_REPORT;
  if (page) {
    const file = page.replace(/\.md$/, '.json');
    const former: FaultRecord[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
    const run = await presentRun();
    const all = merged(former, records.map(record => ({ ...record, run })));
    writeFileSync(file, `[\n${all.map(record => JSON.stringify(record)).join(',\n')}\n]\n`);
    writeFileSync(page, faultPage(all, await circumstances()));
  }
}

async function presentRun(): Promise<string> {
  const { code, output } = await execute('git', ['rev-parse', '--short', 'HEAD']);
  return [new Date().toISOString().slice(0, 10), ...code === 0 ? [output.trim()] : []].join(', ');
}

async function circumstances(): Promise<string[]> {
  const kubectl = new Kubectl('default');
  const { serverVersion } = await kubectl.json<{ serverVersion: { gitVersion: string } }>(['version']);
  const { items } = await kubectl.json<{ items: unknown[] }>(['get', 'nodes']);
  return [
    `Kubernetes ${serverVersion.gitVersion}, ${items.length} nodes on one machine, ${KEYS} keys, limits of time × ${process.env.E2E_SLACK ?? 1}`,
    `A newer image: ${Object.entries(nextImages).map(([image, next]) => `${image} to ${next}`).join(', ')}`,
  ];
}
