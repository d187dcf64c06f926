import { commands, formCluster, formedPods, freshPods, ghost, idOf, now, plan, Pod, replications, unknownPods, words } from './support/planner';

const shape = { masters: 3, replicasPerMaster: 1 };

describe('pods that are not there yet', () => {
  test('are waited for before anything is done', () => {
    const pods = unknownPods();
    pods[2].address = '-';
    pods[4].replies = 'LOADING Redis is loading the dataset in memory\n'.repeat(3);
    pods[5].replies = '';

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('say', lines)).toEqual(['3 of 6 pods answer']);
    expect(words('wait', lines)).toEqual(['an address of redis-cluster-2', 'an answer of pods 4-5']);
    expect(words('lack', lines)).toEqual([
      'redis-cluster-2 has no address',
      'redis-cluster-4 (10.0.0.4) does not answer: LOADING Redis is loading the dataset in memory',
      'redis-cluster-5 (10.0.0.5) does not answer: no reply in time',
    ]);
  });

  test.each([
    ['NOAUTH Authentication required.', 'asks for a password, and none was given'],
    ['AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.',
      'refuses the password: AUTH failed: WRONGPASS invalid username-password pair or user is disabled.'],
    ['NOPERM this user has no permissions to run the \'cluster|nodes\' command',
      'does not permit what this Job needs: NOPERM this user has no permissions to run the \'cluster|nodes\' command'],
    ['PONG\n0\nERR This instance has cluster support disabled',
      'does not run in cluster mode: its configuration lacks \'cluster-enabled yes\''],
  ])('are not waited for when they reply %j', (replies, message) => {
    const pods = unknownPods();
    pods[1].replies = replies;

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)).toEqual([`redis-cluster-1 (10.0.0.1) ${message}`]);
  });
});

/** Six pods of which each knows only itself. */
function lonelyPods(): Pod[] {
  const pods = unknownPods().map(pod => ({ ...pod, epoch: 0 }));
  return pods.map(pod => Object.assign(pod, { table: [pod] }));
}

