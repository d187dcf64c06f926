import { expectCluster, initCluster, resetNodes, roles } from '../support/servers/cluster-init';
import { RedisNode, startNodes } from '../support/servers/redis-node';

const shape = { masters: 3, replicasPerMaster: 1 };

// Nodes that are quick to agree, and do not take over from each other when this machine is too busy to keep up.
const quick = ['--cluster-node-timeout', '500', '--cluster-replica-no-failover', 'yes'];

let nodes: RedisNode[] = [];

afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
});

const originalCluster = [
  'master 0-5460', 'master 5461-10922', 'master 10923-16383',
  'replica of 2', 'replica of 0', 'replica of 1',
];

test('completes a creation that was killed after any single command', async () => {
  const groups = await Promise.all([30, 31].map(subnet => startNodes(6, subnet, 6410, quick)));
  nodes = groups.flat();
  // Epochs, slots, introductions and replicas; an introduction that takes long is made again, which does no harm.
  const total = 6 + 3 + 30 + 3;
  expect((await initCluster(groups[0], shape)).commands.length).toBeGreaterThanOrEqual(total);

  // Two groups of nodes, because most of the time is spent waiting.
  await Promise.all(groups.map(async (group, index) => {
    for (let killAfter = 1 + index; killAfter <= total; killAfter += groups.length) {
      await resetNodes(group);
      const killed = await initCluster(group, { ...shape, killAfter });
      expect({ killAfter, commands: killed.commands.length, signal: killed.signal, done: killed.done })
        .toEqual({ killAfter, commands: killAfter, signal: 'SIGKILL', done: false });

      const next = await initCluster(group, shape);

      expect({ killAfter, code: next.code, output: next.output }).toEqual({ killAfter, code: 0, output: expect.stringContaining('complete') });
      await expectCluster(group, originalCluster);
    }
  }));
}, 300_000);

test.each([1, 2, 3])('completes exchanges of replicas between three masters that were killed after %d commands', async killAfter => {
  nodes = await startNodes(6, 30, 6410, quick);
  expect((await initCluster(nodes, shape)).code).toBe(0);
  const kubernetesNodes = ['a', 'b', 'c', 'c', 'a', 'b'];
  const killed = await initCluster(nodes, { ...shape, kubernetesNodes, killAfter });
  expect({ commands: killed.commands.length, signal: killed.signal }).toEqual({ commands: killAfter, signal: 'SIGKILL' });

  const next = await initCluster(nodes, { ...shape, kubernetesNodes });

  expect(next).toMatchObject({ code: 0, done: true });
  const found = await roles(nodes);
  await expectCluster(nodes, found);
  const masters = found.slice(3).map(role => Number(role.split(' ')[2]));
  expect([...masters].sort()).toEqual([0, 1, 2]);
  masters.forEach((master, index) => expect(kubernetesNodes[master]).not.toBe(kubernetesNodes[3 + index]));
});
