import { createServer, Server } from 'node:net';
import { eventually } from '../support/eventually';
import { formCluster, HealedNodes, startedPods } from '../support/servers/healing';
import { countKeys, writeKeys } from '../support/servers/keys';
import { SHELLS } from '../support/servers/shells';
import { isHealthy, tableOf } from '../support/servers/table';

const PORT = 6450;
const KEYS = 2000;
let subnet = 50;
let cluster: HealedNodes;
let servers: Server[] = [];

/** Six nodes in a subnet of their own, made a cluster, with keys and a heal.sh beside each. */
async function healedCluster(environment: Record<string, string> = {}, shell = 'dash', args: string[] = []): Promise<HealedNodes> {
  const nodes = await startedPods(6, ++subnet, PORT, args);
  cluster = new HealedNodes(nodes, environment, shell);
  cluster.startHealing();
  await formCluster(nodes, 1);
  await writeKeys(nodes, KEYS);
  return cluster;
}

/** Six addresses that no node has had before. */
function newAddresses(from: number): string[] {
  return Array.from({ length: 6 }, (_, index) => `127.0.${subnet}.${from + index}`);
}

/** Accepts connections and says nothing, as an address does that has no pod any more, but a router before it. */
async function listenInSilence(address: string, port: number): Promise<void> {
  const server = createServer(socket => socket.on('error', () => undefined).unref());
  servers.push(server.unref());
  await eventually(`${address}:${port} is free`, () => new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(true));
  }));
}

afterEach(async () => {
  servers.forEach(server => server.close());
  servers = [];
  await cluster.remove();
});

