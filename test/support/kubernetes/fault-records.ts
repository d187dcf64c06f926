import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Limits } from './faults';
import { Outcome } from './ordeal';
import { images, Mode } from './selection';

/** What one fault did to one cluster. */
export interface FaultRecord {
  readonly owner: 'library' | 'documents';
  readonly mode: Mode;
  readonly image: string;
  readonly title: string;
  readonly limits: Limits;
  readonly outcome: Outcome;
  /** When that was, and of which commit. @default - the present run */
  readonly run?: string;
}

/** The records of a run, one a line: suites share no memory. */
const file = join(__dirname, '..', '..', '..', 'test-reports', 'faults.jsonl');

export function forgetFaults(): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
}

export function recordFault(record: FaultRecord): void {
  appendFileSync(file, `${JSON.stringify(record)}\n`);
  const { owner, mode, image, title, outcome } = record;
  process.stdout.write(`${owner}, ${mode}, ${image}: ${title}: ${describe(outcome)}\n`); // Jest tells only when all are through
}

export function recordedFaults(): FaultRecord[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as FaultRecord) : [];
}

/** The records of former runs, but for what was tried again: the full run takes hours and may be run in parts. */
export function merged(former: FaultRecord[], latest: FaultRecord[]): FaultRecord[] {
  const key = ({ owner, mode, image, title }: FaultRecord) => [owner, mode, image, title].join();
  const records = new Map([...former, ...latest].map(record => [key(record), record]));
  const ranks = [...images.plain.map(image => `plain ${image}`), ...images.production.map(image => `production ${image}`)];
  const rank = ({ mode, image }: FaultRecord) => ranks.indexOf(`${mode} ${image}`);
  return [...records.values()].sort((one, other) => rank(one) - rank(other));
}

function describe({ healedSeconds, failedWrites, writes, longestGapSeconds, lostKeys, failure }: Outcome): string {
  return [
    healedSeconds === undefined ? `failed: ${failure?.split('\n')[0]}` : `whole after ${healedSeconds.toFixed(1)} s`,
    `${failedWrites} of ${writes} writes failed`,
    `longest gap ${longestGapSeconds.toFixed(1)} s`,
    `lost keys: ${lostKeys?.length ?? 'no answer'}`,
  ].join(', ');
}
