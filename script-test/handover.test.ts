import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busybox } from './support/busybox';
import { eventually } from './support/eventually';
import { execute, Result } from './support/execute';
import { formCluster, HealedNodes } from './support/healing';
import { RedisNode, startNodes } from './support/redis-node';
import { Writer } from './support/writer';

const PORT = 6470;
const script = join(__dirname, '..', 'assets', 'handover.sh');
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

async function handOver(node: RedisNode, environment: Record<string, string> = {}, shell = ['dash']): Promise<Result & { seconds: number }> {
  const start = Date.now();
  const result = await execute(shell[0], [...shell.slice(1), script], {
    PATH: process.env.PATH, PORT: String(node.port), POD_IP: node.address, LOG: '/no/such/file', ...environment,
  });
  return { ...result, seconds: (Date.now() - start) / 1000 };
}

/** The present master of the first shard, and its replica. */
async function firstShard(nodes: RedisNode[]): Promise<[RedisNode, RedisNode]> {
  const tables = await Promise.all(nodes.map(node => node.command('CLUSTER', 'NODES')));
  const own = tables.map(table => table.split('\n').find(line => line.includes('myself'))!.split(' '));
  const master = own.findIndex(fields => fields.some(field => field.startsWith('0-')));
  return [nodes[master], nodes[own.findIndex(fields => fields[3] === own[master][0])]];
}

test.each([
  ['dash', {}, ['dash']],
  ['busybox', { PATH: busybox() }, ['busybox', 'sh']],
])('lets a replica take over before a master stops, without a failed or lost write, in %s', async (_, environment, shell) => {
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
  expect(output).toMatch(new RegExp(`^\\S+ handover: ${replica.address} has taken over, after \\d s\n$`));
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
  expect(second.output).toContain('handover: this master has no replica that could take over; its keys are in the append-only file');
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
  expect(output).toContain('handover: this master has no replica that could take over; Redis saves its keys when it stops');
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
  expect(output).toContain('handover: this master found no replica to take over within 3 s; its keys are in the append-only file');
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

test('has a master save that is configured not to, when nobody can take over', async () => {
  const nodes = await formedCluster(['--appendonly', 'no'], 0);
  const { output } = await handOver(nodes[0]);
  expect(output).toContain('neither appendonly nor save is configured, so it saves its keys now: OK');
  expect(existsSync(join(nodes[0].directory, 'dump.rdb'))).toBe(true);
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
