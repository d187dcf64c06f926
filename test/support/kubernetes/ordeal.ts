import { connect } from './client';
import { Cluster } from './cluster';
import { lostKeys } from './data-set';
import { within } from './deadline';
import { Fault, Trial } from './faults';
import { Subject } from './subject';
import { Writer } from './writer';

const READ_SECONDS = 120;

/** For how long a cluster is waited for that does not become whole; longer where the limit is. */
export const PATIENCE_SECONDS = 60;

/** Size of the data set. */
export const KEYS = 3000;

/** By what the limits of time are multiplied where the machine has fewer cores than the cluster has nodes. */
export const slack = Number(process.env.E2E_SLACK ?? 1);

/** What a fault did to a cluster. */
export interface Outcome {
  /** Undefined when the cluster was not whole again within the patience. */
  readonly healedSeconds?: number;
  readonly failure?: string;
  readonly remarks: string[];
  readonly writes: number;
  readonly failedWrites: number;
  readonly errors: string[];
  readonly longestGapSeconds: number;
  /** Undefined when the cluster does not answer any more. */
  readonly lostKeys?: string[];
}

/** Puts a cluster through a fault while clients write; then reads the data set and all acknowledged keys back. */
export async function endure(subject: Subject, fault: Fault, dataSet: string[]): Promise<Outcome> {
  const client = await connect(subject.cluster, fault.client);
  const writer = new Writer(client, fault.title.replaceAll(/\W+/g, '-'));
  const trial = new Trial(subject, writer, Math.max(PATIENCE_SECONDS, 2 * fault.limits.healedSeconds));
  let healedSeconds: number | undefined;
  let failure: string | undefined;
  try {
    healedSeconds = await fault.inject(trial);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const { acknowledged, errors, ...report } = await writer.stop();
  client.disconnect();
  return {
    healedSeconds,
    failure,
    remarks: trial.remarks,
    ...report,
    errors: [...errors].map(([message, count]) => `${count} × ${message}`),
    lostKeys: await readBack(subject.cluster, [...dataSet, ...acknowledged]),
  };
}

async function readBack(cluster: Cluster, keys: string[]): Promise<string[] | undefined> {
  try {
    const client = await connect(cluster);
    try {
      return await within(READ_SECONDS, 'all keys are read', lostKeys(client, keys));
    } finally {
      client.disconnect();
    }
  } catch {
    return undefined;
  }
}

/** What must hold of any cluster of this library. */
export function expectSurvival({ limits }: Fault, outcome: Outcome): void {
  const { healedSeconds = Infinity, failure, remarks, errors, longestGapSeconds, lostKeys: lost } = outcome;
  expect({ failure, remarks, lost }).toEqual({ failure: undefined, remarks: [], lost: [] });
  expect(healedSeconds).toBeLessThanOrEqual(limits.healedSeconds * slack);
  expect(limits.noFailedWrites ? errors : []).toEqual([]);
  expect(longestGapSeconds).toBeLessThanOrEqual((limits.longestGapSeconds ?? Infinity) * slack);
}
