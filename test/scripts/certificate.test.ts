import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { connect, PeerCertificate } from 'node:tls';
import { Authority } from '../support/authority';
import { eventually } from '../support/eventually';
import { writtenShape } from '../support/servers/shape-file';

const ADDRESS = '127.0.17.1';
const PORT = 6398;
const SPEC = { dnsNames: ['localhost'], ipAddresses: [ADDRESS], usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'] };
const processes: ChildProcess[] = [];

function serverCertificate(): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: ADDRESS, port: PORT, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

afterAll(async () => {
  await Promise.all(processes.filter(child => child.exitCode === null).map(child => new Promise(resolve => {
    child.once('exit', resolve);
    child.kill();
  })));
});

test('a renewed certificate is taken up by a server that runs', async () => {
  const authority = await Authority.create('authority');
  const { folder } = authority;
  await authority.sign(SPEC);
  const tls = ['--port', '0', '--tls-port', String(PORT), '--tls-auth-clients', 'no', ...['cert', 'key', 'ca-cert'].flatMap(kind =>
    [`--tls-${kind}-file`, join(folder, { 'cert': 'tls.crt', 'key': 'tls.key', 'ca-cert': 'ca.crt' }[kind]!)])];
  processes.push(spawn('redis-server', ['--bind', ADDRESS, '--dir', folder, '--save', '', '--cluster-enabled', 'yes', '--tls-cluster', 'yes', ...tls]));
  await eventually('the server shows its certificate', async () => (await serverCertificate()).serialNumber !== '');
  const { serialNumber } = await serverCertificate();

  const heal = spawn('dash', [join(__dirname, '..', '..', 'assets', 'heal.sh')], {
    env: {
      PATH: process.env.PATH,
      PEERS: 'nowhere.invalid',
      SHAPE: writtenShape(),
      POD_IP: ADDRESS,
      POD_NAME: 'redis-cluster-0',
      PORT: String(PORT),
      TLS_FOLDER: folder,
      REDISCLI_OPTIONS: `--tls --cacert ${join(folder, 'ca.crt')}`,
    },
  });
  processes.push(heal);
  let log = '';
  heal.stdout.on('data', chunk => { log += chunk; });
  await eventually('the healing has looked once', async () => log !== '', 20);
  await authority.sign(SPEC);
  await eventually('the server shows the new one', async () => (await serverCertificate()).serialNumber !== serialNumber, 30);
  await eventually('the healing says so', async () => log.includes('loads the renewed certificate')); // a moment after it told the server
  expect(log.match(/loads the renewed certificate/g)).toHaveLength(1);
});
