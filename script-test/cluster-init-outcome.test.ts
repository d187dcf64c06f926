import { commands, formCluster, formedPods, ghost, idOf, KnownNode, plan, Pod, replications, unknownPods, words } from './support/planner';

const shape = { masters: 3, replicasPerMaster: 1 };

describe('replicas', () => {
  test('are not made of a master that has keys', () => {
    const pods = formedPods();
    Object.assign(pods[3], { master: undefined, keys: 12 });

    const lines = plan(shape, pods);

    expect(commands(lines)).toEqual([]);
    expect(words('wait', lines)).toContain('redis-cluster-3 to be empty');
    expect(words('lack', lines)).toContain(
      'redis-cluster-3 (10.0.0.3) holds 12 keys but no slots, so it cannot become a replica, which would lose them: save them if ' +
      'they are needed, and delete them');
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
    expect(words('wait', lines)).toEqual(['replication to redis-cluster-4']);
  });
});

describe('a node that is none of the pods', () => {
  test('is forgotten by all when it failed and has no slots', () => {
    expect(commands(plan(shape, formedPods(), [ghost])))
      .toEqual([0, 1, 2, 3, 4, 5].map(pod => `send ${pod} CLUSTER FORGET ${ghost.id}`));
  });

  test.each<[string, KnownNode]>([
    ['only one pod suspects it', { ...ghost, flags: 'master,fail?' }],
    ['it has slots', { ...ghost, slots: '0-5460' }],
  ])('is not forgotten when %s', (_name, other) => {
    const pods = formedPods();
    if (other.slots) {
      pods[0].slots = undefined;
    }

    const lines = plan(shape, pods, [other]);

    expect(commands(lines)).toEqual([]);
    expect(lines).not.toContain('complete');
  });

  test('is not forgotten when a pod still finds it healthy, nor while a pod replicates it', () => {
    const pods = formedPods();
    pods[2].table = [...pods, { ...ghost, address: '10.0.0.1', flags: 'master', link: 'connected' }];
    expect(commands(plan(shape, pods, [ghost]))).toEqual([]);

    const replica = formedPods();
    replica[4].master = ghost.id;
    expect(commands(plan(shape, replica, [ghost]))).toEqual([`send 4 CLUSTER REPLICATE ${idOf(0)}`]);
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
      '  redis-cluster-0  10.0.0.0  master of 0-5460',
      '  redis-cluster-1  10.0.0.1  master of 5461-10922',
      '  redis-cluster-2  10.0.0.2  master of 10923-16383',
      '  redis-cluster-3  10.0.0.3  replica of redis-cluster-2',
      '  redis-cluster-4  10.0.0.4  replica of redis-cluster-0',
      '  redis-cluster-5  10.0.0.5  replica of redis-cluster-1',
    ]);
  });

  const ready = 'PONG\n0\ncluster_state:ok\n';
  const table = (pods: Pod[], self: number) => pods.map((pod, ordinal) =>
    `${pod.id} ${pod.address}:6379@16379 ${ordinal === self ? 'myself,' : ''}${pod.master ? 'slave' : 'master'} ${pod.master ?? '-'} 0 0 1 connected ${pod.slots ?? ''}`).join('\n');

  test.each<[string, (pods: Pod[]) => void, string]>([
    ['a replica is not in sync', pods => { pods[3].replies = `${ready}${table(pods, 3)}\nmaster_host:10.0.0.2\r\nmaster_link_status:down\r`; },
      'redis-cluster-3 (10.0.0.3) replicates redis-cluster-2 but is not in sync: master_link_status:down'],
    ['a pod does not serve', pods => { pods[1].replies = `PONG\n0\ncluster_state:fail\r\n${table(pods, 1)}`; },
      'redis-cluster-1 (10.0.0.1) says cluster_state:fail'],
    ['a pod takes another for failed', pods => { pods[1].table = pods.map((pod, ordinal) => ordinal === 5 ? { ...pod, flags: 'slave,fail?' } : pod); },
      'redis-cluster-1 takes for failed: redis-cluster-5'],
    ['a pod does not know of a replica', pods => { pods[1].table = pods.map((pod, ordinal) => ordinal === 5 ? { ...pod, master: undefined } : pod); },
      'redis-cluster-1 does not know the present role and slots of redis-cluster-5'],
    ['a pod does not know of slots', pods => { pods[1].table = pods.map((pod, ordinal) => ordinal === 2 ? { ...pod, slots: undefined } : pod); },
      'redis-cluster-1 does not know the present role and slots of redis-cluster-2'],
    ['a handshake is left', pods => { pods[1].table = [...pods, { id: idOf(88), address: '10.0.0.5', flags: 'handshake', link: 'disconnected' }]; },
      'redis-cluster-1 still lists an introduction to 10.0.0.5'],
  ])('is denied when %s', (_name, disturb, message) => {
    const pods = formedPods();
    disturb(pods);

    const lines = plan(shape, pods);

    expect(lines).not.toContain('complete');
    expect(commands(lines)).toEqual([]);
    expect(words('lack', lines)).toEqual([message]);
  });

  test('is denied to six masters without a replica, which Redis itself calls ok', () => {
    const lines = plan(shape, formCluster(unknownPods(), [0, 1, 2], () => 0).map(pod => ({ ...pod, master: undefined })));

    expect(lines).not.toContain('complete');
    expect(replications(lines)).toHaveLength(3);
  });
});
