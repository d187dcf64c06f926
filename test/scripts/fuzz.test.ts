import { join } from 'node:path';
import * as fc from 'fast-check';
import { RedisClusterProps } from '../../src';
import { Authority } from '../support/authority';
import { acceptedSamples } from '../support/props/accepted-samples';
import { acceptableProps } from '../support/props/arbitrary-props';
import { ConfiguredServer, imageOfThisMachine } from '../support/servers/configured-server';
import { mountPod } from '../support/servers/mounted-pod';
import { synthCluster } from '../support/synth';

const ADDRESS = '127.0.40.1';
const PORT = 6480;
const START = join(__dirname, '..', '..', 'assets', 'start.sh');
const PASSWORD = 'secret';

/** A user beside those of the cluster, who may ask what each of them may do. */
const OBSERVER = 'observer';

let authority: Authority;

beforeAll(async () => {
  authority = await Authority.create('authority');
  await authority.sign({ dnsNames: [], ipAddresses: [ADDRESS], usages: ['server auth', 'client auth', 'digital signature', 'key encipherment'] });
});

const certificate = (file: string) => join(authority.folder, file);

/** What a pod has for itself and a machine shares, and the observer. */
function overrides(tls: boolean): string[] {
  return [
    '--bind', ADDRESS,
    '--user', OBSERVER, 'on', `>${PASSWORD}`, '+@all',
    tls ? '--tls-port' : '--port', String(PORT),
    ...tls ? ['--tls-cert-file', certificate('tls.crt'), '--tls-key-file', certificate('tls.key'), '--tls-ca-cert-file', certificate('ca.crt')] : [],
  ];
}

/** Starts a server as a pod of these props does; the rights of its users then, a line for each. */
async function startedWith(props: RedisClusterProps): Promise<string[]> {
  const objects = synthCluster({ ...props, image: imageOfThisMachine });
  const tls = objects.all('ConfigMap').some(({ data }) => data['redis.conf']?.includes('\ntls-port '));
  const server = new ConfiguredServer({
    address: ADDRESS,
    port: PORT,
    client: ['--no-auth-warning', '--user', OBSERVER, '--pass', PASSWORD, ...tls ? ['--tls', '--cacert', certificate('ca.crt')] : []],
  });
  try {
    const pod = mountPod(objects, server.directory, ADDRESS, PASSWORD);
    await server.start(pod.redisConf, [...pod.arguments, ...overrides(tls)], ['dash', START], pod.environment);
    return server.command('ACL', 'LIST').split('\n');
  } finally {
    await server.stop();
  }
}

/** The patterns of a line of ACL LIST that begin with a sign: `~` for keys, `&` for channels. */
function patterns(line: string, sign: string): string[] {
  return line.split(' ').filter(word => word.startsWith(sign)).map(word => word.slice(1)).sort();
}

/** A server starts with the props, and its users have the keys and channels that were meant. */
async function expectToStart(props: RedisClusterProps): Promise<void> {
  const lines = await startedWith(props);
  for (const { name, keys = ['*'], channels = ['*'] } of props.users ?? []) {
    const line = lines.find(text => text.startsWith(`user ${name} `))!;
    expect(patterns(line, '~')).toEqual([...new Set(keys)].sort());
    expect(patterns(line, '&')).toEqual([...new Set(channels)].sort());
  }
}

test('a server starts with good props, and its users have the keys and channels that were meant', async () => {
  await fc.assert(fc.asyncProperty(acceptableProps, expectToStart),
    { numRuns: 25, seed: 20260101, interruptAfterTimeLimit: 150_000, markInterruptAsFailure: true });
});

test.each([
  'port', 'clusterNodeTimeout', 'sizes', 'persistence', 'save', 'bind', 'notifyKeyspaceEvents', 'extraDirectives', 'users', 'authentication', 'preset', 'monitoring',
])('a server starts with whatever %s is accepted', async change => {
  for (const props of acceptedSamples(change, 6, { image: imageOfThisMachine })) {
    await expectToStart(props);
  }
});
