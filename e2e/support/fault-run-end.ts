import { writeFileSync } from 'node:fs';
import { recordedFaults } from './fault-records';
import { faultPage, overview } from './fault-report';
import { Kubectl } from './kubectl';
import { KEYS } from './ordeal';
import { nextImages } from './selection';

/** Prints what the faults did, and writes the page that `E2E_REPORT` names. */
export default async function report(): Promise<void> {
  const records = recordedFaults();
  if (records.length === 0) {
    return;
  }
  process.stdout.write(`${overview(records)}\n`);
  if (process.env.E2E_REPORT) {
    writeFileSync(process.env.E2E_REPORT, faultPage(records, await circumstances()));
  }
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
