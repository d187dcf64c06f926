import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busybox } from './support/busybox';
import { eventually } from './support/eventually';
import { execute } from './support/execute';
import { formCluster } from './support/healing';
import { RedisNode, startNodes } from './support/redis-node';

const PORT = 6475;
const script = join(__dirname, '..', 'assets', 'probe.sh');
const inFirstSlot = '06S'; // a key whose slot is 0
const questions = ['startup', 'liveness', 'readiness'] as const;
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

/** What a probe says: `yes`, or its reason to say no. */
async function ask(question: string, environment: Record<string, string> = {}, shell = ['dash'], node = nodes[0]): Promise<string> {
  const { code, output } = await execute(shell[0], [...shell.slice(1), script, question], {
    PATH: process.env.PATH, PORT: String(PORT), POD_IP: node?.address ?? '127.0.95.1', ...environment,
  });
  return code === 0 ? `yes${output}` : output.trim();
}

/** What the three probes say about the first node. */
async function answers(environment: Record<string, string> = {}, shell = ['dash']): Promise<Record<string, string>> {
  const replies = await Promise.all(questions.map(question => ask(question, environment, shell)));
  return Object.fromEntries(questions.map((question, index) => [question, replies[index]]));
}

async function eventuallySays(answer: RegExp, node: RedisNode): Promise<void> {
  await eventually('readiness is answered as expected', async () => {
    expect(await ask('readiness', {}, ['dash'], node)).toMatch(answer);
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
  return replica;
}

function passwordFile(password: string): string {
  writeFileSync(join(folder, 'password'), password);
  return join(folder, 'password');
}

test.each([
  ['dash', {}, ['dash']],
  ['busybox', { PATH: busybox() }, ['busybox', 'sh']],
])('says yes to all about the nodes of a cluster in sync, in %s', async (_, environment, shell) => {
  await started(6);
  await formCluster(nodes, 1);
  for (const node of nodes) {
    for (const question of questions) {
      expect(await ask(question, environment, shell, node)).toBe('yes');
    }
  }
});

test('says no to all about a server that is down', async () => {
  const down = expect.stringMatching(/^Could not connect to Redis at 127.0.95.1:6475: Connection refused$/);
  expect(await answers()).toEqual({ startup: down, liveness: down, readiness: down });
});

test('says no to all about a server that hangs, before the kubelet stops waiting', async () => {
  await started(1);
  nodes[0].signal('SIGSTOP');
  const start = Date.now();
  const hangs = 'no answer from redis-server';
  expect(await answers()).toEqual({ startup: hangs, liveness: hangs, readiness: hangs });
  expect(Date.now() - start).toBeLessThan(4500);
});

test('says that a server lives that runs a script without end, but does not serve', async () => {
  await started(1, ['--busy-reply-threshold', '100']);
  const endless = nodes[0].command('EVAL', 'while true do end', '0');
  await eventually('the server is busy', async () => (await nodes[0].command('PING')).startsWith('BUSY'));
  expect(await answers()).toEqual({ startup: 'yes', liveness: 'yes', readiness: expect.stringMatching(/^BUSY /) });
  await nodes[0].command('SCRIPT', 'KILL');
  expect(await endless).toContain('Script killed');
});

test('keeps a server waiting that loads its data, without having it killed', async () => {
  await started(3, ['--appendonly', 'no', '--rdbcompression', 'no']);
  await formCluster(nodes, 0);
  for (let count = 0; count < 10; count++) {
    expect(await nodes[0].command('SET', `{${inFirstSlot}}${count}`, 'x'.repeat(10000))).toBe('OK');
  }
  await nodes[0].command('SAVE');
  await nodes[0].stop('SIGKILL');
  await nodes[0].start(nodes[0].address, ['--key-load-delay', '500000', '--loading-process-events-interval-bytes', '1024']);
  await eventually('the server loads', async () => (await nodes[0].command('PING')).startsWith('LOADING'));
  const reply = 'LOADING Redis is loading the dataset in memory';
  expect(await answers()).toEqual({ startup: reply, liveness: 'yes', readiness: reply });
  await eventually('the server has loaded', async () => await ask('startup') === 'yes');
});

test('says that a server lives that asks for another password, and what is wrong', async () => {
  await started(1, ['--requirepass', 'secret']);
  expect(await answers()).toEqual({ startup: 'yes', liveness: 'yes', readiness: 'NOAUTH Authentication required.' });
  expect(await answers({ REDIS_PASSWORD_FILE: passwordFile('wrong') })).toEqual({
    startup: 'yes',
    liveness: 'yes',
    readiness: 'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.',
  });
  expect(await answers({ REDIS_PASSWORD_FILE: passwordFile('secret\n') })).toEqual({
    startup: 'yes',
    liveness: 'yes',
    readiness: 'cluster_state:fail',
  });
});

test('is not ready before it is in a cluster, and as long as it has nothing to serve', async () => {
  await started(4);
  expect(await answers()).toEqual({ startup: 'yes', liveness: 'yes', readiness: 'cluster_state:fail' });
  await formCluster(nodes.slice(1), 0);
  await nodes[0].command('CLUSTER', 'MEET', nodes[1].address, String(PORT));
  await eventually('the cluster is ok', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  expect(await ask('readiness')).toBe('a master without slots: not part of the cluster yet');
});

test('is ready without its master for as long as a failover takes, and no longer', async () => {
  const replica = await replicaOfFirst(['--cluster-require-full-coverage', 'no', '--cluster-replica-no-failover', 'yes']);
  const bound = { LINK_DOWN_SECONDS: '10' };
  await nodes[0].stop('SIGKILL');
  await eventually('the link is down', async () => await replica.field('master_link_status', 'INFO', 'replication') === 'down');
  expect(await ask('readiness', bound, ['dash'], replica)).toBe('yes');
  await eventuallySays(/^a replica without its master for 1\d s$/, replica);
  expect(await ask('liveness', bound, ['dash'], replica)).toBe('yes');

  await replica.stop();
  await replica.start();
  await eventually('the cluster is ok', async () => await replica.field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  await eventuallySays(/^a replica that has not been in sync yet$/, replica);
});

test('is not ready after a start before another node has answered, though its file calls them healthy', async () => {
  await started(3, ['--cluster-node-timeout', '15000']);
  await formCluster(nodes, 0);
  await nodes[0].stop();
  nodes.slice(1).forEach(node => node.signal('SIGSTOP'));
  await new Promise(resolve => setTimeout(resolve, 2000));
  await nodes[0].start();
  await eventually('the cluster is ok', async () => await nodes[0].field('cluster_state', 'CLUSTER', 'INFO') === 'ok');
  expect(await ask('readiness')).toBe('no other node has answered since this one started');

  nodes.slice(1).forEach(node => node.signal('SIGCONT'));
  await eventuallySays(/^yes$/, nodes[0]);
});

test.each([
  'MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to \'no\'.',
  'MISCONF Errors writing to the AOF file: No space left on device',
  'NOPERM this user has no permissions to run the \'ping\' command',
  'ERR max number of clients reached',
])('takes for an answer: %s', async reply => {
  writeFileSync(join(folder, 'redis-cli'), `#!/bin/sh\necho "${reply}"\n`);
  chmodSync(join(folder, 'redis-cli'), 0o755);
  expect(await answers({ PATH: `${folder}:${process.env.PATH}` })).toEqual({ startup: 'yes', liveness: 'yes', readiness: reply });
});

test('knows three questions', async () => {
  expect(await ask('health')).toBe('unknown question \'health\': startup, liveness or readiness');
});
