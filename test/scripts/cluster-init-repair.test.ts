import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { expectCluster, initCluster, roles } from '../support/servers/cluster-init';
import { RedisNode, startNodes } from '../support/servers/redis-node';

const port = 6420;
const shape = { masters: 3, replicasPerMaster: 1 };
const keys = Array.from({ length: 50 }, (_, number) => `key-${number}`);

let nodes: RedisNode[] = [];

afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
});

async function createCluster(args: string[] = []): Promise<void> {
  nodes = await startNodes(6, 32, port, args);
  expect((await initCluster(nodes, shape)).code).toBe(0);
  for (const key of keys) {
    expect(await nodes[0].command('-c', 'SET', key, `value of ${key}`)).toBe('OK');
  }
  expect(await nodes[0].command('WAIT', '1', '1000')).toBe('1');
}

async function expectKeys(firstSlot = 0): Promise<void> {
  for (const key of keys) {
    if (Number(await nodes[0].command('CLUSTER', 'KEYSLOT', key)) >= firstSlot) {
      expect(await nodes[0].command('-c', 'GET', key)).toBe(`value of ${key}`);
    }
  }
}

/** Whatever roles they have now: three masters with the slots of the original YAML, a replica each, and every table says so. */
async function expectWhole(): Promise<string[]> {
  const found = await roles(nodes);
  await expectCluster(nodes, found);
  expect(found.filter(role => role.startsWith('master')).sort()).toEqual(['master 0-5460', 'master 10923-16383', 'master 5461-10922']);
  const followed = found.filter(role => role.startsWith('replica of ')).map(role => found[Number(role.split(' ')[2])]);
  expect(followed.sort()).toEqual(['master 0-5460', 'master 10923-16383', 'master 5461-10922']);
  return found;
}

/** As when a pod's claim is deleted with it: it comes back as a new node. */
async function wipe(node: RedisNode, address = node.address, once: string[] = []): Promise<void> {
  await node.stop('SIGKILL');
  readdirSync(node.directory).forEach(file => rmSync(join(node.directory, file), { recursive: true }));
  await node.start(address, once);
}

/** A Job that runs some minutes after whatever happened. */
const later = { ...shape, timeout: 60, secondsAhead: 130 };

test('contains no command that empties a node or cuts it off, but for a replica that its master does not need', () => {
  const assets = join(__dirname, '..', '..', 'assets');
  const scripts = readdirSync(assets).filter(file => /^cluster-|^move-|^watch-pods|^common/.test(file));
  expect(scripts).toHaveLength(9);
  const lines = scripts.flatMap(file => readFileSync(join(assets, file), 'utf8').split('\n'));
  expect(lines.filter(line => /\b(RESET|FLUSHALL|FLUSHDB|FLUSHSLOTS|DELSLOTS|DEL)\b/i.test(line))).toEqual(['  send(surplus, "CLUSTER RESET SOFT")']);
});

describe('a cluster that was whole', () => {
  test('becomes whole again after all pods came back at new addresses', async () => {
    await createCluster();
    await Promise.all(nodes.map(node => node.stop()));
    await Promise.all(nodes.map((node, pod) => node.start(`127.0.33.${pod + 1}`)));

    const result = await initCluster(nodes, shape);

    expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('the cluster is complete') });
    await expectWhole();
    await expectKeys();
  });

  test('becomes whole again when the pods come back at each other\'s addresses', async () => {
    await createCluster();
    const addresses = nodes.map(node => node.address);
    await Promise.all(nodes.map(node => node.stop()));
    await Promise.all(nodes.map((node, pod) => node.start(addresses[(pod + 1) % 6])));

    const result = await initCluster(nodes, shape);

    expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('the cluster is complete') });
    await expectWhole();
    await expectKeys();
  });

  // An empty node at its master's address is copied by the replica, as Redis asks for no id there, unless start.sh has it hold
  // full copies back: without that, the keys of the shard are gone before any script can act, and the others must stay.
  test.each<[string, string, string[], number]>([
    ['at its old address', '127.0.32.1', [], 5461],
    ['at its old address, as started by start.sh', '127.0.32.1', ['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '86400'], 0],
    ['at a new address', '127.0.33.1', [], 0],
  ])('takes a master that lost its disk back as a replica, %s, and forgets what it was', async (_name, address, once, firstSlot) => {
    await createCluster();
    await wipe(nodes[0], address, once);

    const result = await initCluster(nodes, later);

    expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('is gone for good: all pods forget it') });
    expect((await expectWhole())[0]).toMatch(/^replica of /);
    await expectKeys(firstSlot);
    expect((await initCluster(nodes, shape)).commands).toEqual([]);
  });

  test('does not forget a node that was silent for less than two minutes, and says when', async () => {
    await createCluster();
    await wipe(nodes[4], '127.0.33.5');

    const result = await initCluster(nodes, { ...shape, timeout: 12 });

    expect(result).toMatchObject({ code: 1, done: false });
    expect(result.commands.filter(command => command.includes('FORGET'))).toEqual([]);
    expect(result.output).toMatch(/missing: the pods( \d){5,6} still list a node \w{40} at 127\.0\.32\.5; it is forgotten when nobody has heard of it for 120 s/);
  });

  const noFailover = ['--cluster-replica-no-failover', 'yes'];

  test('has a replica take over by force that lost its master for good, and was in sync', async () => {
    await createCluster(noFailover);
    await wipe(nodes[0], '127.0.33.1');

    const result = await initCluster(nodes, later);

    expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('redis-cluster-4 (127.0.32.5) takes over from node ') });
    expect(result.commands.filter(command => command.includes('FAILOVER'))).toEqual(['127.0.32.5 CLUSTER FAILOVER FORCE']);
    await expectCluster(nodes, ['replica of 4', 'master 5461-10922', 'master 10923-16383', 'replica of 2', 'master 0-5460', 'replica of 1']);
    await expectKeys();
  });

  test('names the command instead when nothing says how complete the data of that replica are, after a restart of all', async () => {
    await createCluster(noFailover);
    await Promise.all(nodes.map(node => node.stop()));
    nodes[0].wipe();
    await Promise.all(nodes.map((node, pod) => node.start(`127.0.33.${pod + 1}`)));

    const result = await initCluster(nodes, { ...later, timeout: 10 });

    expect(result).toMatchObject({ code: 1, done: false });
    expect(result.commands.filter(command => command.includes('FAILOVER'))).toEqual([]);
    expect(result.output).toMatch(/missing: the slots 0-5460 belong to node \w{40}, .* send CLUSTER FAILOVER FORCE, .* to its replica redis-cluster-4 /);

    expect(await nodes[4].command('CLUSTER', 'FAILOVER', 'FORCE')).toBe('OK');
    expect((await initCluster(nodes, later)).code).toBe(0);
    await expectWhole();
    await expectKeys();
  });

  test('takes a replica that lost its disk back', async () => {
    await createCluster();
    await wipe(nodes[4], '127.0.33.5');

    expect((await initCluster(nodes, later)).code).toBe(0);

    expect((await expectWhole())[4]).toBe('replica of 0');
    await expectKeys();
  });

  test('gets its pairs apart when it finds them on the same Kubernetes nodes, without a loss', async () => {
    await createCluster();
    const kubernetesNodes = ['a', 'b', 'c', 'c', 'a', 'b'];

    const result = await initCluster(nodes, { ...shape, kubernetesNodes });

    expect(result.code).toBe(0);
    const found = await expectWhole();
    found.slice(3).forEach((role, index) => expect(kubernetesNodes[Number(role.split(' ')[2])]).not.toBe(kubernetesNodes[3 + index]));
    expect(result.commands.length).toBeLessThanOrEqual(6);
    await expectKeys();
    expect((await initCluster(nodes, { ...shape, kubernetesNodes })).commands).toEqual([]);
  });

  test('hands a master over when one Kubernetes node has most of them', async () => {
    await createCluster();
    const kubernetesNodes = ['a', 'a', 'b', 'a', 'c', 'c'];

    const result = await initCluster(nodes, { ...shape, kubernetesNodes });

    expect(result.code).toBe(0);
    expect(result.output).toContain('a has 2 of 3 masters: redis-cluster-4 (127.0.32.5, c) takes over from redis-cluster-0 (127.0.32.1, a)\n');
    await expectCluster(nodes, ['replica of 4', 'master 5461-10922', 'master 10923-16383', 'replica of 2', 'master 0-5460', 'replica of 1']);
    await expectKeys();
  });
});

