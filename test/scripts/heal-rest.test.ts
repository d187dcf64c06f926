import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { formCluster, HealedNodes } from '../support/servers/healing';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { writtenShape } from '../support/servers/shape-file';

const PORT = 6460;
const PASSWORD = 'quoted "secret" \\ $HOME';
let subnet = 80;
let cluster: HealedNodes;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'password-'));
});
afterEach(async () => {
  await cluster.remove();
  rmSync(folder, { recursive: true });
});

async function startedNodes(count: number, environment: Record<string, string> = {}, args: string[] = []): Promise<HealedNodes> {
  cluster = new HealedNodes(await startNodes(count, ++subnet, PORT, args), environment);
  return cluster;
}

async function eventuallyLogs(text: string, seconds = 20): Promise<void> {
  await eventually(`node 0 logs ${text}`, async () => cluster.healers[0].log.includes(text), seconds);
}

function passwordFile(content: string): string {
  const file = join(folder, 'password');
  writeFileSync(file, content);
  return file;
}

/** How often a node was given each command. */
async function commandCounts(node: RedisNode): Promise<Record<string, number>> {
  const lines = (await node.command('INFO', 'commandstats')).split(/\r?\n/);
  return Object.fromEntries(lines.map(line => /^cmdstat_(\S+):calls=(\d+)/.exec(line)).filter(match => match !== null)
    .map(([, command, calls]) => [command, Number(calls)]));
}

test('asks its node for the table and nothing else while all is well, at a low cost', async () => {
  await startedNodes(6);
  await formCluster(cluster.nodes, 1);
  cluster.startHealing();
  await eventuallyLogs('all well');
  await new Promise(resolve => setTimeout(resolve, 35000)); // it looks more often after any change
  const seconds = 21;
  const before = await Promise.all(cluster.nodes.map(commandCounts));
  const used = cluster.healers.map(healer => healer.cpuSeconds());
  await new Promise(resolve => setTimeout(resolve, seconds * 1000));

  for (const [index, node] of cluster.nodes.entries()) {
    const counts = await commandCounts(node);
    const given = Object.keys(counts).filter(command => counts[command] !== before[index][command]);
    // redis-cli itself asks for the first; the last is how it waits
    expect(given.filter(command => !['ping', 'replconf'].includes(command)).sort()).toEqual(['cluster|nodes', 'command|docs', 'info', 'subscribe']);
    expect(counts['cluster|nodes'] - before[index]['cluster|nodes']).toBeLessThanOrEqual(Math.ceil(seconds / 10));
  }
  const cpu = cluster.healers.map((healer, index) => (healer.cpuSeconds() - used[index]) / seconds);
  console.log(`heal.sh at rest uses ${cpu.map(share => (share * 100).toFixed(2)).join(', ')} % of a core`);
  expect(Math.max(...cpu)).toBeLessThan(0.02);
  expect(cluster.healers[0].log).toMatch(/^\S+ all well\n$/);
});

test('ends at once on SIGTERM, at rest and while its node hangs', async () => {
  await startedNodes(6);
  await formCluster(cluster.nodes, 1);
  cluster.startHealing();
  await eventuallyLogs('all well');
  const start = Date.now();
  expect(await cluster.healers[0].stop()).toBe(0);
  expect(Date.now() - start).toBeLessThan(500);

  cluster.nodes[1].signal('SIGSTOP');
  await eventually('heal.sh waits', async () => cluster.healers[1].log.includes('waits for redis-server: no answer'), 20);
  const startAgain = Date.now();
  expect(await cluster.healers[1].stop()).toBe(0);
  expect(Date.now() - startAgain).toBeLessThan(500);
});

test('waits for its server, and says so once', async () => {
  await startedNodes(3, { SHAPE: writtenShape(3, 0) });
  await formCluster(cluster.nodes, 0);
  await cluster.nodes[0].stop();
  cluster.healers[0].start();
  await eventuallyLogs('waits for redis-server: Could not connect');
  await new Promise(resolve => setTimeout(resolve, 3000));
  await cluster.nodes[0].start();
  await eventuallyLogs('all well');
  expect(cluster.healers[0].log.match(/waits/g)).toHaveLength(1);
});

test('heals a cluster with a password', async () => {
  const file = passwordFile(`${PASSWORD}\n`);
  await startedNodes(3, { SHAPE: writtenShape(3, 0), REDIS_PASSWORD_FILE: file }, ['--requirepass', PASSWORD, '--masterauth', PASSWORD]);
  await formCluster(cluster.nodes, 0, PASSWORD);
  const addresses = [11, 12, 13].map(last => `127.0.${subnet}.${last}`);
  cluster.peers.leadTo(addresses);
  await cluster.restartAll(addresses);
  await cluster.whole(15);
  expect(cluster.log).not.toContain('secret');
});

test('says when its password is wrong', async () => {
  await startedNodes(1, { REDIS_PASSWORD_FILE: passwordFile('wrong') }, ['--requirepass', PASSWORD]);
  cluster.startHealing();
  await eventuallyLogs('waits for redis-server: AUTH failed: WRONGPASS');
});
