import { expectCluster, initCluster, roles } from '../support/servers/cluster-init';
import { FakeDns } from '../support/servers/fake-dns';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { BUSYBOX } from '../support/servers/shells';

const port = 6400;
const originalCluster = [
  'master 0-5460', 'master 5461-10922', 'master 10923-16383',
  'replica of 2', 'replica of 0', 'replica of 1',
];

let nodes: RedisNode[] = [];

afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
});

describe('creation', () => {
  test('makes the original YAML\'s cluster of six fresh pods, and says so', async () => {
    nodes = await startNodes(6, 20, port);

    const result = await initCluster(nodes, {
      masters: 3, replicasPerMaster: 1, kubernetesNodes: ['node1', 'node2', 'node3', 'node1', 'node2', 'node3'],
    });

    expect(result).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, originalCluster);
    expect(result.output).toContain('6 of 6 pods answer\n');
    expect(result.output).toContain('redis-cluster-1 (127.0.20.2, node2) becomes master of the slots 5461-10922\n');
    expect(result.output).toContain('redis-cluster-4 (127.0.20.5, node2) replicates redis-cluster-0 (127.0.20.1, node1)\n');
    expect(result.output).toContain('the cluster is complete: 16384 slots on 3 masters, 3 replicas in sync\n');
    expect(result.output).toMatch(/ redis-cluster-5 \(127\.0\.20\.6, node3\): replica of redis-cluster-1\n$/);
  });

  test('gives the masters distinct epochs in the order of their ordinals', async () => {
    nodes = await startNodes(6, 20, port);

    const { commands } = await initCluster(nodes, { masters: 3, replicasPerMaster: 1 });

    expect(commands.filter(command => command.includes('EPOCH')).sort()).toEqual([1, 2, 3, 4, 5, 6].map(number => `127.0.20.${number} CLUSTER SET-CONFIG-EPOCH ${number}`));
    expect(await Promise.all(nodes.map(node => node.field('cluster_my_epoch', 'CLUSTER', 'INFO')))).toEqual(['1', '2', '3', '3', '1', '2']);
  });

  test('works with busybox for sh, awk and the rest', async () => {
    nodes = await startNodes(6, 20, port);

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, shell: 'sh', environment: { PATH: BUSYBOX.PATH } });

    expect(result).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, originalCluster);
  });

  test.each([
    ['3 masters without replicas', 3, 0, ['master 0-5460', 'master 5461-10922', 'master 10923-16383']],
    ['3 masters with 3 replicas each, in 12 pods', 3, 3, [
      'master 0-5460', 'master 5461-10922', 'master 10923-16383', 'replica of 2', 'replica of 0', 'replica of 1',
      'replica of 2', 'replica of 0', 'replica of 1', 'replica of 2', 'replica of 0', 'replica of 1',
    ]],
    ['6 masters with a replica each, in 12 pods', 6, 1, [
      'master 0-2730', 'master 2731-5460', 'master 5461-8191', 'master 8192-10922', 'master 10923-13652', 'master 13653-16383',
      'replica of 5', 'replica of 0', 'replica of 1', 'replica of 2', 'replica of 3', 'replica of 4',
    ]],
  ])('makes %s', async (_name, masters, replicasPerMaster, expected) => {
    nodes = await startNodes(masters * (1 + replicasPerMaster), 20, port);

    const result = await initCluster(nodes, { masters, replicasPerMaster });

    expect(result).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, expected);
  });

  test.each(['aabbcc', 'aaabbc', 'cabbac'])('spreads the masters over the Kubernetes nodes of pods on %s, and promotes nobody for it', async letters => {
    nodes = await startNodes(6, 20, port);
    const kubernetesNodes = [...letters];

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, kubernetesNodes });

    expect(result).toMatchObject({ code: 0, done: true });
    expect(result.commands.filter(command => command.includes('FAILOVER'))).toEqual([]);
    const found = await roles(nodes);
    expect(kubernetesNodes.filter((_, pod) => found[pod].startsWith('master')).sort()).toEqual(['a', 'b', 'c']);
    found.forEach((role, pod) => role.startsWith('replica') && expect(kubernetesNodes[Number(role.split(' ')[2])]).not.toBe(kubernetesNodes[pod]));
    expect((await initCluster(nodes, { masters: 3, replicasPerMaster: 1, kubernetesNodes })).commands).toEqual([]);
  });

  test('changes nothing when run again', async () => {
    nodes = await startNodes(6, 20, port);
    expect((await initCluster(nodes, { masters: 3, replicasPerMaster: 1 })).commands).not.toEqual([]);

    const again = await initCluster(nodes, { masters: 3, replicasPerMaster: 1 });

    expect(again).toMatchObject({ code: 0, done: true, commands: [] });
    await expectCluster(nodes, originalCluster);
  });

  test('comes to the same when two runs do it at once', async () => {
    nodes = await startNodes(6, 20, port);

    const results = await Promise.all([1, 2].map(() => initCluster(nodes, { masters: 3, replicasPerMaster: 1 })));

    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    await expectCluster(nodes, originalCluster);
  });

  test('teaches pods their own address when their configuration does not', async () => {
    nodes = [1, 2, 3, 4, 5, 6].map(number => `127.0.20.${number}`).map(address =>
      new RedisNode({ address, port, arguments: ['--cluster-announce-ip', '', '--bind-source-addr', address] }));
    await Promise.all(nodes.map(node => node.start()));
    expect(await nodes[0].command('CLUSTER', 'NODES')).toMatch(/^\S+ :6400@16400 myself/);

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1 });

    expect(result).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, originalCluster);
  });
});

describe('discovery by DNS', () => {
  const dns = new FakeDns();
  const pods = [0, 1, 2, 3, 4, 5];
  const environment = { DISCOVERY: 'dns', PATH: `${dns.path}:${process.env.PATH}` };

  test('finds the pods without a file of pods', async () => {
    nodes = await startNodes(6, 20, port);
    pods.forEach(pod => dns.answer(`redis-cluster-${pod}.redis-cluster-headless`, [nodes[pod].address]));

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, environment: { ...environment, PODS_FILE: '/nowhere' } });

    expect(result).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, originalCluster);
    const began = performance.now();
    expect(await initCluster(nodes, { masters: 3, replicasPerMaster: 1, isPlan: true, environment: { ...environment, PODS_FILE: '/nowhere' } })).toMatchObject({ code: 0 });
    expect(performance.now() - began).toBeLessThan(10_000); // it waits for no file
  });

  test('names the pods that have no address', async () => {
    nodes = await startNodes(6, 20, port);
    dns.answer('redis-cluster-4.redis-cluster-headless', []);

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, timeout: 2, environment });

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toContain('waiting for an answer of the pods 4\n');
    expect(result.output).toContain('missing: redis-cluster-4 has no address; ');
  });

  test('waits when an outdated answer gives one pod the address of another', async () => {
    nodes = await startNodes(6, 20, port);
    dns.answer('redis-cluster-4.redis-cluster-headless', [nodes[5].address]);

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, timeout: 2, environment });

    expect(result).toMatchObject({ code: 1, commands: [] });
    expect(result.output).toContain('missing: redis-cluster-4 and redis-cluster-5 are the same node; ');
    expect(await roles(nodes)).toContain('unhealthy: undefined');
  });
});
