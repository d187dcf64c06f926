import { Fault } from './faults';
import { Outcome } from './ordeal';

const HEAD = `# What faults do to the cluster

Written by \`e2e/faults.test.ts\`, which put this library's cluster and the documents' cluster (mended only where the
Kubernetes API refuses it, see \`e2e/documents/\`) through the same faults in one run, with a data set of checksummed keys and
six clients that write all the time. Both take the faults one after the other; the documents' cluster is made afresh after
each that it did not survive.

- *whole again*: seconds until all six tables hold exactly the six pods at their present addresses, all slots are served and
  every replica is in sync. Counted from the deletion of a pod; from the moment that the last pod runs when all were deleted;
  from the end of a rollout, a drain or a partition. Of repeated faults, the slowest.
- *failed writes*: of a cluster-aware client (ioredis) that redirects and retries as its defaults do, and how many it wrote.
- *longest gap*: the longest time that one of the clients went without an acknowledged write.
- *lost keys*: of the data set and of all acknowledged writes.
`;

/** The table of a run. */
export class FaultReport {
  private readonly outcomes = new Map<string, { fault: Fault; library?: Outcome; documents?: Outcome }>();

  public add(fault: Fault, subject: 'library' | 'documents', outcome: Outcome): void {
    this.outcomes.set(fault.title, { fault, ...this.outcomes.get(fault.title), [subject]: outcome });
    process.stdout.write(`${subject}: ${fault.title}: ${describe(outcome)}\n`); // Jest tells only when all are through
  }

  /** The whole page; `circumstances` say what the run was made with. */
  public page(circumstances: string[], patienceSeconds: number): string {
    return [HEAD, ...circumstances.map(line => `- ${line}`), '', this.table(patienceSeconds), ''].join('\n');
  }

  public table(patienceSeconds: number): string {
    const columns = ['whole again', 'failed writes', 'longest gap', 'lost keys'];
    const rows = [...this.outcomes.values()].map(({ fault, library, documents }) => [
      fault.title, limits(fault), ...cells(library, patienceSeconds), ...cells(documents, patienceSeconds),
    ]);
    const head = ['fault', 'must hold', ...columns.map(column => `${column}, library`), ...columns.map(column => `${column}, documents`)];
    return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');
  }
}

function describe({ healedSeconds, failedWrites, writes, longestGapSeconds, lostKeys, failure }: Outcome): string {
  return [
    healedSeconds === undefined ? `failed: ${failure?.split('\n')[0]}` : `whole after ${healedSeconds.toFixed(1)} s`,
    `${failedWrites} of ${writes} writes failed`,
    `longest gap ${longestGapSeconds.toFixed(1)} s`,
    `lost keys: ${lostKeys?.length ?? 'no answer'}`,
  ].join(', ');
}

function limits({ limits: { healedSeconds, noFailedWrites, longestGapSeconds } }: Fault): string {
  return [
    `whole ≤ ${healedSeconds} s`,
    ...noFailedWrites ? ['0 failed writes'] : [],
    ...longestGapSeconds === undefined ? [] : [`gap ≤ ${longestGapSeconds} s`],
    'no key lost',
  ].join(', ');
}

function cells(outcome: Outcome | undefined, patienceSeconds: number): string[] {
  if (!outcome) {
    return ['not run', '', '', ''];
  }
  const { healedSeconds, failedWrites, writes, longestGapSeconds, lostKeys } = outcome;
  return [
    healedSeconds === undefined ? `not within ${patienceSeconds} s` : `${healedSeconds.toFixed(1)} s`,
    `${failedWrites} of ${writes}`,
    `${longestGapSeconds.toFixed(1)} s`,
    lostKeys === undefined ? 'cluster down' : String(lostKeys.length),
  ];
}
