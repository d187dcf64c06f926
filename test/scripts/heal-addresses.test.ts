import { cpSync } from 'node:fs';
import { eventually } from '../support/eventually';
import { formCluster, HealedNodes, startedPods } from '../support/servers/healing';
import { countKeys, writeKeys } from '../support/servers/keys';
import { replicaOf } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { tableOf } from '../support/servers/table';

const PORT = 6465;
const KEYS = 300;
const TIMEOUT_SECONDS = 2;
let subnet = 120;
let clusters: HealedNodes[];

beforeEach(() => {
  clusters = [];
});
afterEach(() => Promise.all(clusters.map(cluster => cluster.remove())));

const at = (last: number): string => `127.0.${subnet}.${last}`;
const pause = (seconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, seconds * 1000));

async function healedCluster(environment: Record<string, string> = {}): Promise<HealedNodes> {
  const cluster = new HealedNodes(await startedPods(6, ++subnet, PORT), environment);
  clusters.push(cluster);
  cluster.startHealing();
  await formCluster(cluster.nodes, 1);
  await writeKeys(cluster.nodes, KEYS);
  return cluster;
}

async function expectAllKeys(cluster: HealedNodes, seconds = 30): Promise<void> {
  await cluster.whole(seconds);
  expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
}

async function roleOf(node: RedisNode): Promise<string | undefined> {
  return (await tableOf(node)).find(({ flags }) => flags.includes('myself'))!.flags.find(flag => /master|slave/.test(flag));
}

test.each([
  ['a replica of another shard', 'slave', 1],
  ['a replica of another shard', 'slave', 3],
  ['another master', 'master', 1],
  ['another master', 'master', 3],
])('keeps every key when %s gets the former address of a master that comes back later (%s, %i node timeouts)', async (_, role, timeouts) => {
  const cluster = await healedCluster();
  const [late, ...others] = cluster.nodes;
  const own = await replicaOf(late, cluster.nodes);
  const roles = await Promise.all(others.map(roleOf));
  const wrong = others.find((node, index) => node !== own && roles[index] === role)!;
  const addresses = cluster.nodes.map((node, index) => node === wrong ? late.address : at(11 + index));
  await Promise.all(cluster.nodes.map((_node, index) => cluster.stop(index)));
  cluster.peers.leadTo(addresses.slice(1));
  await Promise.all(others.map((_node, index) => cluster.start(index + 1, addresses[index + 1])));

  await pause(timeouts * TIMEOUT_SECONDS);
  cluster.peers.leadTo(addresses);
  await cluster.start(0, addresses[0]);
  await expectAllKeys(cluster, 40);
});

test('keeps the keys of a master whose disk is lost, and that comes back at its very address before it is missed', async () => {
  const cluster = await healedCluster();
  const [lost] = cluster.nodes;
  const replica = await replicaOf(lost, cluster.nodes);
  const keys = await replica.command('DBSIZE');
  await cluster.stop(0, 'SIGKILL');
  lost.wipe();
  await cluster.start(0, lost.address);

  // Valkey lets the replica take over; Redis never marks a node as failed whose address another node has.
  const isMaster = async (): Promise<boolean> => await replica.field('role', 'INFO', 'replication') === 'master';
  const log = (): string => cluster.healers[cluster.nodes.indexOf(replica)].log;
  await eventually('the shard and its remedy are named, or not needed', async () => await isMaster() ||
    log().includes('slots 0-5460 have no master') && log().includes(`CLUSTER FAILOVER FORCE on pod ${replica.address.replace(/.*\./, 'redis-cluster-')}`), 60);
  expect(await replica.command('DBSIZE')).toBe(keys);
  if (!await isMaster()) {
    expect(await replica.command('CLUSTER', 'FAILOVER', 'FORCE')).toBe('OK');
  }
  await eventually('the replica has taken over', isMaster);
  await eventually('the new node is its replica', async () => await roleOf(lost) === 'slave', 40);
  expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
});

test('heals at new addresses while DNS is silent, by the address of the Service that Kubernetes gives to pods', async () => {
  const address = `127.0.${subnet + 1}.200`; // where HealedNodes has the Service
  const cluster = await healedCluster({ PEERS: 'redis-cluster-peers', REDIS_CLUSTER_PEERS_SERVICE_HOST: address });
  const addresses = cluster.nodes.map((_, index) => at(11 + index));
  cluster.peers.leadTo(addresses);
  await cluster.restartAll(addresses);
  await expectAllKeys(cluster);
});

test('heals without DNS and Service when some pods have their former addresses, or those of others', async () => {
  const cluster = await healedCluster({ PEERS: 'redis-cluster-peers' });
  const [first, second, third] = cluster.addresses;
  await cluster.restartAll([second, first, third, at(14), at(15), at(16)]);
  await expectAllKeys(cluster);
});

test('never brings a copy of the cluster together with the original', async () => {
  const original = await healedCluster();
  await Promise.all(original.nodes.map((_, index) => original.stop(index)));
  const copies = await startedPods(6, subnet + 100, PORT);
  await Promise.all(copies.map(copy => copy.stop()));
  original.nodes.forEach((node, index) => cpSync(node.directory, copies[index].directory, { recursive: true }));
  await Promise.all(original.nodes.map((node, index) => original.start(index, node.address)));
  await original.whole(30);

  const lone = new HealedNodes([copies[0]], { PEERS: 'redis-cluster-peers' }); // without a Service it asks where nodes were: the original
  clusters.push(lone);
  await lone.start(0, copies[0].address);
  await eventually('it says that it is a copy', async () => lone.log.includes('a copy of this disk runs at '), 30);
  expect(await original.flaws()).toEqual([]);
  await lone.stop(0);
  lone.peers.remove();

  const copy = new HealedNodes(copies);
  clusters.push(copy);

  await Promise.all(copies.map((node, index) => copy.start(index, node.address)));
  await copy.whole(30);
  expect(await original.flaws()).toEqual([]);
  await pause(5);
  expect(await original.flaws()).toEqual([]);
  expect(await copy.flaws()).toEqual([]);
  expect(await countKeys(copy.nodes, KEYS)).toBe(KEYS);
});
