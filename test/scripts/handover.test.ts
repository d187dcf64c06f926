import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisVersion } from '../../src';
import { usersFile } from '../../src/access/users';
import { eventually } from '../support/eventually';
import { execute, Result } from '../support/execute';
import { formCluster, HealedNodes } from '../support/servers/healing';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';
import { tableOf } from '../support/servers/table';
import { Writer } from '../support/servers/writer';

const PORT = 6470;
const script = join(__dirname, '..', '..', 'assets', 'handover.sh');
let subnet = 86;
let cluster: HealedNodes;
const writers: Writer[] = [];

afterEach(async () => {
  writers.splice(0).forEach(writer => writer.abandon());
  await cluster.remove();
});

async function formedCluster(args: string[] = [], replicas = 1, password?: string): Promise<RedisNode[]> {
  const nodes = await startNodes(3 * (1 + replicas), ++subnet, PORT, args);
  cluster = new HealedNodes(nodes);
  await formCluster(nodes, replicas, password);
  return nodes;
}

function startedWriter(nodes: RedisNode[]): Writer {
  const writer = new Writer(nodes);
  writers.push(writer);
  writer.start();
  return writer;
}

async function handOver(node: RedisNode, environment: Record<string, string> = {}, shell = 'dash'): Promise<Result & { seconds: number }> {
  const start = Date.now();
  const result = await execute(shell, [script], {
    PATH: process.env.PATH, PORT: String(node.port), POD_IP: node.address, LOG: '/no/such/file', ...environment,
  });
  return { ...result, seconds: (Date.now() - start) / 1000 };
}

/** The present master of the first shard, and its replica. */
async function firstShard(nodes: RedisNode[]): Promise<[RedisNode, RedisNode]> {
  const tables = await Promise.all(nodes.map(tableOf));
  const own = tables.map(table => table.find(({ flags }) => flags.includes('myself'))!);
  const master = own.findIndex(({ slots }) => slots.startsWith('0-'));
  return [nodes[master], nodes[own.findIndex(entry => entry.master === own[master].id)]];
}

test.each(SHELLS)('lets a replica take over before a master stops, without a failed or lost write, in %s', async (_, environment, shell) => {
  const nodes = await formedCluster();
  const [master, replica] = await firstShard(nodes);
  const writer = startedWriter(nodes);
  await eventually('the writer writes', async () => writer.written > 100);

  const { code, output } = await handOver(master, environment, shell);
  expect(await master.field('role', 'INFO', 'replication')).toBe('slave');
  await master.stop();
  const written = writer.written;
  await eventually('the writer has gone on', async () => writer.written > written + 500);
  expect(await writer.stop()).toBe(0);
  expect(writer.failures).toEqual([]);
  expect(writer.longest).toBeLessThan(2500);
  expect(code).toBe(0);
  expect(output).toMatch(new RegExp(`\\S+ handover: ${replica.address} has taken over, after \\d s\n$`));
  expect(await replica.field('role', 'INFO', 'replication')).toBe('master');
});

test('lets all pods restart one by one, at new addresses, without a failed or lost write', async () => {
  const nodes = await formedCluster();
  cluster.startHealing();
  const writer = startedWriter(nodes);
  for (const [index, node] of nodes.entries()) {
    await handOver(node);
    await cluster.stop(index);
    await cluster.start(index, `127.0.${subnet}.${11 + index}`);
    await cluster.whole(20);
  }
  expect(await writer.stop()).toBe(0);
  expect(writer.failures).toEqual([]);
  console.log(`${writer.written} writes while six nodes restarted, the longest ${writer.longest} ms`);
});

test('hands over again soon after it was the one that stopped, without long waits for clients', async () => {
  const nodes = await formedCluster(['--cluster-node-timeout', '5000']);
  cluster.startHealing();
  const [first, second] = await firstShard(nodes);
  const writer = startedWriter(nodes);
  for (const node of [first, second, first]) {
    const { output } = await handOver(node);
    expect(output).toMatch(/has taken over, after \d+ s\n$/);
    await cluster.stop(nodes.indexOf(node));
    await cluster.start(nodes.indexOf(node), node.address);
    await cluster.whole(20);
  }
  expect(await writer.stop()).toBe(0);
  expect(writer.failures).toEqual([]);
  expect(writer.longest).toBeLessThan(4000);
});

test('hands over with a password', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'password-'));
  writeFileSync(join(folder, 'password'), 'secret\n');
  const nodes = await formedCluster(['--requirepass', 'secret', '--masterauth', 'secret'], 1, 'secret');
  const [master, replica] = await firstShard(nodes);
  const { output } = await handOver(master, { REDIS_PASSWORD_FILE: join(folder, 'password') });
  rmSync(folder, { recursive: true });
  expect(output).toContain(`${replica.address} has taken over`);
  expect(output).not.toContain('secret');
});

