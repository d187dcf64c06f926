import { eventually } from '../support/eventually';
import { formCluster, HealedNodes, startedPods } from '../support/servers/healing';
import { writeKeys } from '../support/servers/keys';
import { replicaOf } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { tableOf } from '../support/servers/table';
import { Writer } from '../support/servers/writer';

const PORT = 6470;
let subnet = 140;
let cluster: HealedNodes;
let writer: Writer | undefined;

afterEach(async () => {
  writer?.abandon();
  writer = undefined;
  await cluster.remove();
});

async function healedCluster(environment: Record<string, string> = {}, args: string[] = []): Promise<HealedNodes> {
  cluster = new HealedNodes(await startedPods(6, ++subnet, PORT, args), environment);
  cluster.startHealing();
  await formCluster(cluster.nodes, 1);
  await writeKeys(cluster.nodes, 100);
  await cluster.whole(20);
  return cluster;
}

/** How often a node was given a command since its server started. */
async function calls(node: RedisNode, command: string): Promise<number> {
  const line = (await node.command('INFO', 'commandstats')).split(/\r?\n/).find(text => text.startsWith(`cmdstat_${command}:`));
  return Number(/calls=(\d+)/.exec(line ?? 'calls=0')![1]);
}

test.each([
  ['the container of the server', async () => cluster.nodes[0].stop('SIGKILL'), async () => cluster.nodes[0].start()],
  ['the pod', async () => cluster.stop(0, 'SIGKILL'), async () => cluster.start(0, cluster.nodes[0].address)],
])('a master takes no write that is lost when %s is back within 300 ms, and its replica has taken over', async (_, stop, start) => {
  const { nodes } = await healedCluster({}, ['--cluster-node-timeout', '15000']);
  const [master, ...others] = nodes;
  const successor = await replicaOf(master, nodes);
  await stop();
  expect(await successor.command('CLUSTER', 'FAILOVER', 'TAKEOVER')).toBe('OK');
  others.forEach(node => node.signal('SIGSTOP')); // the news do not reach the one that is back
  await new Promise(resolve => setTimeout(resolve, 300));
  await start();

  await eventually('it would take writes', async () => await master.field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  const reply = master.command('SET', '06S', 'late'); // in slot 0, which it had
  await new Promise(resolve => setTimeout(resolve, 4000));
  others.forEach(node => node.signal('SIGCONT'));
  expect(await reply).toMatch(/^MOVED /);
  await cluster.whole(60);
});

test('a restart of the heal container alone stops no writes and ends no pause, as a manual failover has', async () => {
  const { nodes } = await healedCluster();
  await eventually('the servers count as started long ago', async () => Number(await nodes[0].field('uptime_in_seconds', 'INFO', 'server')) > 11, 30);
  const before = await Promise.all(nodes.map(node => calls(node, 'client|pause')));
  writer = new Writer(nodes);
  writer.start();
  await Promise.all(cluster.healers.map(healer => healer.stop()));
  nodes.forEach((_, index) => cluster.healNode(index));
  await eventually('all are well', async () => cluster.healers.every(healer => healer.log.includes('all well')));
  await new Promise(resolve => setTimeout(resolve, 3000));

  expect(await writer.stop()).toBe(0);
  expect(writer.longest).toBeLessThan(2000);
  expect(await Promise.all(nodes.map(node => calls(node, 'client|pause')))).toEqual(before);
});

test('pauses expire, and are never ended, after a restart of all pods', async () => {
  const { nodes } = await healedCluster();
  const addresses = nodes.map((_, index) => `127.0.${subnet}.${index + 11}`);
  cluster.peers.leadTo(addresses);
  await cluster.restartAll(addresses);
  await cluster.whole(20);
  const pauses = await Promise.all(nodes.slice(0, 3).map(node => calls(node, 'client|pause')));
  expect(Math.min(...pauses)).toBeGreaterThan(0);
  expect(await Promise.all(nodes.map(node => calls(node, 'client|unpause')))).toEqual(nodes.map(() => 0));
  await eventually('writes are taken', async () => (await nodes[0].command('-c', 'SET', '06S', 'now')) === 'OK', 10);
});

test('leaves a replica alone whose copy has not begun, because its master waits for others to ask', async () => {
  const { nodes } = await healedCluster({ REPL_DISKLESS_SYNC: 'yes 22 -' });
  const replica = await replicaOf(nodes[0], nodes);
  const copies = Number(await nodes[0].field('sync_full', 'INFO', 'stats'));
  const index = nodes.indexOf(replica);
  await cluster.stop(index);
  await cluster.start(index, replica.address);
  await eventually('it is in sync', async () => await replica.field('master_link_status', 'INFO', 'replication') === 'up', 60);
  expect(Number(await nodes[0].field('sync_full', 'INFO', 'stats'))).toBe(copies + 1);
  expect(cluster.healers[index].log).not.toContain('anew');
  expect((await tableOf(replica)).every(({ link }) => link === 'connected')).toBe(true);
});