describe.each(SHELLS)('heal.sh in %s', (_, environment, shell) => {
  test('makes a cluster whole when one of its nodes comes back at a new address', async () => {
    await healedCluster(environment, shell);
    const [address] = newAddresses(11);
    await cluster.stop(1);
    cluster.peers.leadTo(cluster.addresses.map((old, index) => index === 1 ? address : old));
    await cluster.start(1, address);
    await cluster.whole(15);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('makes a cluster whole when all of its nodes come back at new addresses, three times in a row', async () => {
    await healedCluster(environment, shell);
    for (const from of [11, 21, 31]) {
      cluster.peers.leadTo(newAddresses(from));
      await cluster.restartAll(newAddresses(from));
      await cluster.whole(15);
    }
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });
});

describe('heal.sh', () => {
  test('sorts out nodes that come back at each other\'s addresses', async () => {
    await healedCluster();
    const [first, ...others] = cluster.addresses;
    cluster.peers.leadTo([...others, first]);
    await cluster.restartAll([...others, first]);
    await cluster.whole(15);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('heals as soon as the Service leads to where the nodes are', async () => {
    await healedCluster();
    await cluster.restartAll(newAddresses(11));
    await new Promise(resolve => setTimeout(resolve, 8000));
    expect(await cluster.flaws()).not.toEqual([]);
    cluster.peers.leadTo(newAddresses(11));
    await cluster.whole(15);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('needs no more than the address of one node', async () => {
    await healedCluster({}, 'dash', ['--cluster-node-timeout', '15000']); // so that gossip does not do it first
    cluster.peers.leadTo(newAddresses(11).slice(0, 1));
    await cluster.restartAll(newAddresses(11));
    await cluster.whole(12);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('does not take an open connection for a node that answers', async () => {
    await healedCluster({}, 'dash', ['--cluster-node-timeout', '15000']);
    const old = cluster.addresses;
    cluster.peers.leadTo(newAddresses(11));
    await Promise.all(cluster.nodes.map((_, index) => cluster.stop(index)));
    await Promise.all(old.flatMap(address => [listenInSilence(address, PORT), listenInSilence(address, PORT + 10000)]));
    await Promise.all(cluster.nodes.map((_, index) => cluster.start(index, newAddresses(11)[index])));
    await cluster.whole(12);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('lets a master that has just started take no write before it knows that the slots are still its own', async () => {
    const { nodes } = await healedCluster({}, 'dash', ['--cluster-node-timeout', '15000']);
    const table = await tableOf(nodes[0]);
    const master = table.find(({ flags }) => flags.includes('myself'))!;
    const { id, address } = table.find(entry => entry.master === master.id)!;
    const others = nodes.slice(1);
    const successor = others.find(node => node.address === address)!;
    await cluster.stop(0);
    expect(await successor.command('CLUSTER', 'FAILOVER', 'TAKEOVER')).toBe('OK');
    await eventually('all know it', async () =>
      (await Promise.all(others.map(node => node.command('CLUSTER', 'NODES')))).every(text => new RegExp(`^${id} \\S+ \\S*master `, 'm').test(text)));
    others.forEach(node => node.signal('SIGSTOP'));

    await cluster.start(0, nodes[0].address);
    await eventually('it would take writes', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
    const reply = nodes[0].command('SET', '06S', 'stale'); // in slot 0, which the first node had
    await new Promise(resolve => setTimeout(resolve, 4000));
    others.forEach(node => node.signal('SIGCONT'));

    expect(await reply).toMatch(/^MOVED /);
    expect(cluster.healers[0].log).toContain('takes no writes until a majority of the masters answers');
    await cluster.whole(40);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('lets a master that has just started take no write while others take it for failed, as its replica may be elected', async () => {
    const { nodes } = await healedCluster({}, 'dash', ['--cluster-node-timeout', '5000', '--cluster-replica-no-failover', 'yes']);
    const id = await nodes[0].command('CLUSTER', 'MYID');
    const address = (await nodes[0].command('CLUSTER', 'REPLICAS', id)).split(' ')[1];
    const replica = nodes.find(node => address.startsWith(`${node.address}:`))!;
    const isFailed = async () => new RegExp(`^${id} \\S+ \\S*fail[, ]`, 'm').test(await replica.command('CLUSTER', 'NODES'));
    await cluster.stop(0);
    await eventually('its replica takes it for failed', isFailed);

    await cluster.start(0, nodes[0].address);
    await eventually('it would take writes', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
    expect(await isFailed()).toBe(true);
    expect(await nodes[0].command('SET', '06S', 'late')).toBe('OK'); // in slot 0, which the first node has
    expect(await isFailed()).toBe(false);
    expect(cluster.healers[0].log).toContain('takes no writes while others mark this master as failed');
  });

  test('mends replication links that still point to old addresses when all tables are right', async () => {
    await healedCluster();
    await Promise.all(cluster.healers.map(healer => healer.stop()));
    await Promise.all(cluster.nodes.map(node => node.stop()));
    await Promise.all(cluster.nodes.map((node, index) => node.start(newAddresses(11)[index])));
    const [first, ...others] = cluster.nodes;
    for (const other of others) {
      await first.command('CLUSTER', 'MEET', other.address, String(PORT));
    }
    await eventually('only replication links are down', async () => (await cluster.flaws()).every(flaw => flaw.includes('replication link')));
    cluster.nodes.forEach((_, index) => cluster.healNode(index));
    await cluster.whole(10);
  });

  test('heals without the Service, which hangs, what peers know', async () => {
    await healedCluster();
    cluster.peers.fallSilent();
    for (const index of [0, 5]) {
      await cluster.stop(index);
      await cluster.start(index, newAddresses(11)[index]);
    }
    await cluster.whole(20);
    expect(await countKeys(cluster.nodes, KEYS)).toBe(KEYS);
  });

  test('keeps the others whole, and its log and CPU low, while a node does not come back', async () => {
    await healedCluster();
    const lost = await cluster.nodes[1].command('CLUSTER', 'MYID');
    await cluster.stop(1, 'SIGKILL');
    await new Promise(resolve => setTimeout(resolve, 10000));
    const others = cluster.nodes.filter((_, index) => index !== 1);
    const watcher = cluster.healers[0];
    const [logged, used] = [watcher.log, watcher.cpuSeconds()];
    await new Promise(resolve => setTimeout(resolve, 10000));

    for (const node of others) {
      expect(await node.field('cluster_state', 'CLUSTER', 'INFO')).toBe('ok');
      expect((await tableOf(node)).filter(entry => !isHealthy(entry)).map(({ id }) => id)).toEqual([lost]);
    }
    expect(await countKeys(others, KEYS)).toBe(KEYS);
    expect(logged).toContain(`node ${lost.slice(0, 8)} (127.0.${subnet}.2) is not reachable`);
    expect(watcher.log).toBe(logged);
    expect((watcher.cpuSeconds() - used) / 10).toBeLessThan(0.2);
  });
});