describe('the introduction', () => {
  test('lets everybody meet everybody, after epochs and slots are set, when nobody knows anybody', () => {
    const lines = plan(shape, lonelyPods());

    expect(words('prepare', lines).filter(text => text.includes('EPOCH')))
      .toEqual([0, 1, 2, 3, 4, 5].map(pod => `${pod} CLUSTER SET-CONFIG-EPOCH ${pod + 1}`));
    expect([0, 1, 2, 3, 4, 5].map(pod => slotsFor(pod, lines)))
      .toEqual(['0-5460', '5461-10922', '10923-16383', undefined, undefined, undefined]);
    expect(words('send', lines)).toHaveLength(30);
    expect(words('send', lines)).toContain('4 CLUSTER MEET 10.0.0.2 6379 16379');
  });

  test('goes on when it was interrupted before any pods met', () => {
    const pods = lonelyPods();
    Object.assign(pods[1], { slots: '5461-10922', epoch: 2 });
    Object.assign(pods[2], { slots: '10923-16383' });

    const lines = plan(shape, pods);

    expect(words('prepare', lines).map(text => text.slice(0, 26))).toEqual([
      ...[0, 2, 3, 4, 5].map(pod => `${pod} CLUSTER SET-CONFIG-EPOCH`), '0 CLUSTER ADDSLOTS 0 1 2 3 ',
    ].map(text => text.slice(0, 26)));
    expect(words('send', lines)).toHaveLength(30);
  });

  test('goes on when it was interrupted after some pods had met', () => {
    const pods = formCluster(unknownPods(), [0, 1, 2], () => 0).map((pod, ordinal) => ({ ...pod, ...ordinal > 2 ? { master: undefined } : {} }));
    [[0, 1], [2, 3], [4], [5]].forEach(group => group.forEach(pod => { pods[pod].table = group.map(other => pods[other]); }));

    const lines = plan(shape, pods);

    expect(words('prepare', lines)).toEqual([]);
    expect(words('send', lines)).toHaveLength(26);
  });

  test('corrects an outdated address, and nothing else', () => {
    const pods = formedPods();
    pods[0].table = [...pods.slice(0, 5), { ...pods[5], address: '10.0.9.9', link: 'disconnected', flags: 'slave,fail' }];

    expect(commands(plan(shape, pods))).toEqual(['send 0 CLUSTER MEET 10.0.0.5 6379 16379']);
  });

  test('tells a pod its own address', () => {
    const pods = formedPods();
    pods[3].table = pods.map((pod, ordinal) => ordinal === 3 ? { ...pod, address: '10.0.9.9' } : pod);

    expect(commands(plan(shape, pods))).toEqual(['send 0 CLUSTER MEET 10.0.0.3 6379 16379']);
  });

  test('is not repeated while a handshake is under way', () => {
    const pods = unknownPods();
    pods[0].table = [...pods.slice(0, 5), { id: idOf(77), address: '10.0.0.5', flags: 'handshake' }];

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines)).toEqual(['redis-cluster-0 has no link to redis-cluster-5']);
  });

  test('reads host names, shard ids, IPv6 addresses and other bus ports', () => {
    const pods = formedPods().map((pod, ordinal) => ({ ...pod, address: `fd00::${ordinal + 1}` }));
    const table = pods.map(pod => ({ ...pod, address: `${pod.address}:6379@17000,redis.example,tls-port=0,shard-id=abc` }));
    pods.forEach(pod => { pod.table = table; });
    expect(plan(shape, pods)).toContain('complete');

    pods[0].table = table.slice(0, 5);

    expect(commands(plan(shape, pods))).toEqual(['send 0 CLUSTER MEET fd00::6 6379 17000']);
  });

  test('never joins two clusters that have slots in common', () => {
    const pods = formedPods();
    const strangers = formCluster(unknownPods(), [3, 4, 5], () => 3);
    [0, 1, 2].forEach(pod => { pods[pod].table = pods.slice(0, 3); });
    [3, 4, 5].forEach(pod => { Object.assign(pods[pod], { ...strangers[pod], table: strangers.slice(3) }); });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)).toEqual([
      'the pods belong to different clusters, which have slots in common, and are left alone: pods 0-2 know nothing of pods 3-5',
    ]);
  });

  test('waits while a pod knows a live node that is none of the pods', () => {
    const pods = formedPods();
    pods[5].table = [pods[5]];

    const lines = plan(shape, pods, [{ id: idOf(99), address: '10.0.0.99' }]);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['strangers to go']);
    expect(words('lack', lines)[0]).toContain(`redis-cluster-0 knows a live node ${idOf(99)} at 10.0.0.99, which is none of the pods`);
  });

  test('takes a node for a live one that is being introduced, or answered lately and is not failed for all', () => {
    const [introduced, cut, failed, silent] = [
      { flags: 'handshake' },
      { link: 'disconnected', pong: (now - 3) * 1000 },
      { link: 'disconnected', pong: (now - 3) * 1000, flags: 'master,fail' },
      { link: 'disconnected', pong: (now - 9) * 1000, flags: 'master,fail?' },
    ].map(state => words('wait', plan(shape, formedPods(), [{ id: idOf(99), address: '10.0.0.99', ...state }])));

    expect(introduced).toEqual(['strangers to go']);
    expect(cut).toEqual(['strangers to go']);
    expect(failed).not.toContain('strangers to go');
    expect(silent).not.toContain('strangers to go');
  });

  test('never lets a pod into a cluster in which a lost node has its slots', () => {
    const pods = formedPods().map((pod, ordinal) => ordinal === 0 ? { ...pod, slots: undefined } : pod);
    pods.forEach(pod => { pod.table = [...pods.slice(0, 5), { ...ghost, slots: '0-5460' }]; });
    pods[5] = { ...unknownPods()[5], slots: '5460' };
    pods[5].table = [pods[5]];

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)[0]).toContain('redis-cluster-5');
  });

  test('waits while two addresses lead to the same node', () => {
    const pods = formedPods();
    pods[4] = { ...pods[3], address: '10.0.0.4' };
    pods.forEach(pod => { pod.table = formedPods(); });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines)).toEqual(['redis-cluster-4 and redis-cluster-3 are the same node: an outdated address, or a copied disk']);
  });
});

/** The slots that a plan gives to a pod, as a range. */
function slotsFor(pod: number, lines: string[]): string | undefined {
  const slots = lines.find(line => line.startsWith(`prepare ${pod} CLUSTER ADDSLOTS `))?.split(' ').slice(4).map(Number);
  return slots?.every((slot, index) => slot === slots[0] + index) ? `${slots[0]}-${slots.at(-1)}` : slots?.join(',');
}

