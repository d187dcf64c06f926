import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RedisOptions } from 'ioredis';
import { isReady, isRunning } from './cluster';
import { isMaster } from './cluster-state';
import { withNodeCutOff, withPaused } from './lab';
import { fullRestarts, Mode, nextImages, Run } from './selection';
import { observeSteps } from './step-observer';
import { Subject } from './subject';
import { Writer } from './writer';
import { eventually } from '../eventually';
import { secondsSince } from '../seconds-since';

/** What must hold; a limit that is not there is only measured. */
export interface Limits {
  readonly healedSeconds: number;
  readonly noFailedWrites?: boolean;
  readonly longestGapSeconds?: number;
}

export interface Fault {
  readonly title: string;
  readonly limits: Limits;
  /** The smallest run that it belongs to in each mode. @default - it is not tried in that mode */
  readonly runs: Partial<Record<Mode, Run>>;
  /** It needs a newer image. */
  readonly isUpgrade?: boolean;
  readonly needsLab?: boolean;
  readonly client?: RedisOptions;
  /** Does the damage, and waits for the end of it; the seconds from there until the cluster was whole again. */
  readonly inject: (trial: Trial) => Promise<number>;
}

/** A fault and the cluster that it happens to. */
export class Trial {
  /** What went against the rules on the way. */
  public readonly remarks: string[] = [];

  constructor(public readonly subject: Subject, public readonly writer: Writer, private readonly patienceSeconds: number) {}

  public async secondsUntilWhole(since = performance.now()): Promise<number> {
    await this.subject.cluster.becomesWhole(this.patienceSeconds);
    return secondsSince(since);
  }

  public async kubectl(...args: string[]): Promise<string> {
    return this.subject.cluster.kubectl.run(args, 320);
  }

  /** A rollout of the StatefulSet, however it was caused, to its end; it begins at the last pod even if others are not ready yet. */
  public async rollout(cause: () => Promise<unknown>): Promise<number> {
    await eventually('all pods are ready', async () => (await this.subject.cluster.pods()).every(isReady), 60, 500);
    this.remarks.push(...await observeSteps(this.subject.cluster, async () => {
      await cause();
      await this.kubectl('rollout', 'status', `statefulset/${this.subject.cluster.name}`, '--timeout=300s');
    }));
    return this.secondsUntilWhole();
  }
}

/** Keeps a node off the network for so long. */
const CUT_SECONDS = 60;

