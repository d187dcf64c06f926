import { commands, formCluster, freshPods, idOf, plan, Pod, replications, words } from '../support/servers/planner';

/** Three masters with a replica each, and so many pods that are new. */
function clusterOf(count: number): Pod[] {
  const pods = formCluster(freshPods(Array(count).fill('-')), [0, 1, 2], pod => (pod - 1) % 3);
  pods.slice(6).forEach(pod => { pod.master = undefined; });
  return pods;
}

/** Six masters, of which the last six pods are three with their replicas. */
const sixMasters = (): Pod[] => formCluster(freshPods(Array(12).fill('-')), [0, 1, 2, 6, 7, 8], pod => pod < 6 ? pod - 3 : pod - 3);

const sixWanted = { masters: 6, replicasPerMaster: 1 };
const threeStay = { masters: 3, replicasPerMaster: 1, pods: 12 };

interface Move { readonly from: number; readonly to: number; readonly acks: number; readonly how: string; readonly slots: number[] }

function moves(lines: string[]): Move[] {
  return words('move', lines).map(line => {
    const [from, to, source, sourceId, target, targetId, acks, how, ...ranges] = line.split(' ');
    const ordinal = (name: string): number => Number(name.replace('redis-cluster-', ''));
    expect([source, target, sourceId, targetId])
      .toEqual([`10.0.0.${ordinal(from)}`, `10.0.0.${ordinal(to)}`, idOf(ordinal(from)), idOf(ordinal(to))]);
    const slots = ranges.flatMap(range => {
      const [first, last] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
    return { from: ordinal(from), to: ordinal(to), acks: Number(acks), how, slots };
  });
}

const withSlot = (pods: Pod[], ordinal: number, mark: string): void => { pods[ordinal].slots = `${pods[ordinal].slots ?? ''} ${mark}`.trim(); };

describe('slots go to new masters', () => {
  test('from each of the others, at the same time, when the new ones have their replicas', () => {
    const pods = clusterOf(12);
    expect(moves(plan(sixWanted, pods))).toEqual([]);
    expect(replications(plan(sixWanted, pods))).toEqual([[9, idOf(6)], [10, idOf(7)], [11, idOf(8)]]);
    [9, 10, 11].forEach(pod => { pods[pod].master = idOf(pod - 3); });

    const lines = plan(sixWanted, pods);

    expect(commands(lines)).toEqual([]);
    expect(moves(lines).map(({ from, to, acks, how, slots }) => [from, to, acks, how, slots.length]))
      .toEqual([[2, 6, 1, 'keys', 1024], [1, 7, 1, 'keys', 1024], [0, 8, 1, 'keys', 1024]]);
    expect(words('left', lines)).toEqual(['8191']);
    expect(lines).not.toContain('complete');
  });

  test('and nothing is complete where an interrupted move cannot go on', () => {
    const pods = formCluster(freshPods(Array(6).fill('-')), [0, 1, 2], pod => pod - 3);
    withSlot(pods, 0, `[7->-${idOf(1)}]`);
    withSlot(pods, 1, `[7-<-${idOf(0)}]`);
    pods[0].moreReplies = 'db1:keys=3,expires=0,avg_ttl=0\r';

    const lines = plan({ masters: 3, replicasPerMaster: 1 }, pods);

    expect(words('stop', lines)).toHaveLength(1);
    expect(lines).not.toContain('complete');
  });

  test.each<[from: string, to: string, variables: Record<string, string>, how: string]>([
    ['valkey_version:9.1.2', 'valkey_version:9.0.0', {}, 'source'],
    ['valkey_version:9.1.2', 'valkey_version:8.1.1', {}, 'keys'],
    ['valkey_version:9.1.2', 'valkey_version:9.1.2', { mover: 'mover' }, 'keys'],
    ['valkey_version:9.1.2', 'valkey_version:9.1.2', { keys_per_second: '100' }, 'keys'],
    ['redis_version:8.10.0', 'redis_version:8.4.0', {}, 'target'],
    ['redis_version:8.10.0', 'redis_version:8.4.0', { mover: 'mover' }, 'target'],
    ['redis_version:8.10.0', 'redis_version:8.4.0', { keys_per_second: '100' }, 'keys'],
    ['redis_version:8.4.0', 'redis_version:8.2.3', {}, 'keys'],
    ['redis_version:8.6.3', 'valkey_version:9.1.2', {}, 'keys'],
  ])('by the servers themselves where both can: from %s to %s with %j by %s', (from, to, variables, how) => {
    const pods = clusterOf(8);
    pods[7].master = idOf(6);
    pods[2].moreReplies = `${from}\r`;
    pods[6].moreReplies = `${to}\r`;
    expect(moves(plan({ masters: 4, replicasPerMaster: 1, variables }, pods)).map(move => [move.from, move.how])).toEqual([[2, how]]);
  });

  test('until any two masters differ by one slot at most', () => {
    const pods = clusterOf(8);
    pods[7].master = idOf(6);
    pods[0].slots = '0-4095';
    pods[1].slots = '5461-9556';
    pods[2].slots = '10923-15018';
    pods[6].slots = '4096-5459 9557-10922 15019-16382';
    withSlot(pods, 0, '5460');
    withSlot(pods, 1, '16383');
    expect(moves(plan({ masters: 4, replicasPerMaster: 1 }, pods)).map(({ slots }) => slots.length)).toEqual([1]);
    pods[0].slots = '0-4095';
    pods[1].slots = '5461-9556';
    pods[6].slots = '4096-5460 9557-10922 15019-16383';
    expect(plan({ masters: 4, replicasPerMaster: 1 }, pods)).toContain('complete');
  });

  test('only while all is served and in sync', () => {
    const pods = clusterOf(8);
    pods[7].master = idOf(6);
    pods[4].moreReplies = 'master_link_status:down\r\nmaster_host:10.0.0.0\r';
    const lines = plan({ masters: 4, replicasPerMaster: 1 }, pods);
    expect(moves(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['replication']);
  });

  test('of which a replica that its master does not need becomes one where no pod is new', () => {
    const pods = formCluster(freshPods(Array(12).fill('-')), [0, 1, 2], pod => pod % 3);
    expect(commands(plan(sixWanted, pods))).toEqual(['send 3 CLUSTER RESET SOFT']);
    pods.forEach(pod => { if (pod.master) pod.moreReplies = 'master_link_status:down\r'; });
    expect(commands(plan(sixWanted, pods))).toEqual([]);
  });
});

describe('a plan', () => {
  const said = (pods: Pod[], wanted: typeof sixWanted) => words('say', plan({ ...wanted, isPlan: true }, pods));

  test('says what would move, with pods that are not there yet', () => {
    const pods = clusterOf(6).map(pod => ({ ...pod, keys: 1000, moreReplies: 'used_memory:11534336\r\nused_memory_startup:1048576\r' }));
    expect(said(pods, sixWanted)).toEqual([
      '6 pods are new', '12 of 12 pods answer',
      'redis-cluster-9 (new) replicates redis-cluster-6 (new)', 'redis-cluster-10 (new) replicates redis-cluster-7 (new)',
      'redis-cluster-11 (new) replicates redis-cluster-8 (new)',
      '2730 slots go from redis-cluster-2 to redis-cluster-6: about 499 keys, 5.0 MiB',
      '1 slots go from redis-cluster-1 to redis-cluster-6: about 0 keys, 0.0 MiB',
      '2730 slots go from redis-cluster-1 to redis-cluster-7: about 499 keys, 5.0 MiB',
      '2730 slots go from redis-cluster-0 to redis-cluster-8: about 499 keys, 5.0 MiB',
    ]);
  });

  test('waits for a pod that the others know, and that has no address just now', () => {
    const pods = clusterOf(6);
    pods[5] = { ...pods[5], address: '-' };
    expect(said(pods, sixWanted)).toEqual(['5 of 12 pods answer']);
    expect(said(pods, { masters: 3, replicasPerMaster: 1 })).toEqual(['5 of 6 pods answer']);
  });

  test('of a cluster that is as wanted says so', () => {
    expect(plan({ masters: 3, replicasPerMaster: 1, isPlan: true }, clusterOf(6))).toContain('complete');
  });
});

describe('pods that leave', () => {
  test('give their slots to those that stay', () => {
    const lines = plan(threeStay, sixMasters());
    expect(commands(lines)).toEqual([]);
    expect(moves(lines).map(({ from, to }) => [from, to])).toEqual([[8, 0], [7, 1], [6, 2]]);
  });

  test('are replicas in the end, and the rest is complete without them', () => {
    const pods = formCluster(freshPods(Array(12).fill('-')), [0, 1, 2], pod => (pod - 1) % 3);
    pods[6].master = undefined;
    pods[9].master = idOf(6);
    expect(replications(plan(threeStay, pods))).toEqual([[6, idOf(0)], [9, idOf(0)]]);
    pods[6].master = idOf(0);
    pods[9].master = idOf(0);
    const lines = plan(threeStay, pods);
    expect(lines).toContain('complete');
    expect(words('say', lines)).toContain('the pods from redis-cluster-6 on may go: apply without scaleInFrom');
  });

  test('hand over to a replica that stays, where the others lack a master', () => {
    const pods = formCluster(freshPods(Array(8).fill('-')), [0, 1, 7], pod => pod % 3 === 2 ? 7 : pod % 3);
    const lines = plan({ masters: 3, replicasPerMaster: 1, pods: 8 }, pods);
    expect(commands(lines)).toEqual(['send 2 CLUSTER FAILOVER']);
    expect(words('await', lines)).toEqual(['2']);
  });

  test('keep their replicas until they have no slots', () => {
    const pods = sixMasters();
    pods[5].master = idOf(8);
    expect(commands(plan(threeStay, pods))).toEqual([]);
  });

  test('may be masters that a smaller number of them does not need', () => {
    const pods = formCluster(freshPods(Array(6).fill('-')), [0, 1, 2, 3, 4, 5], () => 0);
    const found = moves(plan({ masters: 3, replicasPerMaster: 1 }, pods));
    expect(found.flatMap(({ from, to }) => [from, to]).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a slot that an interrupted move left on its way', () => {
  const shape = { masters: 3, replicasPerMaster: 1 };
  const formed = (): Pod[] => clusterOf(6);

  test.each<[string, (pods: Pod[]) => void]>([
    ['is marked at both ends', pods => { withSlot(pods, 0, `[7->-${idOf(1)}]`); withSlot(pods, 1, `[7-<-${idOf(0)}]`); }],
    ['is marked at its owner alone', pods => withSlot(pods, 0, `[7->-${idOf(1)}]`)],
    ['is marked at its receiver alone', pods => withSlot(pods, 1, `[7-<-${idOf(0)}]`)],
    ['was to go to a master from which its replica took over', pods => withSlot(pods, 0, `[7->-${idOf(5)}]`)],
    ['was to come from a master from which its replica took over', pods => withSlot(pods, 1, `[7-<-${idOf(4)}]`)],
  ])('goes on when it %s', (_, disturb) => {
    const pods = formed();
    disturb(pods);
    expect(moves(plan(shape, pods))).toEqual([{ from: 0, to: 1, acks: 1, how: 'keys', slots: [7] }]);
  });

  test('is claimed by its receiver when nobody has it', () => {
    const pods = formed();
    pods[0].slots = '0-6 8-5460';
    withSlot(pods, 1, `[7-<-${idOf(0)}]`);
    expect(commands(plan(shape, pods))).toEqual([`send 1 CLUSTER SETSLOT 7 NODE ${idOf(1)}`]);
  });

  test.each<[string, (pods: Pod[]) => void, string]>([
    ['its receiver is gone', pods => withSlot(pods, 0, `[7->-${idOf(77)}]`), 'send 0 CLUSTER SETSLOT 7 STABLE'],
    ['its receiver has it', pods => withSlot(pods, 0, `[7-<-${idOf(1)}]`), 'send 0 CLUSTER SETSLOT 7 STABLE'],
  ])('stays where it is when %s', (_, disturb, command) => {
    const pods = formed();
    disturb(pods);
    expect(commands(plan(shape, pods))).toEqual([command]);
  });

  test('is not of interest where a replica says so', () => {
    const pods = formed();
    withSlot(pods, 4, `[7-<-${idOf(1)}]`);
    expect(plan(shape, pods)).toContain('complete');
  });
});