describe('slots', () => {
  test('are completed by the master of the part they are in', () => {
    const pods = unknownPods();
    pods[1].slots = '5461-9999 10001-10922';

    const lines = plan(shape, pods);

    expect([0, 1, 2, 3, 4, 5].map(pod => slotsFor(pod, lines)))
      .toEqual(['0-5460', '10000-10000', '10923-16383', undefined, undefined, undefined]);
    expect(replications(lines)).toEqual([[3, idOf(2)], [4, idOf(0)], [5, idOf(1)]]);
  });

  test('stay with masters other than the first pods, and the lowest-numbered of the rest join them', () => {
    const pods = unknownPods();
    pods[5].slots = '10923-16383';

    const lines = plan(shape, pods);

    expect([0, 1, 2, 5].map(pod => slotsFor(pod, lines))).toEqual(['0-5460', '5461-10922', undefined, undefined]);
    expect(replications(lines).map(([pod]) => pod)).toEqual([2, 3, 4]);
  });

  test('of a lost node are never given away, and nobody becomes a replica meanwhile', () => {
    const pods = formedPods();
    Object.assign(pods[0], { slots: undefined });
    Object.assign(pods[4], { master: undefined });

    const lines = plan(shape, pods, [{ ...ghost, slots: '0-99 200-5460' }]);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['an owner of the slots 0-99, 200-5460']);
    expect(words('lack', lines)).toEqual([
      `the slots 0-99, 200-5460 belong to node ${idOf(99)}, which is none of the pods: bring its disk back, or give its keys up ` +
      'with redis-cli --cluster fix --cluster-fix-with-unreachable-masters',
    ]);
  });

  test('of a lost node are left to its replica', () => {
    const pods = formedPods();
    Object.assign(pods[0], { slots: undefined });
    Object.assign(pods[4], { master: idOf(99), keys: 12 });

    const lines = plan(shape, pods, [{ ...ghost, slots: '0-5460' }]);

    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines)[0]).toContain('if redis-cluster-4 (10.0.0.4), its replica, does not take over, send that one CLUSTER FAILOVER TAKEOVER');
  });

  test('of a node that answers no more, because a new one has its address, go to its replica by force', () => {
    const pods = formCluster(freshPods(Array(9).fill('-')), [0, 1, 2], pod => pod % 3);
    Object.assign(pods[0], { slots: undefined });
    [3, 6].forEach(pod => { pods[pod].master = idOf(99); });
    pods[6].keys = 12;
    [[3, 80], [6, 90]].forEach(([pod, offset]) => { pods[pod].moreReplies = `slave_repl_offset:${offset}\r`; });

    const lines = plan({ masters: 3, replicasPerMaster: 2 }, pods, [{ ...ghost, slots: '0-5460', address: '', flags: 'master,noaddr' }]);

    expect(commands(lines)).toEqual(['send 6 CLUSTER FAILOVER FORCE']);
    expect(words('say', lines)).toContain(`redis-cluster-6 (10.0.0.6) takes over with 12 keys from node ${idOf(99)}, in whose place a new one is`);
  });

  test('on more pods than there are to be masters are left there', () => {
    const pods = formedPods();
    Object.assign(pods[0], { slots: '0-99' });
    Object.assign(pods[3], { slots: '100-5460', master: undefined });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)[0]).toMatch(/^pods 0-3 hold slots, but only 3 masters are wanted: /);
  });

  test('that a new master lacks are not taken from the others', () => {
    const pods = formCluster(freshPods(Array(8).fill('-')), [0, 1, 2], pod => (pod - 1) % 3);
    Object.assign(pods[6], { master: undefined });
    Object.assign(pods[7], { master: undefined });

    const lines = plan({ masters: 4, replicasPerMaster: 1 }, pods);

    expect(replications(lines)).toEqual([[7, idOf(6)]]);
    expect(words('lack', lines)).toEqual([
      'redis-cluster-6 (10.0.0.6) is to be a master, but all slots are taken: give it some with redis-cli --cluster rebalance ' +
      '--cluster-use-empty-masters, which this Job does not do',
    ]);
  });

  test('claimed twice belong to the higher epoch, and the other is left to find out', () => {
    const pods = formedPods();
    const promoted = pods.map(pod => pod.id === idOf(0) ? { ...pod, slots: undefined }
      : pod.id === idOf(4) ? { ...pod, master: undefined, slots: '0-5460', epoch: 9 } : pod);
    pods.forEach((pod, ordinal) => { pod.table = ordinal === 0 ? [...pods] : promoted; });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines)).toContain('redis-cluster-0 (10.0.0.0) still claims the slots 0-5460');
  });
});