export const faults: Fault[] = [
  {
    title: `a node cut off for ${CUT_SECONDS} s, then back`,
    limits: { healedSeconds: 30, longestGapSeconds: 10 }, // cluster-node-timeout and 5 s
    runs: { plain: 'gate' },
    needsLab: true,
    // By default the client waits for an answer of a lost machine until TCP gives up, after a quarter of an hour.
    client: { socketTimeout: 1000, connectTimeout: 1000 },
    // First of all: where drains and deletions have left the masters, one node may hold their majority until the init Job runs again.
    inject: async trial => {
      await trial.subject.rerunInitJob(); // after drains, masters are where pods happened to be: the Job spreads them again
      const [master] = (await trial.subject.cluster.placement())[0];
      await withNodeCutOff(master, () => pause(CUT_SECONDS * 1000));
      return trial.secondsUntilWhole();
    },
  },
  {
    title: 'one pod deleted, a master',
    limits: { healedSeconds: 15 },
    runs: { plain: 'full', production: 'full' },
    inject: async trial => {
      const master = (await trial.subject.cluster.views()).find(isMaster)!;
      return deletePod(trial, master.pod);
    },
  },
  {
    title: 'one pod deleted, ten times at random',
    limits: { healedSeconds: 15 },
    runs: { plain: 'full' },
    inject: async trial => {
      let slowest = 0;
      for (let round = 0; round < 10; round++) {
        slowest = Math.max(slowest, await deletePod(trial, await anyPod(trial)));
      }
      return slowest;
    },
  },
  {
    title: 'one pod deleted while DNS does not answer',
    limits: { healedSeconds: 15 },
    runs: { plain: 'full' },
    needsLab: true,
    inject: async trial => {
      let seconds = 0;
      await withPaused('dns', async () => { seconds = await deletePod(trial, await anyPod(trial)); });
      return seconds;
    },
  },
  {
    title: `all pods deleted at once${fullRestarts > 1 ? `, ${fullRestarts} times in a row` : ''}`,
    limits: { healedSeconds: 15, longestGapSeconds: 10 },
    runs: { plain: 'gate', production: 'gate' },
    inject: async trial => {
      let slowest = 0;
      for (let round = 0; round < fullRestarts; round++) {
        slowest = Math.max(slowest, await deleteAllPods(trial));
      }
      return slowest;
    },
  },
  {
    title: 'disk of one pod wiped',
    limits: { healedSeconds: 180 }, // a new node is a replica after 15 s; the one before it is forgotten two minutes after its last answer
    runs: { plain: 'gate', production: 'full' },
    inject: async trial => {
      const master = (await trial.subject.cluster.views()).find(isMaster)!;
      await trial.kubectl('delete', 'persistentvolumeclaim', `redis-data-${master.pod}`, '--wait=false');
      return deletePod(trial, master.pod);
    },
  },
  {
    title: 'kubectl rollout restart',
    limits: { healedSeconds: 20, noFailedWrites: true },
    runs: { plain: 'gate' },
    inject: trial => trial.rollout(() => trial.kubectl('rollout', 'restart', `statefulset/${trial.subject.cluster.name}`)),
  },
  {
    title: 'config changed',
    limits: { healedSeconds: 20, noFailedWrites: true },
    runs: { plain: 'full', production: 'gate' },
    inject: trial => trial.rollout(() => trial.subject.changeConfig()),
  },
  {
    title: 'each node drained in turn',
    limits: { healedSeconds: 20, noFailedWrites: true },
    runs: { plain: 'gate', production: 'full' },
    inject: async trial => {
      let slowest = 0;
      for (const node of await nodesOf(trial)) {
        slowest = Math.max(slowest, await drain(trial, node));
      }
      return slowest;
    },
  },
  {
    title: 'init Job run again, nothing else',
    limits: { healedSeconds: 5, noFailedWrites: true },
    runs: { plain: 'full' },
    inject: async trial => {
      await trial.subject.rerunInitJob();
      return trial.secondsUntilWhole();
    },
  },
  {
    title: 'init Job run again while a pod is replaced',
    limits: { healedSeconds: 15 },
    runs: { plain: 'full' },
    inject: async trial => whileInitJobRuns(trial, deletePod(trial, await anyPod(trial))),
  },
  {
    title: 'init Job run again while all pods are replaced',
    limits: { healedSeconds: 20 },
    runs: { plain: 'full' },
    inject: trial => whileInitJobRuns(trial, deleteAllPods(trial)),
  },
  {
    title: 'init Job run again during a rollout',
    limits: { healedSeconds: 20, noFailedWrites: true },
    runs: { plain: 'full' },
    inject: trial => whileInitJobRuns(trial,
      trial.rollout(() => trial.kubectl('rollout', 'restart', `statefulset/${trial.subject.cluster.name}`))),
  },
  {
    title: 'image changed to a newer one',
    limits: { healedSeconds: 20, noFailedWrites: true },
    runs: { plain: 'gate', production: 'full' },
    isUpgrade: true,
    inject: trial => trial.rollout(() => trial.subject.changeImage(nextImages[trial.subject.image]!)),
  },
];

async function anyPod(trial: Trial): Promise<string> {
  const pods = await trial.subject.cluster.pods();
  return pods[randomInt(pods.length)].metadata.name;
}

/** Counts from the deletion: the pod's own end and start are part of the time. */
async function deletePod(trial: Trial, pod: string): Promise<number> {
  const since = performance.now();
  await trial.kubectl('delete', 'pod', pod, '--wait=false');
  return trial.secondsUntilWhole(since);
}

/** Counts from the moment that the last pod runs, gaps as well. */
async function deleteAllPods(trial: Trial): Promise<number> {
  const { cluster } = trial.subject;
  const former = new Set((await cluster.pods()).map(pod => pod.metadata.uid));
  await trial.writer.excuse(async () => {
    await trial.kubectl('delete', 'pods', '--selector', `app=${cluster.name}`, '--wait=false');
    await eventually('all pods run again', async () => {
      const pods = (await cluster.pods()).filter(pod => isRunning(pod) && !former.has(pod.metadata.uid));
      return pods.length === former.size;
    }, 120, 200);
  });
  return trial.secondsUntilWhole();
}

async function nodesOf(trial: Trial): Promise<string[]> {
  const pods = await trial.subject.cluster.pods();
  return [...new Set(pods.map(pod => pod.spec.nodeName!))].sort();
}

async function drain(trial: Trial, node: string): Promise<number> {
  try {
    trial.remarks.push(...await observeSteps(trial.subject.cluster, async () => {
      await trial.kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=300s');
    }));
    return await trial.secondsUntilWhole();
  } finally {
    await trial.kubectl('uncordon', node);
  }
}

async function whileInitJobRuns(trial: Trial, fault: Promise<number>): Promise<number> {
  const [seconds] = await Promise.all([fault, trial.subject.rerunInitJob()]);
  return seconds;
}