describe('what must not be touched', () => {
  test('is left alone when the pods belong to two clusters', async () => {
    nodes = await startNodes(6, 32, port);
    expect((await initCluster(nodes.slice(0, 3), { masters: 3, replicasPerMaster: 0 })).code).toBe(0);
    expect((await initCluster(nodes.slice(3), { masters: 3, replicasPerMaster: 0 })).code).toBe(0);

    const result = await initCluster(nodes, shape);

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toContain('failed: the pods belong to different clusters: ');
    await expectCluster(nodes.slice(0, 3), ['master 0-5460', 'master 5461-10922', 'master 10923-16383']);
    await expectCluster(nodes.slice(3), ['master 0-5460', 'master 5461-10922', 'master 10923-16383']);
  });

  test('is left alone when a pod knows a live node that is none of the pods', async () => {
    nodes = await startNodes(4, 32, port);
    expect(await nodes[0].command('CLUSTER', 'MEET', nodes[3].address, String(port))).toBe('OK');
    await eventually('the unknown node is known', async () => (await roles(nodes.slice(0, 3))).includes(`unknown node ${nodes[3].address}`));

    const result = await initCluster(nodes.slice(0, 3), { masters: 3, replicasPerMaster: 0, timeout: 2 });

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toMatch(/missing: redis-cluster-0 knows a live node \w{40} at 127\.0\.32\.4, none of the pods; stop that node/);
  });

  test('are the keys of a pod that would have to become a replica', async () => {
    nodes = await startNodes(6, 32, port);
    await nodes[4].command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('a key is written', async () => await nodes[4].command('SET', 'precious', '1') === 'OK');
    await nodes[4].command('CLUSTER', 'DELSLOTSRANGE', '0', '16383');

    const result = await initCluster(nodes, { ...shape, timeout: 10 });

    expect(result).toMatchObject({ code: 1, done: false });
    expect(result.output).toContain('missing: redis-cluster-4 (127.0.32.5) holds 1 keys but no slots, and would lose them as a replica; ');
    expect(await nodes[4].command('DBSIZE')).toBe('1');

    await nodes[4].command('FLUSHALL');
    expect((await initCluster(nodes, shape)).code).toBe(0);
  });

  test('are the slots of a node whose disk is lost, when nobody can take over', async () => {
    nodes = await startNodes(3, 32, port);
    expect((await initCluster(nodes, { masters: 3, replicasPerMaster: 0 })).code).toBe(0);
    await wipe(nodes[1], '127.0.33.2');

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 0, timeout: 8 });

    expect(result).toMatchObject({ code: 1, done: false });
    expect(result.output).toMatch(/missing: the slots 5461-10922 belong to node \w{40}, none of the pods that answer; bring it back, or give its keys up/);
    expect(result.commands.filter(command => !command.includes('CLUSTER MEET'))).toEqual([]);
    expect(await nodes[0].command('CLUSTER', 'NODES')).toMatch(/ 127\.0\.32\.2:.* 5461-10922/);
  });
});
