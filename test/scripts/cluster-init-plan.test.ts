import { commands, formCluster, formedPods, freshPods, idOf, KnownNode, now, plan, Pod, replications, staleNode, unknownPods, words } from '../support/servers/planner';

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
    expect(words('wait', lines)).toEqual(['an answer of the pods 2 4 5']);
  });

  test.each([
    'NOAUTH Authentication required.',
    'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.',
    'NOPERM this user has no permissions to run the \'cluster|nodes\' command',
    'ERR This instance has cluster support disabled\ncluster_enabled:0',
  ])('are not waited for when they reply %j', replies => {
    const pods = unknownPods();
    pods[1].replies = replies;

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)).toHaveLength(1);
  });

  test.each([
    'MISCONF Redis is configured to save RDB snapshots, but it\'s currently unable to persist to disk.',
    'MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to \'no\'.',
  ])('do not include one that shows its table, and says besides: %s', reply => {
    const pods = formedPods();
    pods[1].moreReplies = reply;

    expect(plan(shape, pods)).toContain('complete');
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

    expect(words('prepare', lines).filter(text => text.includes('EPOCH')).map(text => Number(text[0]))).toEqual([0, 2, 3, 4, 5]);
    expect([0, 1, 2, 3, 4, 5].map(pod => slotsFor(pod, lines))).toEqual(['0-5460', ...Array(5).fill(undefined)]);
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

    expect(commands(plan(shape, pods))).toEqual(['send 4 CLUSTER MEET 10.0.0.3 6379 16379']);
  });

  test('of 200 pods starts with a few for each, by which all are connected', () => {
    const pods = freshPods(Array(200).fill('-')).map(pod => ({ ...pod, epoch: 0 }));
    pods.forEach(pod => { pod.table = [pod]; });
    const introductions = words('send', plan({ masters: 100, replicasPerMaster: 1 }, pods))
      .map(text => /^(\d+) CLUSTER MEET 10\.0\.0\.(\d+) /.exec(text)!.slice(1).map(Number));

    for (const pod of pods.keys()) {
      expect(introductions.filter(([from]) => from === pod)).toHaveLength(8);
    }
    const known = new Set([0]);
    known.forEach(pod => introductions.forEach(pair => { if (pair.includes(pod)) { pair.forEach(other => known.add(other)); } }));
    expect(known.size).toBe(200);
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
    const others = formCluster(unknownPods(), [3, 4, 5], () => 3);
    [0, 1, 2].forEach(pod => { pods[pod].table = pods.slice(0, 3); });
    [3, 4, 5].forEach(pod => { Object.assign(pods[pod], { ...others[pod], table: others.slice(3) }); });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)).toHaveLength(1);
  });

  test('waits while a pod knows a live node that is none of the pods', () => {
    const pods = formedPods();
    pods[5].table = [pods[5]];

    const lines = plan(shape, pods, [{ id: idOf(99), address: '10.0.0.99' }]);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['unknown nodes to go']);
  });

  test('takes a node for a live one that is being introduced, or answered lately and is not failed for all, and none without an address', () => {
    const [introduced, cut, failed, silent, nowhere] = [
      { flags: 'handshake' },
      { link: 'disconnected', pong: (now - 3) * 1000 },
      { link: 'disconnected', pong: (now - 3) * 1000, flags: 'master,fail' },
      { link: 'disconnected', pong: (now - 9) * 1000, flags: 'master,fail?' },
      { address: '' },
    ].map(state => words('wait', plan(shape, formedPods(), [{ id: idOf(99), address: '10.0.0.99', ...state }])));

    expect(introduced).toEqual(['unknown nodes to go']);
    expect(cut).toEqual(['unknown nodes to go']);
    expect(failed).not.toContain('unknown nodes to go');
    expect(silent).not.toContain('unknown nodes to go');
    expect(nowhere).not.toContain('unknown nodes to go');
  });

  test('never lets a pod into a cluster in which a lost node has its slots', () => {
    const pods = formedPods().map((pod, ordinal) => ordinal === 0 ? { ...pod, slots: undefined } : pod);
    pods.forEach(pod => { pod.table = [...pods.slice(0, 5), { ...staleNode, slots: '0-5460' }]; });
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
    expect(words('wait', lines)).toEqual(['different nodes at different addresses']);
  });
});

