import { Limits } from './faults';
import { Outcome } from './ordeal';
import { RunRecord, RunRecords } from './run-records';

/** What one fault did to one cluster. */
export interface FaultRecord extends RunRecord {
  readonly owner: 'library' | 'documents';
  readonly limits: Limits;
  readonly outcome: Outcome;
}

export const faultRecords = new RunRecords<FaultRecord>('faults', ({ owner, mode, image, title }) => [owner, mode, image, title].join());

export function recordFault(record: FaultRecord): void {
  faultRecords.add(record);
  const { owner, mode, image, title, outcome } = record;
  process.stdout.write(`${owner}, ${mode}, ${image}: ${title}: ${describe(outcome)}\n`); // Jest tells only when all are through
}

function describe({ healedSeconds, failedWrites, writes, longestGapSeconds, lostKeys, failure }: Outcome): string {
  return [
    healedSeconds === undefined ? `failed: ${failure?.split('\n')[0]}` : `whole after ${healedSeconds.toFixed(1)} s`,
    `${failedWrites} of ${writes} writes failed`,
    `longest gap ${longestGapSeconds.toFixed(1)} s`,
    `lost keys: ${lostKeys?.length ?? 'no answer'}`,
  ].join(', ');
}
