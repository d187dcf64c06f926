import { mkdirSync } from 'node:fs';
import { createConnection, Socket } from 'node:net';
import { join } from 'node:path';
import { Authority } from '../support/authority';
import { eventually } from '../support/eventually';
import { execute } from '../support/execute';
import { accepts, Probe } from '../support/servers/kubelet';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { containerOf, synthCluster } from '../support/synth';

const PORT = 6479;
let subnet = 99;
let nodes: RedisNode[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  sockets.splice(0).forEach(socket => socket.destroy());
  await Promise.all(nodes.map(node => node.remove()));
  nodes = [];
});

async function started(args: string[] = []): Promise<RedisNode> {
  nodes = await startNodes(1, ++subnet, PORT, args);
  return nodes[0];
}

/** What startup and liveness learn about a node, by the probes that the manifest has. */
async function lives(node: RedisNode): Promise<boolean> {
  const { startupProbe, livenessProbe } = containerOf(synthCluster({ config: { port: PORT } }).one('StatefulSet'), 'redis');
  const answers = await Promise.all([startupProbe, livenessProbe].map((probe: Probe) => accepts(probe, node.address)));
  expect(answers[0]).toBe(answers[1]);
  return answers[0];
}

/** Arguments of a server that asks clients for a certificate, and those of a client that has one. */
function tls({ folder }: Authority): { server: string[]; client: string[] } {
  const [certificate, key, authority] = ['tls.crt', 'tls.key', 'ca.crt'].map(file => join(folder, file));
  return {
    server: ['--port', '0', '--tls-port', String(PORT), '--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority,
      '--tls-cluster', 'yes', '--tls-replication', 'yes'],
    client: ['--tls', '--cert', certificate, '--key', key, '--cacert', authority],
  };
}

async function signed(address: string, days = 1): Promise<Authority> {
  const authority = await Authority.create('cluster');
  await authority.sign({ dnsNames: ['redis'], ipAddresses: [address], usages: ['server auth', 'client auth', 'digital signature', 'key encipherment'] }, days);
  return authority;
}

async function client(node: RedisNode, args: string[], ...command: string[]): Promise<string> {
  return (await execute('redis-cli', ['-h', node.address, '-p', String(PORT), ...args, ...command])).output.trim();
}

test('a server that is down does not live', async () => {
  const node = await started();
  expect(await lives(node)).toBe(true);
  await node.stop();
  expect(await lives(node)).toBe(false);
});

test('a server lives whose clients have certificates of another authority', async () => {
  const [own, other] = await Promise.all([signed(`127.0.${subnet + 1}.1`), signed(`127.0.${subnet + 1}.1`)]);
  const node = await started(tls(own).server);
  expect(await client(node, tls(own).client, 'PING')).toBe('PONG');
  expect(await client(node, tls(other).client, 'PING')).toMatch(/certificate verify failed/);
  expect(await lives(node)).toBe(true);
});

test('a server lives whose certificate has expired', async () => {
  const expired = await signed(`127.0.${subnet + 1}.1`, 0);
  const node = await started(tls(expired).server);
  expect(await client(node, tls(expired).client, 'PING')).toMatch(/certificate verify failed|expired/);
  expect(await lives(node)).toBe(true);
});

test('a server lives that has as many clients as it may, over TLS', async () => {
  const authority = await signed(`127.0.${subnet + 1}.1`);
  const node = await started([...tls(authority).server, '--maxclients', '3']);
  for (let count = 0; count < 3; count++) {
    sockets.push(createConnection(PORT, node.address).on('error', () => undefined));
  }
  await eventually('no client gets in', async () => await client(node, tls(authority).client, 'PING') !== 'PONG');
  expect(await lives(node)).toBe(true);
});

test('a server lives that cannot write to its disk', async () => {
  const node = await started(['--appendonly', 'no', '--save', '3600 1000']);
  mkdirSync(join(node.directory, 'dump.rdb')); // the file that it saves cannot take this place, which is no different from a full disk
  await node.command('BGSAVE');
  await eventually('it refuses to write', async () => (await node.command('PING')).startsWith('MISCONF'));
  expect(await lives(node)).toBe(true);
});

test('a server lives that loads its data', async () => {
  const node = await started(['--appendonly', 'no', '--rdbcompression', 'no']);
  await node.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await eventually('it serves', async () => await node.command('SET', 'key', 'x') === 'OK');
  for (let count = 0; count < 10; count++) {
    await node.command('SET', `key-${count}`, 'x'.repeat(10000));
  }
  await node.command('SAVE');
  await node.stop('SIGKILL');
  await node.start(node.address, ['--key-load-delay', '500000', '--loading-process-events-interval-bytes', '1024']);
  await eventually('it loads', async () => (await node.command('PING')).startsWith('LOADING'));
  expect(await lives(node)).toBe(true);
});

test('a server lives that runs a script without end, or is not heard from', async () => {
  const node = await started(['--busy-reply-threshold', '100']);
  const endless = node.command('EVAL', 'while true do end', '0');
  await eventually('it is busy', async () => (await node.command('PING')).startsWith('BUSY'));
  expect(await lives(node)).toBe(true);
  await node.command('SCRIPT', 'KILL');
  await endless;
  node.signal('SIGSTOP');
  expect(await lives(node)).toBe(true);
});

test('a server lives that wants another password', async () => {
  const node = await started(['--requirepass', 'secret']);
  expect(await client(node, ['--no-auth-warning', '-a', 'wrong'], 'PING')).toMatch(/WRONGPASS|NOAUTH/);
  expect(await lives(node)).toBe(true);
});
