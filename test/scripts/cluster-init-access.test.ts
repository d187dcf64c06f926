import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usersFile } from '../../src/access/users';
import { RedisVersion } from '../../src/versions/redis-version';
import { eventually } from '../support/eventually';
import { execute, runScript } from '../support/execute';
import { expectCluster, initCluster } from '../support/servers/cluster-init';
import { countKeys, writeKeys } from '../support/servers/keys';
import { RedisNode, startNodes } from '../support/servers/redis-node';

const port = 6430;
const shape = { masters: 3, replicasPerMaster: 0 };
const threeMasters = ['master 0-5460', 'master 5461-10922', 'master 10923-16383'];

let folder: string;
let nodes: RedisNode[];

beforeEach(() => {
  nodes = [];
  folder = mkdtempSync(join(tmpdir(), 'cluster-init-access-'));
});

afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
  rmSync(folder, { recursive: true, force: true });
});

function passwordFile(content: string): Record<string, string> {
  const file = join(folder, 'password');
  writeFileSync(file, content);
  return { REDIS_PASSWORD_FILE: file };
}

describe('a password', () => {
  const password = 'it\'s "$HOME" \\n `id` #1 *; ü';

  test.each([
    ['', password],
    [' from a file that ends in a line break', `${password}\n`],
  ])('with every special character works%s, and shows in no log', async (_name, content) => {
    nodes = await startNodes(6, 40, port, ['--requirepass', password, '--masterauth', password]);

    const result = await initCluster(nodes, { masters: 3, replicasPerMaster: 1, environment: passwordFile(content) });

    expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('complete') });
    await expectCluster(nodes, [...threeMasters, 'replica of 2', 'replica of 0', 'replica of 1']);
    expect(result.output).not.toContain('HOME');
  });

  test('that is wrong ends the run at once, with the pod and the reason', async () => {
    nodes = await startNodes(3, 40, port, ['--requirepass', password]);

    const result = await initCluster(nodes, { ...shape, environment: passwordFile('wrong-secret') });

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toMatch(/failed: redis-cluster-0 \(127\.0\.40\.1\) does not answer: AUTH failed: WRONGPASS .*; give Job and pods the same Secret\n/);
    expect(result.output).not.toContain('wrong-secret');
  });

  test('that is needed but not given ends the run at once', async () => {
    nodes = await startNodes(3, 40, port, ['--requirepass', password]);

    const result = await initCluster(nodes, shape);

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toContain('failed: redis-cluster-0 (127.0.40.1) does not answer: NOAUTH Authentication required.; give Job and pods the same Secret\n');
  });

  test('that no pod asks for does no harm', async () => {
    nodes = await startNodes(3, 40, port);

    expect(await initCluster(nodes, { ...shape, environment: passwordFile('unneeded') })).toMatchObject({ code: 0, done: true });
  });
});

describe('a pod that does not answer', () => {
  test('is named, with its last reply, when the time is over', async () => {
    nodes = await startNodes(3, 40, port);
    await nodes[1].stop();

    const result = await initCluster(nodes, { ...shape, timeout: 2 });

    expect(result).toMatchObject({ code: 1, done: false, commands: [] });
    expect(result.output).toContain('2 of 3 pods answer\n');
    expect(result.output).toContain('waiting for an answer of the pods 1\n');
    expect(result.output).toContain('missing: redis-cluster-1 does not answer: Could not connect to Redis at 127.0.40.2:6430: Connection refused; ');
    expect(result.output).toMatch(/failed: the cluster is not complete after 2 s; .*\n$/);
  });

  test('is waited for', async () => {
    nodes = await startNodes(3, 40, port);
    await nodes[1].stop();
    const coming = initCluster(nodes, shape);

    await nodes[1].start();

    expect(await coming).toMatchObject({ code: 0, done: true });
    await expectCluster(nodes, threeMasters);
  });

  test('but hangs is given up within the bound', async () => {
    nodes = await startNodes(3, 40, port);
    process.kill(Number(await nodes[2].field('process_id', 'INFO', 'server')), 'SIGSTOP');
    const start = Date.now();

    const result = await initCluster(nodes, { ...shape, timeout: 2 });

    expect(result.code).toBe(1);
    expect(result.output).toContain('missing: redis-cluster-2 does not answer: no reply in time; ');
    expect(Date.now() - start).toBeLessThan(15_000);
  });

  test('is blamed on the watch when there is no file of pods', async () => {
    nodes = await startNodes(3, 40, port);

    const result = await initCluster(nodes, { ...shape, timeout: 1, environment: { PODS_FILE: join(folder, 'absent') } });

    expect(result.code).toBe(1);
    expect(result.output).toMatch(/nobody wrote \S+absent: see the log of the container that runs watch-pods\.sh\n/);
  });

  test('is looked for where the Kubernetes API last saw it, while it runs and is to stay', async () => {
    const events = [
      'redis-cluster-0   Pending   <none>   node1   <none>',
      'redis-cluster-0   Running   127.0.40.90   node1   <none>',
      'redis-cluster-1   Running   127.0.40.91   node2   <none>',
      'redis-cluster-1   Running   127.0.40.91   node2   2026-11-24T05:00:00Z',
      'redis-cluster-2   Failed   127.0.40.92   node3   <none>',
      'redis-cluster-3   Running   127.0.40.93   node1   <none>',
      'redis-cluster-3   Pending   <none>             <none>',
      ...['redis-cluster-40', 'redis-cluster-init-abcde', 'app-redis-cluster-4'].map(other => `${other}   Running   127.0.40.94   node1   <none>`),
      'redis-cluster-5   Running   127.0.40.95   node1   <non',
    ];
    writeFileSync(join(folder, 'events'), events.map(line => `${line}\n`).join(''));

    const result = await runScript('cluster-init.sh', {
      NAME: 'redis-cluster',
      MASTERS: '3',
      REPLICAS_PER_MASTER: '1',
      PORT: String(port),
      TIMEOUT: '0',
      PATH: process.env.PATH!,
      PODS_FILE: join(folder, 'events'),
    });

    expect([...result.output.matchAll(/missing: redis-cluster-(\d) (.*?); see/g)].map(([, pod, text]) => `${pod} ${text}`)).toEqual([
      expect.stringMatching(/^0 does not answer: Could not connect to Redis at 127\.0\.40\.90/), ...[1, 2, 3, 4, 5].map(pod => `${pod} has no address`),
    ]);
  });

  test('to PING, because its disk is full, does not hinder the Job', async () => {
    nodes = await startNodes(3, 40, port, ['--dbfilename', 'taken.rdb', '--save', '3600 1']);
    expect((await initCluster(nodes, shape)).code).toBe(0);
    mkdirSync(join(nodes[1].directory, 'taken.rdb'));
    expect(await nodes[1].command('BGSAVE')).toContain('started');
    await eventually('it cannot save', async () => (await nodes[1].command('PING')).startsWith('MISCONF'));

    expect(await initCluster(nodes, shape)).toMatchObject({ code: 0, done: true, commands: [] });

    expect(await nodes[1].command('PING')).toMatch(/^MISCONF/);
  });

  test('because it is no cluster node ends the run at once', async () => {
    nodes = await startNodes(3, 40, port, ['--cluster-enabled', 'no']);

    const result = await initCluster(nodes, shape);

    expect(result).toMatchObject({ code: 1, done: false });
    expect(result.output).toContain('failed: redis-cluster-0 (127.0.40.1) does not answer: ERR This instance has cluster support disabled; ');
  });
});

