import { Shape } from '../support/servers/cluster-init';
import { commands, formCluster, freshPods, idOf, plan, planBy, Pod, replications, words } from '../support/servers/planner';

const shapes = [
  { masters: 3, replicasPerMaster: 1 },
  { masters: 3, replicasPerMaster: 3 },
  { masters: 6, replicasPerMaster: 1 },
];
const awks: [string, number][] = [['mawk', 40], ['gawk', 10], ['busybox awk', 10]];

/** The same numbers in every run: a test that fails, fails again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % below;
  };
}

/** Every way to give each master so many replicas, as a list of masters by replica. */
function everyAssignment(masters: number, replicasPerMaster: number): number[][] {
  const grow = (room: number[]): number[][] => room.every(count => count === 0) ? [[]] : room.flatMap((count, master) =>
    count === 0 ? [] : grow(room.map((other, index) => index === master ? other - 1 : other)).map(rest => [master, ...rest]));
  return grow(Array.from({ length: masters }, () => replicasPerMaster));
}

/** How many replicas share the Kubernetes node of their master, when replica i follows master assignment[i]. */
function shared(pods: Pod[], assignment: number[]): number {
  const masters = pods.filter(pod => pod.slots);
  return pods.filter(pod => !pod.slots).filter((pod, index) => pod.kubernetesNode === masters[assignment[index]].kubernetesNode).length;
}

const ordinalOf = (id: string): number => parseInt(id.slice(0, 2), 16);

/** Fresh pods to which the plan's slots and masters were given. */
function createdPods(kubernetesNodes: string[], shape: Shape, awk = 'mawk'): Pod[] {
  const pods = freshPods(kubernetesNodes);
  const lines = planBy(awk, shape, pods);
  const chosen = lines.flatMap(line => /^prepare (\d+) CLUSTER ADDSLOTS/.exec(line)?.[1] ?? []).map(Number);
  formCluster(pods, chosen, () => 0);
  replications(lines).forEach(([pod, id]) => { pods[pod].master = id; });
  return pods;
}

/** Which of the masters each replica follows, by their indexes. */
function assignmentOf(pods: Pod[]): number[] {
  const masters = pods.filter(pod => pod.slots).map(pod => pod.id);
  return pods.filter(pod => !pod.slots).map(pod => masters.indexOf(pod.master!));
}

/** How many of the pods each Kubernetes node has, the most first. */
function crowds(pods: Pod[]): number[] {
  return [...new Set(pods.map(pod => pod.kubernetesNode))]
    .map(node => pods.filter(pod => pod.kubernetesNode === node).length).sort((one, other) => other - one);
}

/** The most masters that a Kubernetes node must have when they are spread evenly: each has at most the pods that are there. */
function evenly(masters: number, room: number[]): number {
  for (let most = 1; ; most++) {
    if (room.reduce((sum, count) => sum + Math.min(count, most), 0) >= masters) {
      return most;
    }
  }
}

describe.each(awks)('creation by %s, in %d random cases', (awk, rounds) => {
  test.each(shapes)('spreads masters evenly and puts no pair on one Kubernetes node that could be apart, of $masters x (1 + $replicasPerMaster)', shape => {
    const { masters, replicasPerMaster } = shape;
    const random = randomNumbers(masters * 100 + replicasPerMaster);
    const assignments = everyAssignment(masters, replicasPerMaster);
    for (let round = 0; round < rounds; round++) {
      const machines = 2 + random(4);
      const kubernetesNodes = Array.from({ length: masters * (1 + replicasPerMaster) }, () => `node${random(machines)}`);

      const pods = createdPods(kubernetesNodes, shape, awk);

      const chosen = assignmentOf(pods);
      expect([...chosen].sort()).toEqual(assignments[0]);
      expect({ kubernetesNodes, shared: shared(pods, chosen) })
        .toEqual({ kubernetesNodes, shared: Math.min(...assignments.map(assignment => shared(pods, assignment))) });
      expect({ kubernetesNodes, most: crowds(pods.filter(pod => pod.slots))[0] }).toEqual({ kubernetesNodes, most: evenly(masters, crowds(pods)) });
      expect(planBy(awk, shape, pods)).toContain('complete');
    }
  });
});

