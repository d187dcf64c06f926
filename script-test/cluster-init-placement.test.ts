import { Shape } from './support/cluster-init';
import { commands, formCluster, freshPods, idOf, plan, Pod, replications, words } from './support/planner';

const shapes = [
  { masters: 3, replicasPerMaster: 1 },
  { masters: 3, replicasPerMaster: 3 },
  { masters: 6, replicasPerMaster: 1 },
];
const awks: [string, number][] = [['mawk', 100], ['gawk', 10], ['busybox awk', 10]];

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
function shared(kubernetesNodes: string[], masters: number, assignment: number[]): number {
  return assignment.filter((master, index) => kubernetesNodes[master] === kubernetesNodes[masters + index]).length;
}

const ordinalOf = (id: string): number => parseInt(id.slice(0, 2), 16);

describe.each(awks)('placement by %s, in %d random cases', (awk, rounds) => {
  test.each(shapes)('puts no pair on one Kubernetes node that could be apart, of $masters x (1 + $replicasPerMaster)', shape => {
    const { masters, replicasPerMaster } = shape;
    const random = randomNumbers(masters * 100 + replicasPerMaster);
    const assignments = everyAssignment(masters, replicasPerMaster);
    for (let round = 0; round < rounds; round++) {
      const machines = 2 + random(4);
      const kubernetesNodes = Array.from({ length: masters * (1 + replicasPerMaster) }, () => `node${random(machines)}`);

      const chosen = replications(plan(shape, freshPods(kubernetesNodes), [], awk)).map(([, id]) => ordinalOf(id));

      expect([...chosen].sort()).toEqual(assignments[0]);
      expect({ kubernetesNodes, shared: shared(kubernetesNodes, masters, chosen) })
        .toEqual({ kubernetesNodes, shared: Math.min(...assignments.map(assignment => shared(kubernetesNodes, masters, assignment))) });
    }
  });
});

describe('placement', () => {
  test('pairs pods as the documents do where their Kubernetes nodes leave the choice', () => {
    const expected: [number, string][] = [[3, idOf(2)], [4, idOf(0)], [5, idOf(1)]];

    expect(replications(plan(shapes[0], freshPods(Array(6).fill('-'))))).toEqual(expected);
    expect(replications(plan(shapes[0], freshPods(Array(6).fill('laptop'))))).toEqual(expected);
    expect(replications(plan(shapes[0], freshPods(['a', 'b', 'c', 'a', 'b', 'c'])))).toEqual(expected);
  });

  test('puts the replicas of one master on different Kubernetes nodes', () => {
    const pods = freshPods(['a', 'a', 'a', 'b', 'c', 'd', 'b', 'c', 'd', 'b', 'c', 'd']);

    const groups = new Map<string, string[]>();
    replications(plan(shapes[1], pods)).forEach(([pod, id]) =>
      groups.set(id, [...groups.get(id) ?? [], pods[pod].kubernetesNode!]));

    expect([...groups.values()].map(nodes => nodes.sort())).toEqual([['b', 'c', 'd'], ['b', 'c', 'd'], ['b', 'c', 'd']]);
  });
});

/** Follows the plans, one exchange after the other, until nothing is left to do; returns how many replicas moved. */
function settle(shape: Shape, pods: Pod[]): number {
  let moves = 0;
  for (let round = 0; round < 20; round++) {
    const lines = plan(shape, pods, [], 'mawk');
    if (lines.includes('complete')) {
      return moves;
    }
    const moved = replications(lines);
    const heirs = lines.flatMap(line => /^send (\d+) CLUSTER FAILOVER$/.exec(line)?.[1] ?? []).map(Number);
    expect([moved.length > 0, heirs.length === 1]).toContain(true);
    moved.forEach(([pod, id]) => { pods[pod].master = id; });
    heirs.forEach(heir => failOver(pods, heir));
    moves += moved.length;
  }
  throw new Error('the plans come to no end');
}

function failOver(pods: Pod[], heir: number): void {
  const { id, master: former } = pods[heir];
  Object.assign(pods[heir], { slots: pods[ordinalOf(former!)].slots, master: undefined });
  Object.assign(pods[ordinalOf(former!)], { slots: undefined, master: id });
  pods.filter(pod => pod.master === former).forEach(pod => { pod.master = id; });
}

describe('a formed cluster', () => {
  test.each(shapes)('is put right with the fewest moves, in 30 random placements of $masters x (1 + $replicasPerMaster)', shape => {
    const { masters, replicasPerMaster } = shape;
    const random = randomNumbers(7 * masters + replicasPerMaster);
    const assignments = everyAssignment(masters, replicasPerMaster);
    for (let round = 0; round < 30; round++) {
      // Masters apart, so that none of them has to hand over.
      const kubernetesNodes = Array.from({ length: masters * (1 + replicasPerMaster) }, (_, pod) => `node${pod < masters ? pod : random(masters)}`);
      const present = Array.from({ length: masters * replicasPerMaster }, () => random(masters));
      const least = Math.min(...assignments.map(assignment => shared(kubernetesNodes, masters, assignment)));
      const fewest = Math.min(...assignments.filter(assignment => shared(kubernetesNodes, masters, assignment) === least)
        .map(assignment => assignment.filter((master, index) => master !== present[index]).length));
      const pods = formCluster(freshPods(kubernetesNodes), Array.from({ length: masters }, (_, pod) => pod), pod => present[pod - masters]);

      const moves = settle(shape, pods);

      const outcome = pods.slice(masters).map(pod => ordinalOf(pod.master!));
      expect({ kubernetesNodes, present, moves, shared: shared(kubernetesNodes, masters, outcome) })
        .toEqual({ kubernetesNodes, present, moves: fewest, shared: least });
      expect([...outcome].sort()).toEqual(assignments[0]);
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

  test('gives up at most one replica of a master at a time', () => {
    const pods = formCluster(freshPods([...'abc', ...'abc', ...'abc']), [0, 1, 2], pod => pod % 3);

    const movedFrom = replications(plan({ masters: 3, replicasPerMaster: 2 }, pods)).map(([pod]) => pod % 3);

    expect(movedFrom.length).toBeGreaterThan(1);
    expect(new Set(movedFrom).size).toBe(movedFrom.length);
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
  pods.forEach(pod => { pod.uptime = 10; });
  expect(commands(plan({ masters: 3, replicasPerMaster: 1 }, pods))).toEqual(['send 3 CLUSTER FAILOVER']); // nobody has voted yet

  pods.forEach(pod => { pod.currentEpoch = 7; });
  const lines = plan({ masters: 3, replicasPerMaster: 1 }, pods);

  expect(commands(lines)).toEqual([]);
  expect(words('wait', lines)).toEqual(['the masters to vote about redis-cluster-0 again, which started just now']);
  expect(words('lack', lines)).toEqual(['a has 2 of 3 masters']);
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