/** The slots that a plan gives to a pod, as a range. */
function slotsFor(pod: number, lines: string[]): string | undefined {
  const slots = lines.find(line => line.startsWith(`prepare ${pod} CLUSTER ADDSLOTS `))?.split(' ').slice(4).map(Number);
  return slots?.every((slot, index) => slot === slots[0] + index) ? `${slots[0]}-${slots.at(-1)}` : slots?.join(',');
}

describe('slots', () => {
  test('that are missing as whole parts go to the masters that have none', () => {
    const pods = unknownPods();
    pods[1].slots = '5461-10922';

    const lines = plan(shape, pods);

    expect([0, 1, 2, 3, 4, 5].map(pod => slotsFor(pod, lines)))
      .toEqual(['0-5460', undefined, '10923-16383', undefined, undefined, undefined]);
    expect(replications(lines)).toEqual([[3, idOf(2)], [4, idOf(0)], [5, idOf(1)]]);
  });

  test.each([
    ['part of the slots of a master is missing', ['0-5460', '5461-9999 10001-10922', '10923-16383']],
    ['slots are missing, and every master has some', ['0-16', '17-5460', '10923-16383']],
  ])('assigned by hand are left alone when %s', (_name, slots) => {
    const pods = formedPods();
    slots.forEach((text, pod) => { pods[pod].slots = text; });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('stop', lines)[0]).toContain('redis-cli --cluster fix 10.0.0.0:6379');
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

    const lines = plan(shape, pods, [{ ...staleNode, slots: '0-99 200-5460' }]);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['a master of the slots 0-99 200-5460']);
  });

  /** Nine pods of which the replicas 3 and 6 have lost their master, which is none of the pods. */
  function podsWithoutMaster(): Pod[] {
    const pods = formCluster(freshPods(Array(9).fill('-')), [0, 1, 2], pod => pod % 3);
    Object.assign(pods[0], { slots: undefined });
    [3, 6].forEach(pod => { pods[pod].master = staleNode.id; });
    [[3, 80], [6, 90]].forEach(([pod, offset]) => { pods[pod].moreReplies = `slave_repl_offset:${offset}\r\nmaster_sync_in_progress:0\r`; });
    return pods;
  }

  const lost: KnownNode = { ...staleNode, slots: '0-5460' };
  const planWithout = (pods: Pod[], others: KnownNode[] = [lost]) => plan({ masters: 3, replicasPerMaster: 2 }, pods, others);

  test.each<[string, KnownNode]>([
    ['failed', lost],
    ['has no address, as a new node is at it', { ...lost, address: '', flags: 'master,noaddr' }],
  ])('of a node that %s go to its replica with the most data by force', (_name, node) => {
    const lines = planWithout(podsWithoutMaster(), [node]);

    expect(commands(lines)).toEqual(['send 6 CLUSTER FAILOVER FORCE']);
    expect(words('await', lines)).toEqual(['6']);
  });

  test.each<[string, (pods: Pod[]) => void, KnownNode[]]>([
    ['a pod does not answer, which may be that node', pods => { pods[1].replies = 'LOADING'; }, [lost]],
    ['nothing says how complete their data are', pods => [3, 6].forEach(pod => { pods[pod].moreReplies = 'slave_repl_offset:1\r'; }), [lost]],
    ['the best of them is being copied to', pods => { pods[6].moreReplies = 'slave_repl_offset:90\r\nmaster_sync_in_progress:1\r'; }, [lost]],
    ['most pods only suspect it', () => undefined, [{ ...lost, flags: 'master,fail?' }]],
    ['Redis may be about to vote', () => undefined, [{ ...lost, pong: (now - 9) * 1000 }]],
    ['most masters are lost', pods => { pods[1].slots = undefined; }, [lost, { ...lost, id: idOf(98), slots: '5461-10922' }]],
  ])('are not given to replicas when %s, but the command is named', (_name, disturb, others) => {
    const pods = podsWithoutMaster();
    disturb(pods);

    const lines = planWithout(pods, others);

    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines).filter(text => /CLUSTER FAILOVER FORCE.* redis-cluster-[36] /.test(text))).toHaveLength(1);
  });

  test('claimed twice belong to the higher epoch, and the other is left to find out', () => {
    const pods = formedPods();
    const promoted = pods.map(pod => pod.id === idOf(0) ? { ...pod, slots: undefined }
      : pod.id === idOf(4) ? { ...pod, master: undefined, slots: '0-5460', epoch: 9 } : pod);
    pods.forEach((pod, ordinal) => { pod.table = ordinal === 0 ? [...pods] : promoted; });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toContain('redis-cluster-0 to see that its slots have a new owner');
  });
});
