import { commands, formCluster, formedPods, idOf, KnownNode, now, plan, Pod, replications, staleNode, unknownPods, words } from '../support/servers/planner';

const shape = { masters: 3, replicasPerMaster: 1 };

describe('replicas', () => {
  test('are not made of a master that has keys', () => {
    const pods = formedPods();
    Object.assign(pods[3], { master: undefined, keys: 12 });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toContain('redis-cluster-3 to be empty');
  });

  test('that an empty pod is missing for a master are made of it', () => {
    const pods = formedPods();
    Object.assign(pods[3], { master: undefined });

    expect(commands(plan(shape, pods))).toEqual([`send 3 CLUSTER REPLICATE ${idOf(2)}`]);
  });

  test('of a replica get its master', () => {
    const pods = formedPods();
    pods[3].master = idOf(4);

    expect(commands(plan(shape, pods))).toEqual([`send 3 CLUSTER REPLICATE ${idOf(2)}`]);
  });
});

describe('replication', () => {
  const follows = (host: string, link: string) => `master_host:${host}\r\nmaster_link_status:${link}\r`;

  test('is set anew when it tries an old address of the master', () => {
    const pods = formedPods();
    pods[3].moreReplies = follows('10.0.9.9', 'down');
    pods[4].moreReplies = follows('10.0.0.0', 'down');

    expect(commands(plan(shape, pods))).toEqual([`send 3 CLUSTER REPLICATE ${idOf(2)}`]);
  });

  test('that is up, or on its way, is not disturbed', () => {
    const pods = formedPods();
    pods[3].moreReplies = follows('another-name', 'up');
    pods[4].moreReplies = follows('10.0.0.0', 'down');

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual(['replication']);
    expect(lines).not.toContain('complete');
  });
});

describe('a node that is none of the pods', () => {
  const others = (changes: Partial<KnownNode>): KnownNode[] => [{ ...staleNode, ...changes }];
  const ago = (seconds: number) => (now - seconds) * 1000;

  test.each<[string, Partial<KnownNode>]>([
    ['failed', {}],
    ['has no address', { address: '', flags: 'slave,noaddr' }],
    ['last answered two minutes ago', { pong: ago(120) }],
  ])('is forgotten by all when it %s and has no slots', (_name, changes) => {
    expect(commands(plan(shape, formedPods(), others(changes))).sort())
      .toEqual([0, 1, 2, 3, 4, 5].map(pod => `send ${pod} CLUSTER FORGET ${staleNode.id}`));
  });

  test.each<[string, Partial<KnownNode>, (pods: Pod[]) => void]>([
    ['pods only suspect it', { flags: 'master,fail?' }, () => undefined],
    ['it has slots', { slots: '0-5460' }, pods => { pods[0].slots = undefined; }],
    ['it answered within the last two minutes', { pong: ago(119) }, () => undefined],
    ['it answered another pod within the last two minutes', {}, pods => { pods[2].table = [...pods, { ...staleNode, pong: ago(119) }]; }],
    ['a pod still finds it healthy', {}, pods => { pods[2].table = [...pods, { ...staleNode, address: '10.0.0.1', flags: 'master', link: 'connected' }]; }],
    ['a pod only suspects it', {}, pods => { pods[2].table = [...pods, { ...staleNode, flags: 'master,fail?' }]; }],
    ['not all pods are well', {}, pods => { pods[2].table = [...pods.slice(0, 5), { ...pods[5], flags: 'slave,fail?' }, staleNode]; }],
  ])('is not forgotten when %s', (_name, changes, disturb) => {
    const pods = formedPods();
    disturb(pods);

    const lines = plan(shape, pods, others(changes));

    expect(commands(lines)).toEqual([]);
    expect(lines).not.toContain('complete');
  });

  test('is not forgotten while a pod replicates it, nor while a node does that is forgotten before', () => {
    const replica = formedPods();
    replica[4].master = staleNode.id;
    expect(commands(plan(shape, replica, [staleNode]))).toEqual([`send 4 CLUSTER REPLICATE ${idOf(0)}`]);

    const follower: KnownNode = { id: idOf(98), address: '10.0.0.98', flags: 'slave,fail', link: 'disconnected', master: staleNode.id };
    expect(commands(plan(shape, formedPods(), [staleNode, follower])).sort())
      .toEqual([0, 1, 2, 3, 4, 5].map(pod => `send ${pod} CLUSTER FORGET ${follower.id}`));
  });
});

describe('success', () => {
  test('is a complete cluster, and nothing to do', () => {
    const lines = plan(shape, formedPods());

    expect(commands(lines)).toEqual([]);
    expect(lines.at(-1)).toBe('complete');
    expect(words('say', lines)).toEqual([
      '6 of 6 pods answer',
      'the cluster is complete: 16384 slots on 3 masters, 3 replicas in sync',
      '  redis-cluster-0 (10.0.0.0): master of 0-5460',
      '  redis-cluster-1 (10.0.0.1): master of 5461-10922',
      '  redis-cluster-2 (10.0.0.2): master of 10923-16383',
      '  redis-cluster-3 (10.0.0.3): replica of redis-cluster-2',
      '  redis-cluster-4 (10.0.0.4): replica of redis-cluster-0',
      '  redis-cluster-5 (10.0.0.5): replica of redis-cluster-1',
    ]);
  });

  const alone = (change: (node: KnownNode) => void) => (pods: Pod[]) => {
    pods[1].table = pods.map(pod => ({ ...pod }));
    change(pods[1].table[5]);
  };

  test.each<[string, (pods: Pod[]) => void, string]>([
    ['a replica is not in sync', pods => { pods[3].moreReplies = 'master_host:10.0.0.2\r\nmaster_link_status:down\r'; }, 'replication'],
    ['a pod does not serve', pods => { pods[1].moreReplies = 'cluster_state:fail\r'; }, 'cluster_state:ok'],
    ['a pod suspects another', alone(pod => { pod.flags = 'slave,fail?'; }), 'every pod to reach all others'],
    ['a pod does not know of a replica', alone(pod => { pod.master = undefined; }), 'agreement on roles and slots'],
    ['a pod does not know of slots', pods => { alone(() => undefined)(pods); pods[1].table![2].slots = undefined; }, 'agreement on roles and slots'],
    ['a handshake is left', pods => { pods[1].table = [...pods, { id: idOf(88), address: '10.0.0.5', flags: 'handshake', link: 'disconnected' }]; },
      'the pods to forget other nodes'],
  ])('is denied when %s', (_name, disturb, goal) => {
    const pods = formedPods();
    disturb(pods);

    const lines = plan(shape, pods);

    expect(lines).not.toContain('complete');
    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toEqual([goal]);
  });

  test('is denied to six masters without a replica, which Redis itself calls ok', () => {
    const lines = plan(shape, formCluster(unknownPods(), [0, 1, 2], () => 0).map(pod => ({ ...pod, master: undefined })));

    expect(lines).not.toContain('complete');
    expect(replications(lines)).toHaveLength(3);
  });
});
