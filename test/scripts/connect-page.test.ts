import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../support/authority';
import { eventually } from '../support/eventually';
import { execute } from '../support/execute';
import { codeBlocks } from '../support/pages/markdown';

const root = join(__dirname, '..', '..');
const PORT = 6397;
const USAGES = ['digital signature', 'key encipherment', 'server auth', 'client auth'];
const [{ code }] = codeBlocks(join(root, 'docs', 'connect.md'), 'js');
const folder = mkdtempSync(join(__dirname, 'client-'));
const servers: ChildProcess[] = [];

afterAll(async () => {
  await Promise.all(servers.map(server => new Promise(resolve => server.once('exit', resolve) && server.kill())));
  rmSync(folder, { recursive: true });
});

/** A cluster of one node, which has all slots. */
async function serve(address: string, options: string[], redisCli: string[]): Promise<void> {
  servers.push(spawn('redis-server', ['--bind', address, '--dir', mkdtempSync(join(folder, 'data-')), '--save', '',
    '--cluster-enabled', 'yes',
    '--cluster-announce-ip', address, ...options]));
  const ask = (...words: string[]) => execute('redis-cli', ['-h', address, '-p', String(PORT), ...redisCli, ...words]);
  await eventually('the node has all slots', async () => /OK|is already busy/.test((await ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')).output));
  await eventually('the cluster is ok', async () => /cluster_state:ok/.test((await ask('CLUSTER', 'INFO')).output));
}

async function runClient(environment: Record<string, string>, seconds = 20): Promise<string> {
  const file = join(folder, 'client.mjs');
  writeFileSync(file, `${code}\nconsole.log(await redis.get('greeting'));\nawait redis.quit();\n`);
  return (await execute(process.execPath, [file], { PATH: process.env.PATH, REDIS_PORT: String(PORT), ...environment }, seconds)).output;
}

test('the client of docs/connect.md for Node.js connects without a password', async () => {
  await serve('127.0.18.1', ['--port', String(PORT), '--protected-mode', 'no'], []);
  expect(await runClient({ REDIS_HOST: '127.0.18.1' })).toBe('hello\n');
});

test('it connects as a user by TLS, and checks the host name', async () => {
  const authority = await Authority.create('authority');
  await authority.sign({ dnsNames: ['localhost'], ipAddresses: [], usages: USAGES });
  const certificate = join(authority.folder, 'ca.crt');
  await serve('127.0.0.1', [
    '--port', '0', '--tls-port', String(PORT), '--tls-auth-clients', 'no', '--tls-cluster', 'yes', '--tls-ca-cert-file', certificate,
    '--tls-cert-file', join(authority.folder, 'tls.crt'), '--tls-key-file', join(authority.folder, 'tls.key'),
    '--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname',
    '--user', 'default', 'off', '--user', 'app', 'on', '>secret', '~*', '&*', '+@all',
  ], ['--tls', '--sni', 'localhost', '--cacert', certificate, '--user', 'app', '--pass', 'secret', '--no-auth-warning']);
  const user = { REDIS_USERNAME: 'app', REDIS_PASSWORD: 'secret', REDIS_CA_FILE: certificate };

  expect(await runClient({ REDIS_HOST: 'localhost', ...user })).toBe('hello\n');
  expect(await runClient({ REDIS_HOST: '127.0.0.1', ...user }, 5)).not.toContain('hello');
});