describe('IPv6', () => {
  const title = 'addresses work, in a network of their own';
  const program = join(__dirname, '..', 'support', 'servers', 'ipv6-cluster.sh');

  if (existsSync('/proc/net/if_inet6')) {
    test(title, async () => {
      const result = await execute('unshare', [
        '--net', '--pid', '--fork', '--kill-child', ...process.getuid!() === 0 ? [] : ['--map-root-user'],
        'sh', program, folder, join(__dirname, '..', '..', 'assets', 'cluster-init.sh'),
      ]);

      expect({ code: result.code, output: result.output }).toEqual({ code: 0, output: expect.stringContaining('the cluster is complete') });
      expect(result.output).toContain('redis-cluster-1 (fd00::2) becomes master of the slots 5461-10922\n');
      expect(result.output).toMatch(/redis-cluster-4 \(fd00::5\): replica of redis-cluster-0\n/);
      expect(result.output).toMatch(/fd00::5:6379@16379 \S*slave /);
    });
  } else {
    test.skip(`${title}: this kernel has no IPv6`, () => undefined);
  }
});

test('slots move by users with just their rights, whose password shows nowhere', async () => {
  const secret = 'pass "word\\ $x';
  nodes = await startNodes(4, 40, port, ['--masteruser', 'maintenance', '--masterauth', secret, '--slowlog-log-slower-than', '0', '--slowlog-max-len', '100000']);
  const users = usersFile([], RedisVersion.V7_0).trim().split('\n').map(line => line.split(' '));
  for (const node of nodes) {
    for (const [name, ...rights] of users) {
      expect(await node.command('ACL', 'SETUSER', name, 'on', `>${secret}`, ...rights)).toBe('OK');
    }
    await node.command('SLOWLOG', 'RESET');
  }
  const options = { isRecorded: false, environment: { ...passwordFile(secret), REDISCLI_OPTIONS: '--user maintenance', MOVER: 'mover' } };
  expect(await initCluster(nodes.slice(0, 3), { ...shape, ...options })).toMatchObject({ code: 0 });
  await writeKeys(nodes.slice(0, 3), 1000);
  await nodes[0].command('FUNCTION', 'LOAD', '#!lua name=library\nredis.register_function("one", function() return 1 end)');

  const { code, output } = await initCluster(nodes, { ...shape, masters: 4, ...options });

  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('none is left') });
  expect(await countKeys(nodes, 1000)).toBe(1000);
  const seen = [output, ...await Promise.all(nodes.flatMap(node => [node.command('SLOWLOG', 'GET', '-1'), node.command('ACL', 'LOG')]))].join('\n');
  expect(seen).toContain('MIGRATE');
  expect(seen).not.toContain('pass "word');
  expect([...seen.matchAll(/^object\n(.*)$/gm)].map(([, command]) => command).filter(command => !/^command/.test(command))).toEqual([]);
}, 120_000);
