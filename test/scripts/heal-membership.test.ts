import { eventually } from '../support/eventually';
import { formCluster, HealedNodes, startedPods } from '../support/servers/healing';
import { countKeys, writeKeys } from '../support/servers/keys';
import { RedisNode } from '../support/servers/redis-node';
import { writtenShape } from '../support/servers/shape-file';
import { tableOf } from '../support/servers/table';

const PORT = 6455;
const KEYS = 500;
let subnet = 65;
let clusters: HealedNodes[];

beforeEach(() => {
  clusters = [];
});
afterEach(() => Promise.all(clusters.map(cluster => cluster.remove())));

async function startedNodes(count: number, environment: Record<string, string> = {}): Promise<HealedNodes> {
  const cluster = new HealedNodes(await startedPods(count, ++subnet, PORT), environment);
  clusters.push(cluster);
  return cluster;
}

async function healedCluster(masters = 3, replicas = 1): Promise<HealedNodes> {
  const cluster = await startedNodes(masters * (1 + replicas), { SHAPE: writtenShape(masters, replicas), FORGET_PATIENCE: '5' });
  cluster.startHealing();
  await formCluster(cluster.nodes, replicas);
  await writeKeys(cluster.nodes, KEYS);
  return cluster;
}

/** The pod's disk is replaced, and the pod starts at the address. */
async function restartOnNewDisk(cluster: HealedNodes, index: number, address: string): Promise<void> {
  await cluster.stop(index);
  cluster.nodes[index].wipe();
  cluster.peers.leadTo(cluster.addresses.map((old, ordinal) => ordinal === index ? address : old));
  await cluster.start(index, address);
}

async function idsOf(nodes: RedisNode[]): Promise<string[]> {
  return (await Promise.all(nodes.map(node => node.command('CLUSTER', 'MYID')))).sort();
}

async function idsKnownTo(node: RedisNode): Promise<string[]> {
  return (await tableOf(node)).map(({ id }) => id).sort();
}

async function eventuallyLogs(cluster: HealedNodes, index: number, text: string, seconds = 20): Promise<void> {
  await eventually(`node ${index} logs ${text}`, async () => cluster.healers[index].log.includes(text), seconds);
}

test.each([
  ['a master', 0],
  ['a replica', 5],
])('brings %s that lost its disk back as a replica of its shard, and forgets who it was', async (_, index) => {
  const cluster = await healedCluster();
  const formerId = await cluster.nodes[index].command('CLUSTER', 'MYID');
  await restartOnNewDisk(cluster, index, `127.0.${subnet}.11`);
  await eventually(`the new node is a replica\n${cluster.log}`, async () =>
    await cluster.nodes[index].field('role', 'INFO', 'replication') === 'slave', 40);
  await cluster.whole(30);

  const ids = await idsOf(cluster.nodes);
  for (const node of cluster.nodes) {
    expect(await idsKnownTo(node)).toEqual(ids);
  }
  expect(ids).not.toContain(formerId);
  const replicas = await Promise.all(cluster.nodes.map(node => node.field('connected_slaves', 'INFO', 'replication')));
  expect(replicas.sort()).toEqual(['0', '0', '0', '1', '1', '1']);
  expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
});

test('brings two nodes that lost their disks together back to different shards', async () => {
  const cluster = await healedCluster();
  await Promise.all([restartOnNewDisk(cluster, 4, `127.0.${subnet}.11`), restartOnNewDisk(cluster, 5, `127.0.${subnet}.12`)]);
  cluster.peers.leadTo(cluster.addresses);
  await eventually(`the new nodes are replicas\n${cluster.log}`, async () =>
    await cluster.nodes[4].field('role', 'INFO', 'replication') === 'slave' && await cluster.nodes[5].field('role', 'INFO', 'replication') === 'slave', 40);
  await cluster.whole(30);
  const replicas = await Promise.all(cluster.nodes.map(node => node.field('connected_slaves', 'INFO', 'replication')));
  expect(replicas.sort()).toEqual(['0', '0', '0', '1', '1', '1']);
});

test('takes no slots when their only disk is lost, and says so', async () => {
  const cluster = await healedCluster(3, 0);
  const lost = (await cluster.nodes[1].command('CLUSTER', 'MYID')).slice(0, 8);
  await restartOnNewDisk(cluster, 1, `127.0.${subnet}.11`);
  await eventuallyLogs(cluster, 1, 'without slots, and no master that answers lacks a replica: left to the init Job', 40);
  await eventuallyLogs(cluster, 0, `slots 5461-10922 have no master: node ${lost} (127.0.${subnet}.2) does not come back and no replica of it answers`, 40);
  expect(await idsKnownTo(cluster.nodes[1])).toEqual(await idsKnownTo(cluster.nodes[0]));
  expect((await tableOf(cluster.nodes[1])).find(({ flags }) => flags.includes('myself'))).toMatchObject({ flags: ['myself', 'master'], link: 'connected', slots: '' });
});

test('leaves new nodes alone until the init Job makes them a cluster', async () => {
  const nodes = await startedNodes(6);
  nodes.startHealing();
  await eventuallyLogs(nodes, 3, 'alone: waits for the init Job');
  await new Promise(resolve => setTimeout(resolve, 6000));
  for (const node of nodes.nodes) {
    expect(await idsKnownTo(node)).toEqual([await node.command('CLUSTER', 'MYID')]);
  }
  await formCluster(nodes.nodes, 1);
  await nodes.whole(10);
});

test('never joins a node to another cluster that the Service leads to', async () => {
  const cluster = await healedCluster();
  const foreign = await healedCluster(3, 0);
  const known = await idsOf(foreign.nodes);
  cluster.peers.leadTo(foreign.addresses);
  await cluster.stop(2);
  cluster.nodes[2].wipe();
  await cluster.start(2, `127.0.${subnet}.31`);
  await eventuallyLogs(cluster, 2, 'alone: waits for the init Job, or for the cluster that most of 6 pods belong to');
  await new Promise(resolve => setTimeout(resolve, 3000));
  expect(await idsKnownTo(cluster.nodes[2])).toEqual([await cluster.nodes[2].command('CLUSTER', 'MYID')]);
  expect(await idsKnownTo(foreign.nodes[0])).toEqual(known);

  cluster.peers.leadTo(cluster.addresses);
  await eventually(`the node is a replica\n${cluster.log}`, async () =>
    await cluster.nodes[2].field('role', 'INFO', 'replication') === 'slave', 40);
  await cluster.whole(30);
  expect(await idsKnownTo(foreign.nodes[0])).toEqual(known);
});

test('keeps two clusters apart that get each other\'s addresses', async () => {
  const cluster = await healedCluster();
  const foreign = await healedCluster();
  const [addresses, foreignAddresses] = [cluster.addresses, foreign.addresses];
  await Promise.all([...cluster.nodes.map((_, index) => cluster.stop(index)), ...foreign.nodes.map((_, index) => foreign.stop(index))]);
  await Promise.all([
    ...cluster.nodes.map((_, index) => cluster.start(index, foreignAddresses[index])),
    ...foreign.nodes.map((_, index) => foreign.start(index, addresses[index])),
  ]);
  await new Promise(resolve => setTimeout(resolve, 8000));
  cluster.peers.leadTo(foreignAddresses);
  foreign.peers.leadTo(addresses);
  await cluster.whole(20);
  await foreign.whole(20);
  expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  expect(await countKeys(foreign.nodes, KEYS)).toBe(KEYS);
});
