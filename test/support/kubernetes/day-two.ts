import { Outcome } from './ordeal';
import { RunRecord, RunRecords } from './run-records';

/** What an operator does to a cluster, and from when to when it counts. */
const WORK = {
  scaling: ['Scaling', 'From the first `kubectl apply` of a step to the completion of its last init Job, which was ended again and again where that is said.'],
  upgrades: ['Upgrades', 'From the end of the rollout, or from the former YAML, until the cluster was whole.'],
  movingIn: ['Moving in', 'In place: from the end of the last rollout until the cluster was whole. Elsewhere: from the start of the copy until all keys were read in the new cluster.'],
  restores: ['Restores', 'From `kubectl apply` until all keys, and when they end, were read in the new cluster.'],
};

/** One step of it. */
export interface DayTwoRecord extends RunRecord {
  readonly work: keyof typeof WORK;
  /** Undefined when it did not end. */
  readonly seconds?: number;
  /** Undefined when nobody wrote meanwhile. */
  readonly load?: Pick<Outcome, 'writes' | 'failedWrites' | 'longestGapSeconds'>;
  /** How many; undefined when the cluster does not answer. */
  readonly lostKeys?: number;
}

export const dayTwoRecords = new RunRecords<DayTwoRecord>('day-two', ({ work, mode, image, title }) => [work, mode, image, title].join());

export function recordDayTwo(record: DayTwoRecord): void {
  dayTwoRecords.add(record);
  process.stdout.write(`${rowOf(record)}\n`);
}

/** A step under load that is put to a cluster as faults are. */
export function recordOutcome(step: RunRecord & Pick<DayTwoRecord, 'work'>, { healedSeconds, lostKeys, writes, failedWrites, longestGapSeconds }: Outcome): void {
  recordDayTwo({ ...step, seconds: healedSeconds, load: { writes, failedWrites, longestGapSeconds }, lostKeys: lostKeys?.length });
}

const HEAD = `# Scaling, upgrades, moves and restores, measured

Written by \`npm run test:e2e:full\`, on the Kubernetes of [faults.md](faults.md): six clients (ioredis with its default redirects and retries) write
all the time, and then the data set and all acknowledged writes are read back. *Longest gap*: the longest time that one of them went without an
acknowledged write.
`;

export function dayTwoPage(records: DayTwoRecord[]): string {
  const sections = Object.entries(WORK).map(([work, [title, explanation]]) => {
    const rows = records.filter(record => record.work === work).map(rowOf);
    return rows.length === 0 ? [] : ['', `## ${title}`, '', explanation, '', '| step | cluster | seconds | failed writes | longest gap | lost keys | run on, at commit |',
      '| --- | --- | --- | --- | --- | --- | --- |', ...rows];
  });
  return [HEAD.trimEnd(), ...sections.flat(), ''].join('\n');
}

function rowOf({ title, mode, image, seconds, load, lostKeys, run }: DayTwoRecord): string {
  const cells = [
    title,
    mode === 'plain' ? image : `${image}, ${mode}`,
    seconds?.toFixed(1) ?? 'did not end',
    load ? `${load.failedWrites} of ${load.writes}` : '',
    load ? `${load.longestGapSeconds.toFixed(1)} s` : '',
    lostKeys ?? 'cluster down',
    run ?? 'now',
  ];
  return `| ${cells.join(' | ')} |`;
}
