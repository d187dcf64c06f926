import { dayTwoPage, dayTwoRecords } from './day-two';
import { faultRecords } from './fault-records';
import { faultPage, overview } from './fault-report';
import { Kubectl } from './kubectl';
import { KEYS } from './ordeal';
import { nextImages } from './selection';
import { execute } from '../execute';
import { removeRunFolder } from '../run-folder';

/** Prints what the faults did, and writes the pages of measurements into the folder that `E2E_REPORT` names. */
export default async function endRun(): Promise<void> {
  removeRunFolder();
  const faults = faultRecords.ofThisRun();
  if (faults.length > 0) {
    process.stdout.write(`${overview(faults)}\n`);
  }
  const folder = process.env.E2E_REPORT;
  if (folder) {
    const [run, conditions] = [await presentRun(), await circumstances()];
    faultRecords.publish(folder, run, records => faultPage(records, conditions));
    dayTwoRecords.publish(folder, run, dayTwoPage);
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