describe('placement', () => {
  test('pairs pods as the original YAML does where their Kubernetes nodes leave the choice', () => {
    const expected: [number, string][] = [[3, idOf(2)], [4, idOf(0)], [5, idOf(1)]];

    expect(replications(plan(shapes[0], freshPods(Array(6).fill('-'))))).toEqual(expected);
    expect(replications(plan(shapes[0], freshPods(Array(6).fill('laptop'))))).toEqual(expected);
    expect(replications(plan(shapes[0], freshPods(['a', 'b', 'c', 'a', 'b', 'c'])))).toEqual(expected);
  });

  test('puts the replicas of one master on different Kubernetes nodes', () => {
    const pods = formCluster(freshPods(['a', 'a', 'a', 'b', 'c', 'd', 'b', 'c', 'd', 'b', 'c', 'd']), [0, 1, 2], () => 0);
    pods.slice(3).forEach(pod => { pod.master = undefined; });

    const groups = new Map<string, string[]>();
    replications(plan(shapes[1], pods)).forEach(([pod, id]) =>
      groups.set(id, [...groups.get(id) ?? [], pods[pod].kubernetesNode!]));

    expect([...groups.values()].map(nodes => nodes.sort())).toEqual([['b', 'c', 'd'], ['b', 'c', 'd'], ['b', 'c', 'd']]);
  });
});

/** Follows the plans, one step after the other, until nothing is left to do; returns how many replicas moved. */
function settle(shape: Shape, pods: Pod[]): number {
  let moves = 0;
  for (let round = 0; round < 40; round++) {
    const lines = planBy('mawk', shape, pods);
    if (lines.includes('complete')) {
      return moves;
    }
    const moved = replications(lines);
    const promoted = lines.flatMap(line => /^send (\d+) CLUSTER FAILOVER$/.exec(line)?.[1] ?? []).map(Number);
    expect([[1, 0], [2, 0], [0, 1]]).toContainEqual([moved.length, promoted.length]);
    moved.forEach(([pod, id]) => { pods[pod].master = id; });
    promoted.forEach(pod => failOver(pods, pod));
    moves += moved.length;
  }
  throw new Error('the plans come to no end');
}

function failOver(pods: Pod[], promoted: number): void {
  const { id, master: former } = pods[promoted];
  Object.assign(pods[promoted], { slots: pods[ordinalOf(former!)].slots, master: undefined });
  Object.assign(pods[ordinalOf(former!)], { slots: undefined, master: id });
  pods.filter(pod => pod.master === former).forEach(pod => { pod.master = id; });
}