test('asks a replica even while the link to it is being made anew', async () => {
  const nodes = await formedCluster();
  const [master, replica] = await firstShard(nodes);
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  writeFileSync(join(folder, 'redis-cli'), `#!/bin/sh\nPATH='${process.env.PATH}' redis-cli "$@" | sed '/ slave /s/ connected/ disconnected/'\n`, { mode: 0o755 });
  const { output } = await handOver(master, { PATH: `${folder}:${process.env.PATH}` });
  rmSync(folder, { recursive: true });
  expect(output).toContain(`${replica.address} has taken over`);
});

test('does nothing on a replica, but keeps it from being chosen while it stops', async () => {
  const nodes = await formedCluster();
  const [master, replica] = await firstShard(nodes);
  const { code, output, seconds } = await handOver(replica);
  expect([code, output]).toEqual([0, '']);
  expect(seconds).toBeLessThan(1);

  const second = await handOver(master);
  expect(second.code).toBe(0);
  expect(second.output).toMatch(/ handover: no replica takes over, after \d s: no replica is left to take over; its keys are in the append-only file\n$/);
  expect(await master.field('role', 'INFO', 'replication')).toBe('master');
});

test('does nothing on a node without slots', async () => {
  cluster = new HealedNodes(await startNodes(1, ++subnet, PORT));
  const { code, output } = await handOver(cluster.nodes[0]);
  expect([code, output]).toEqual([0, '']);
});

test('does not wait for a replica that is down', async () => {
  const nodes = await formedCluster(['--appendonly', 'no', '--save', '900 1']);
  const [master, replica] = await firstShard(nodes);
  await replica.stop();
  const { code, output, seconds } = await handOver(master);
  expect(code).toBe(0);
  expect(output).toMatch(/ handover: no replica takes over, after \d s: no replica is left to take over; Redis saves its keys when it stops\n$/);
  expect(seconds).toBeLessThan(5);
});

test('waits no longer than its budget for a replica that is not in sync', async () => {
  const nodes = await formedCluster();
  const [master, replica] = await firstShard(nodes);
  await replica.command('CONFIG', 'SET', 'masterauth', 'wrong');
  await master.command('CONFIG', 'SET', 'requirepass', 'right');
  await replica.command('CLIENT', 'KILL', 'TYPE', 'master');
  const { code, output, seconds } = await handOver(master, { HANDOVER_TIMEOUT: '3', REDISCLI_OPTIONS: '-a right --no-auth-warning' });
  expect(code).toBe(0);
  expect(output).toMatch(new RegExp(`^\\S+ handover: ${replica.address} is not in sync\n`
    + `\\S+ handover: no replica takes over, after \\d s: ${replica.address} is not in sync; its keys are in the append-only file\n$`));
  expect(seconds).toBeGreaterThan(2);
  expect(seconds).toBeLessThan(6);
});

test('waits for a replica that comes into sync within its budget', async () => {
  const nodes = await formedCluster();
  const [master, replica] = await firstShard(nodes);
  await master.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '3');
  await master.command('SET', '{06S}', 'x'.repeat(100)); // slot 0
  await replica.stop();
  replica.wipe();
  await replica.start();
  const id = await master.command('CLUSTER', 'MYID');
  await replica.command('CLUSTER', 'MEET', master.address, String(PORT));
  await eventually('the replica knows its master', async () => await replica.command('CLUSTER', 'REPLICATE', id) === 'OK');
  await eventually('the master knows its replica', async () => (await master.command('CLUSTER', 'REPLICAS', id)).includes(`${replica.address}:`)
    && !(await master.command('CLUSTER', 'REPLICAS', id)).includes('handshake'));
  expect(await replica.field('master_link_status', 'INFO', 'replication')).toBe('down');
  expect((await handOver(master)).output).toContain(`${replica.address} has taken over`);
});

test('has a master save that is configured not to, when nobody can take over, with all that it writes until it stops', async () => {
  const nodes = await formedCluster(['--appendonly', 'no'], 0);
  const { output } = await handOver(nodes[0]);
  expect(output).toContain('neither appendonly nor save is configured, so Redis is told to save when it stops: OK');
  expect(await nodes[0].command('SET', '{06S}', 'written after the handover')).toBe('OK'); // slot 0
  await nodes[0].stop();
  await nodes[0].start();
  await eventually('the key is back', async () => await nodes[0].command('GET', '{06S}') === 'written after the handover');
});

test('has a master save that no replica took over from within its time', async () => {
  const nodes = await formedCluster(['--appendonly', 'no']);
  const [master, replica] = await firstShard(nodes);
  replica.signal('SIGSTOP');
  const { output } = await handOver(master, { HANDOVER_TIMEOUT: '1' });
  expect(output).toMatch(new RegExp(`${replica.address}: no answer; neither .*: OK\n$`));
  expect(await master.command('CONFIG', 'GET', 'save')).toMatch(/\d+ 1$/);
});

