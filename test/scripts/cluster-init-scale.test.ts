import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shape } from '../support/servers/cluster-init';
import { awks, formCluster, freshPods, planCommand, Pod, seen } from '../support/servers/planner';

const PODS = 200;

/** Seconds of CPU and KiB of address space, beyond which the system ends the planner. A quiet machine needs less than one second. */
const LIMITS = 'ulimit -t 6 && ulimit -v 65536 && exec "$@"';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function settledPods({ masters }: Shape): Pod[] {
  return formCluster(freshPods(range(PODS).map(pod => `node${pod % 20}`)), range(masters), pod => (pod + 1) % masters);
}

function freshOnes(): Pod[] {
  return freshPods(range(PODS).map(pod => `node${pod % 20}`)).map(pod => ({ ...pod, epoch: 0 })).map(pod => ({ ...pod, table: [pod] }));
}

/** Masters have their slots, on Kubernetes nodes of seven pods in a row each, and replicas are to be chosen. */
function metPods({ masters }: Shape): Pod[] {
  const pods = formCluster(freshPods(range(PODS).map(pod => `node${Math.floor(pod / 7)}`)), range(masters), () => 0);
  return pods.map(pod => ({ ...pod, master: undefined }));
}

/** Right after a restart of all pods: nobody knows an address but its own. */
function restartedPods(shape: Shape): Pod[] {
  const pods = settledPods(shape);
  const lost = pods.map(pod => ({ ...pod, address: '', flags: `${pod.master ? 'slave' : 'master'},noaddr`, link: 'disconnected' }));
  return pods.map((pod, ordinal) => ({ ...pod, table: lost.map((other, index) => index === ordinal ? pod : other) }));
}

const states: [string, (shape: Shape) => Pod[], RegExp, number][] = [
  ['a settled cluster', settledPods, /^complete$/gm, 1],
  ['fresh pods', freshOnes, /^send \d+ CLUSTER MEET /gm, PODS * 8],
  ['pods that have met', metPods, /^send \d+ CLUSTER REPLICATE /gm, NaN],
  ['pods that were all restarted', restartedPods, /^send \d+ CLUSTER MEET /gm, PODS * 8],
];

describe.each(awks)('one look at 200 pods by %s stays within its bounds', awk => {
  test.each(states.flatMap(([name, pods, decision, count]) => [{ masters: 100, replicasPerMaster: 1 }, { masters: 40, replicasPerMaster: 4 }]
    .map(shape => ({ name, shape, pods, decision, count: Number.isNaN(count) ? PODS - shape.masters : count }))))('at $name, of $shape.masters masters', ({ shape, pods, decision, count }) => {
    const folder = mkdtempSync(join(tmpdir(), 'cluster-init-scale-'));
    try {
      writeFileSync(join(folder, 'seen'), seen(pods(shape)));
      const [command, words] = planCommand(shape, join(folder, 'seen'), awk);

      const output = execFileSync('sh', ['-c', LIMITS, 'sh', command, ...words], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

      expect(output.match(decision)).toHaveLength(count);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