describe('a formed cluster', () => {
  test.each(shapes)('reaches every separation that is possible, in 30 random placements of $masters x (1 + $replicasPerMaster)', shape => {
    const { masters, replicasPerMaster } = shape;
    const random = randomNumbers(7 * masters + replicasPerMaster);
    const assignments = everyAssignment(masters, replicasPerMaster);
    for (let round = 0; round < 30; round++) {
      // Masters apart, so that none of them has to hand over.
      const kubernetesNodes = Array.from({ length: masters * (1 + replicasPerMaster) }, (_, pod) => `node${pod < masters ? pod : random(masters)}`);
      const present = Array.from({ length: masters * replicasPerMaster }, () => random(masters));
      const pods = formCluster(freshPods(kubernetesNodes), Array.from({ length: masters }, (_, pod) => pod), pod => present[pod - masters]);
      const least = Math.min(...assignments.map(assignment => shared(pods, assignment)));
      const surplus = masters * replicasPerMaster - Array.from({ length: masters }, (_, master) => present.filter(other => other === master).length)
        .reduce((sum, count) => sum + Math.min(count, replicasPerMaster), 0);
      const before = shared(pods, present);

      const moves = settle(shape, pods);

      const outcome = assignmentOf(pods);
      expect({ kubernetesNodes, present, shared: shared(pods, outcome) }).toEqual({ kubernetesNodes, present, shared: least });
      expect([...outcome].sort()).toEqual(assignments[0]);
      expect(moves).toBeLessThanOrEqual(surplus + 2 * (before + surplus));
    }
  });

  test.each(shapes)('never loses a majority with one of three Kubernetes nodes, from 30 random placements of $masters x (1 + $replicasPerMaster)', shape => {
    const { masters, replicasPerMaster } = shape;
    const random = randomNumbers(3 * masters + replicasPerMaster);
    for (let round = 0; round < 30; round++) {
      // Spread evenly, as Kubernetes does it, but in any order.
      const kubernetesNodes = Array.from({ length: masters * (1 + replicasPerMaster) }, (_, pod) => ({ node: `node${pod % 3}`, rank: random(1000) }))
        .sort((one, other) => one.rank - other.rank).map(({ node }) => node);
      const pods = formCluster(freshPods(kubernetesNodes), Array.from({ length: masters }, (_, pod) => pod), pod => pod % masters);

      settle(shape, pods);

      const most = Math.max(...['node0', 'node1', 'node2'].map(node => pods.filter(pod => pod.slots && pod.kubernetesNode === node).length));
      expect({ kubernetesNodes, most }).toEqual({ kubernetesNodes, most: Math.ceil(masters / 2) - 1 });
    }
  });

  test('gives a master the replica that need not change places afterwards, as each move is a full copy', () => {
    const pods = formCluster(freshPods([...'abc', ...'cba', ...'cab']), [0, 1, 2], pod => [0, 0, 1, 1, 2, 0][pod - 3]);

    expect(replications(plan({ masters: 3, replicasPerMaster: 2 }, pods))).toEqual([[4, idOf(2)]]);
    expect(settle({ masters: 3, replicasPerMaster: 2 }, pods)).toBe(1);
  });

  test('gives up at most one replica of a master at a time', () => {
    const pods = formCluster(freshPods([...'abc', ...'abc', ...'abc']), [0, 1, 2], pod => pod % 3);

    const movedFrom = replications(plan({ masters: 3, replicasPerMaster: 2 }, pods)).map(([pod]) => pod % 3);

    expect(movedFrom).toHaveLength(2);
    expect(new Set(movedFrom).size).toBe(2);
  });

  test.each([
    ['the replica elsewhere takes over when one Kubernetes node has two masters of three', [...'aab', ...'cca'], ['send 3 CLUSTER FAILOVER']],
    ['nothing changes when each Kubernetes node has one master', [...'abc', ...'bca'], []],
    ['nothing changes when a handover would only shift the crowd', [...'aab', ...'bba'], []],
    ['nothing changes on a single Kubernetes node', [...'aaa', ...'aaa'], []],
  ])('%s', (_name, kubernetesNodes, expected) => {
    const pods = formCluster(freshPods(kubernetesNodes), [0, 1, 2], pod => pod - 3);

    expect(plan(shapes[0], pods).filter(line => /^send /.test(line))).toEqual(expected);
  });
});

test('waits with a takeover until the masters vote about a master again that has just started', () => {
  const pods = formCluster(freshPods([...'aabcca']), [0, 1, 2], pod => pod - 3);
  const planAfter = (uptime: number) => {
    pods.forEach(pod => { pod.uptime = uptime; });
    return plan({ masters: 3, replicasPerMaster: 1 }, pods);
  };

  expect(commands(planAfter(10))).toEqual([]);
  expect(words('wait', planAfter(10))).toEqual(['the masters to vote again about redis-cluster-0, which just started']);
  expect(commands(planAfter(11))).toEqual(['send 3 CLUSTER FAILOVER']);
});

test.each([
  ['an exchange of replicas', 'abcabc'],
  ['a takeover', 'aabcca'],
])('puts %s off while pods are replaced one by one', (_name, kubernetesNodes) => {
  const pods = formCluster(freshPods([...kubernetesNodes]), [0, 1, 2], pod => pod - 3);
  const planWithUptime = (uptime: number) => {
    pods[4].uptime = uptime;
    return plan({ masters: 3, replicasPerMaster: 1 }, pods);
  };

  expect(commands(planWithUptime(15))).toEqual([]);
  expect(words('wait', planWithUptime(15))).toEqual(['the end of a rollout, before roles are moved']);
  expect(commands(planWithUptime(20))).not.toEqual([]);
});