test('hands over when the script has ended that keeps its server busy', async () => {
  const nodes = await formedCluster(['--busy-reply-threshold', '100']);
  const [master, replica] = await firstShard(nodes);
  const endless = master.command('EVAL', 'while true do end', '0');
  await eventually('the server is busy', async () => (await master.command('PING')).startsWith('BUSY'));
  setTimeout(() => void master.command('SCRIPT', 'KILL'), 4000);
  const { output } = await handOver(master);
  await endless;
  expect(output).toMatch(new RegExp(`^\\S+ handover: its server: BUSY .*\n\\S+ handover: ${replica.address} has taken over, after \\d+ s\n$`));
});

test.each(['master', 'replica'])('hands over when a %s is slow to answer', async role => {
  const nodes = await formedCluster(['--enable-debug-command', 'yes', '--cluster-node-timeout', '7000']);
  const [master, replica] = await firstShard(nodes);
  const slow = role === 'master' ? master : replica;
  const sleep = slow.command('DEBUG', 'SLEEP', '5');
  const { output } = await handOver(master, { HANDOVER_TIMEOUT: '30' });
  await sleep;
  const problem = role === 'master' ? 'its server: no answer' : `${replica.address}: no answer`;
  expect(output).toMatch(new RegExp(`^\\S+ handover: ${problem}\n(.* would not vote again .*\n)?\\S+ handover: ${replica.address} has taken over, after \\d+ s\n$`));
});

test('says what it could not do when its server stays busy', async () => {
  const nodes = await formedCluster(['--busy-reply-threshold', '100', '--appendonly', 'no'], 0);
  const endless = nodes[0].command('EVAL', 'while true do end', '0');
  await eventually('the server is busy', async () => (await nodes[0].command('PING')).startsWith('BUSY'));
  const { code, output } = await handOver(nodes[0], { HANDOVER_TIMEOUT: '1' });
  await nodes[0].command('SCRIPT', 'KILL');
  await endless;
  expect(code).toBe(0);
  expect(output).toMatch(/handover: no replica takes over, after \d s: its server: BUSY .*; .* Redis is told to save when it stops: BUSY .*\n$/);
});

test('waits for a server that loads, which has nothing to hand over before', async () => {
  const nodes = await formedCluster(['--appendonly', 'no', '--rdbcompression', 'no'], 0);
  for (let count = 0; count < 10; count++) {
    await nodes[0].command('SET', `{06S}${count}`, 'x'.repeat(10000));
  }
  await nodes[0].command('SAVE');
  await nodes[0].stop('SIGKILL');
  await nodes[0].start(nodes[0].address, ['--key-load-delay', '200000', '--loading-process-events-interval-bytes', '1024']);
  await eventually('it loads', async () => (await nodes[0].command('PING')).startsWith('LOADING'));
  const { output } = await handOver(nodes[0]);
  expect(output).toMatch(/^\S+ handover: its server: LOADING .*\n\S+ handover: no replica takes over, after \d+ s: no replica is left to take over; /);
});

test('needs no more rights than the maintenance user has', async () => {
  const nodes = await formedCluster();
  const rights = usersFile([], RedisVersion.V7_0).split('\n')[0].split(' ').slice(1);
  for (const node of nodes) {
    expect(await node.command('ACL', 'SETUSER', 'maintenance', 'on', '>secret', ...rights)).toBe('OK');
  }
  const [master, replica] = await firstShard(nodes);
  const { output } = await handOver(master, { REDISCLI_OPTIONS: '--user maintenance -a secret --no-auth-warning' });
  expect(output).toContain(`${replica.address} has taken over`);
  expect((await handOver(replica, { REDISCLI_OPTIONS: '--user maintenance -a secret --no-auth-warning' })).output)
    .toContain('no replica is left to take over; its keys are in the append-only file');
  const refused = (await Promise.all(nodes.map(node => node.command('ACL', 'LOG')))).join('\n').matchAll(/^object\n(.*)$/gm);
  expect([...refused].map(([, command]) => command).filter(command => !/^command/.test(command))).toEqual([]); // redis-cli asks for its help
});

test('moves no slots to and fro when both pods of a shard stop at once', async () => {
  const nodes = await formedCluster();
  const shard = await firstShard(nodes);
  const results = await Promise.all(shard.map(async node => {
    const result = await handOver(node);
    await node.stop();
    return result;
  }));
  expect(results.map(result => result.code)).toEqual([0, 0]);
  expect(results.filter(result => result.output.includes('taken over')).length).toBeLessThanOrEqual(1);
  expect(Math.max(...results.map(result => result.seconds))).toBeLessThan(8);
});
