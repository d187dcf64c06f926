import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { execute } from '../support/execute';
import { formCluster } from '../support/servers/healing';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';
import { isHealthy, tableOf } from '../support/servers/table';

const PORT = 6475;
const script = join(__dirname, '..', '..', 'assets', 'probe.sh');
const inFirstSlot = '06S'; // a key whose slot is 0
let subnet = 95;
let nodes: RedisNode[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'));
});
afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
  nodes = [];
  rmSync(folder, { recursive: true });
});

/** What readiness says: `yes`, or its reason to say no. */
async function ask(node: RedisNode, environment: Record<string, string> = {}, shell = 'dash'): Promise<string> {
  const { code, output } = await execute(shell, [script], {
    PATH: process.env.PATH, PORT: String(PORT), POD_IP: node.address, ...environment,
  });
  return code === 0 ? `yes${output}` : output.trim();
}

async function eventuallySays(answer: RegExp, node: RedisNode): Promise<void> {
  await eventually('readiness is answered as expected', async () => {
    expect(await ask(node)).toMatch(answer);
    return true;
  });
}

async function started(count: number, args: string[] = []): Promise<void> {
  nodes = await startNodes(count, ++subnet, PORT, args);
}

/** The last node of a cluster of three masters and a replica, whose master is the first one. */
async function replicaOfFirst(args: string[]): Promise<RedisNode> {
  await started(4, args);
  await formCluster(nodes.slice(0, 3), 0);
  const [master, , , replica] = nodes;
  await replica.command('CLUSTER', 'MEET', master.address, String(PORT));
  const id = await master.command('CLUSTER', 'MYID');
  await eventually('it replicates', async () => await replica.command('CLUSTER', 'REPLICATE', id) === 'OK');
  await eventually('it is in sync', async () => await replica.field('master_link_status', 'INFO', 'replication') === 'up'
    && await replica.field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  // Without full coverage a node calls the cluster ok that knows one master, and would never hear of the others without it.
  for (const node of nodes) {
    await eventually('all know all', async () => {
      const table = await tableOf(node);
      return table.length === 4 && table.every(isHealthy)
        && await node.field('cluster_slots_assigned', 'CLUSTER', 'INFO') === '16384';
    });
  }
  return replica;
}

function passwordFile(password: string): string {
  writeFileSync(join(folder, 'password'), password);
  return join(folder, 'password');
}

test.each(SHELLS)('says yes about the nodes of a cluster in sync, in %s', async (_, environment, shell) => {
  await started(6);
  await formCluster(nodes, 1);
  for (const node of nodes) {
    expect(await ask(node, environment, shell)).toBe('yes');
  }
});

test('says no about a server that is down', async () => {
  await started(1);
  await nodes[0].stop();
  expect(await ask(nodes[0])).toMatch(/^Could not connect to Redis at [\d.]+:6475: Connection refused$/);
});

test('says no about a server that hangs, before the kubelet stops waiting', async () => {
  await started(1);
  nodes[0].signal('SIGSTOP');
  const start = Date.now();
  expect(await ask(nodes[0])).toBe('no answer from redis-server');
  expect(Date.now() - start).toBeLessThan(4500);
});

test('says no with the reply of a server that runs a script without end', async () => {
  await started(1, ['--busy-reply-threshold', '100']);
  const endless = nodes[0].command('EVAL', 'while true do end', '0');
  await eventually('the server is busy', async () => (await nodes[0].command('PING')).startsWith('BUSY'));
  expect(await ask(nodes[0])).toMatch(/^BUSY /);
  await nodes[0].command('SCRIPT', 'KILL');
  expect(await endless).toContain('Script killed');
});

test('says no with the reply of a server that loads its data, and yes when it has', async () => {
  await started(3, ['--appendonly', 'no', '--rdbcompression', 'no']);
  await formCluster(nodes, 0);
  for (let count = 0; count < 10; count++) {
    expect(await nodes[0].command('SET', `{${inFirstSlot}}${count}`, 'x'.repeat(10000))).toBe('OK');
  }
  await nodes[0].command('SAVE');
  await nodes[0].stop('SIGKILL');
  await nodes[0].start(nodes[0].address, ['--key-load-delay', '500000', '--loading-process-events-interval-bytes', '1024']);
  await eventuallySays(/^LOADING Redis is loading the dataset in memory$/, nodes[0]);
  await eventuallySays(/^yes$/, nodes[0]);
});

test('says no with the reply of a server that asks for another password', async () => {
  await started(1, ['--requirepass', 'secret']);
  expect(await ask(nodes[0])).toBe('NOAUTH Authentication required.');
  expect(await ask(nodes[0], { REDIS_PASSWORD_FILE: passwordFile('wrong') }))
    .toBe('AUTH failed: WRONGPASS invalid username-password pair or user is disabled.');
  expect(await ask(nodes[0], { REDIS_PASSWORD_FILE: passwordFile('secret\n') })).toBe('cluster_state:fail');
});

test('is not ready before it is in a cluster, and as long as it has nothing to serve', async () => {
  await started(4);
  expect(await ask(nodes[0])).toBe('cluster_state:fail');
  await formCluster(nodes.slice(1), 0);
  await nodes[0].command('CLUSTER', 'MEET', nodes[1].address, String(PORT));
  await eventually('the cluster is ok', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  expect(await ask(nodes[0])).toBe('a master without slots: not part of the cluster yet');
});

test('is ready without its master for as long as a failover takes, and no longer', async () => {
  const replica = await replicaOfFirst(['--cluster-require-full-coverage', 'no', '--cluster-replica-no-failover', 'yes']);
  await nodes[0].stop('SIGKILL');
  await eventually('the link is down', async () => await replica.field('master_link_status', 'INFO', 'replication') === 'down');
  expect(await ask(replica)).toBe('yes');
  expect(await ask(replica, { LINK_DOWN_SECONDS: '-1' })).toMatch(/^a replica without its master for \d s$/);
  await eventuallySays(/^a replica without its master for 1\d s$/, replica);

  await replica.stop();
  await replica.start();
  await eventually('the cluster is ok', async () => await replica.field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  await eventuallySays(/^a replica that has not been in sync yet$/, replica);
});

test('stays ready when another shard has failed, also after a start, so that a rollout which repairs that shard gets past it', async () => {
  const replica = await replicaOfFirst([]);
  const [master, other, failed] = nodes;
  await failed.stop('SIGKILL');
  for (const node of [master, other, replica]) {
    await eventually('the cluster is down', async () => await node.field('cluster_state', 'CLUSTER', 'INFO') === 'fail');
    await eventuallySays(/^yes$/, node);
  }
  for (const node of [replica, other]) {
    await node.stop();
    await node.start();
    await eventuallySays(/^yes$/, node);
    expect(await node.field('cluster_state', 'CLUSTER', 'INFO')).toBe('fail');
  }
});

test('is not ready without a majority of the masters, which alone can tell that others have failed', async () => {
  const replica = await replicaOfFirst([]);
  await Promise.all(nodes.slice(1, 3).map(node => node.stop('SIGKILL')));
  for (const node of [nodes[0], replica]) {
    await eventuallySays(/^cluster_state:fail$/, node);
  }
});

test('is not ready after a start before another node has answered, though its file calls them healthy', async () => {
  await started(3, ['--cluster-node-timeout', '15000']);
  await formCluster(nodes, 0);
  await nodes[0].command('CONFIG', 'RESETSTAT');
  expect(await ask(nodes[0])).toBe('yes');
  await nodes[0].stop();
  nodes.slice(1).forEach(node => node.signal('SIGSTOP'));
  await nodes[0].start();
  await eventually('the cluster is ok', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  expect(await ask(nodes[0])).toBe('no other node has answered since this one started');

  nodes.slice(1).forEach(node => node.signal('SIGCONT'));
  await eventuallySays(/^yes$/, nodes[0]);
});
