import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { execute } from '../support/execute';

const PORT = 6399;
const ADDRESS = '127.0.18.1';
const START = join(__dirname, '..', '..', 'assets', 'start.sh');
const AWKWARD = '"quoted" \'single\' $HOME $(id) `id` back\\slash # hash > < space  end';

let folder: string;
let server: ChildProcess | undefined;

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'start-')); });
afterEach(async () => {
  if (server && server.exitCode === null && server.signalCode === null) {
    const gone = new Promise(resolve => server!.once('exit', resolve));
    server.kill();
    await gone;
  }
  server = undefined;
  rmSync(folder, { recursive: true });
});

function environment(users: string, passwords: Record<string, string>, more: Record<string, string> = {}): Record<string, string> {
  writeFileSync(join(folder, 'users.acl'), users);
  for (const [file, password] of Object.entries(passwords)) {
    mkdirSync(join(folder, 'passwords', file, '..'), { recursive: true });
    writeFileSync(join(folder, 'passwords', file), password);
  }
  return {
    NAMESPACE: 'test',
    POD_NAME: 'redis-0',
    DATA_FOLDER: folder,
    USERS_FILE: join(folder, 'users.acl'),
    PASSWORDS_FOLDER: join(folder, 'passwords'),
    ACCESS_CONFIG: join(folder, 'access.conf'),
    ...more,
  };
}

async function start(variables: Record<string, string>, shell = 'dash'): Promise<void> {
  const config = join(folder, 'redis.conf');
  writeFileSync(config, `port ${PORT}\nbind ${ADDRESS}\nsave ""\n`);
  server = spawn(shell.split(' ')[0], [...shell.split(' ').slice(1), START, 'redis-server', config],
    { env: { PATH: process.env.PATH, ...variables }, stdio: 'ignore' });
  await eventually('the server answers', async () => (await ask({}, 'PING')).match(/PONG|NOAUTH/) !== null);
}

async function ask({ user, password }: { user?: string; password?: string }, ...command: string[]): Promise<string> {
  const auth = { ...process.env, ...password === undefined ? {} : { REDISCLI_AUTH: password } };
  return (await execute('redis-cli', ['-h', ADDRESS, '-p', String(PORT), ...user ? ['--user', user] : [], ...command], auth)).output.trim();
}

describe.each(['dash', 'busybox sh'])('with %s', shell => {
  test('the default user has the password, with any character that a Secret may hold, but for newlines at its end', async () => {
    await start(environment('default ~* &* +@all\n', { 'default/password': `${AWKWARD}\n\n` }), shell);
    expect(await ask({}, 'GET', 'key')).toMatch(/^NOAUTH/);
    expect(await ask({ password: AWKWARD }, 'SET', 'key', 'value')).toBe('OK');
    expect((await ask({ password: AWKWARD }, 'CONFIG', 'GET', 'masterauth')).split('\n')[1]).toBe(AWKWARD);
    expect((await ask({ password: AWKWARD }, 'CONFIG', 'GET', 'masteruser')).split('\n')[1]).toBe('default');
  });

  test('an alternate password is accepted too', async () => {
    await start(environment('default ~* &* +@all\n', { 'default/password': 'one', 'default/alternate': AWKWARD }), shell);
    expect(await ask({ password: 'one' }, 'PING')).toBe('PONG');
    expect(await ask({ password: AWKWARD }, 'PING')).toBe('PONG');
    expect(await ask({ password: 'two' }, 'PING')).toMatch(/WRONGPASS/);
  });

  test('users have their rights, and who comes without a name none', async () => {
    const users = 'maintenance -@all +ping +cluster\napp ~app:* &* +@all -@admin -@dangerous +info\n';
    await start(environment(users, { 'maintenance/password': 'own', 'app/password': 'secret' }, { CLUSTER_USER: 'maintenance' }), shell);
    expect(await ask({}, 'PING')).toMatch(/^NOAUTH/);
    expect(await ask({ password: 'own' }, 'PING')).toMatch(/WRONGPASS/);
    expect(await ask({ user: 'app', password: 'secret' }, 'SET', 'app:1', 'x')).toBe('OK');
    expect(await ask({ user: 'app', password: 'secret' }, 'SET', 'other', 'x')).toMatch(/^NOPERM/);
    for (const command of [['FLUSHALL'], ['KEYS', '*'], ['CONFIG', 'GET', '*'], ['SHUTDOWN']]) {
      expect(await ask({ user: 'app', password: 'secret' }, ...command)).toMatch(/^NOPERM/);
    }
    expect(await ask({ user: 'maintenance', password: 'own' }, 'GET', 'app:1')).toMatch(/^NOPERM/);
    const config = readFileSync(join(folder, 'access.conf'), 'utf8');
    expect(config).toContain('masterauth "own"\nmasteruser maintenance\n');
  });
});

test('only the server can read what it wrote, and no argument shows a password', async () => {
  await start(environment('default ~* &* +@all\n', { 'default/password': 'very-secret' }));
  expect((statSync(join(folder, 'access.conf')).mode).toString(8)).toBe('100600');
  expect(readFileSync(`/proc/${server!.pid}/cmdline`, 'utf8')).not.toContain('very-secret');
});

test('no variable shows a password to the server', async () => {
  const program = join(folder, 'server');
  writeFileSync(program, '#!/bin/sh\nenv\n', { mode: 0o755 });
  writeFileSync(join(folder, 'redis.conf'), '');
  const variables = environment('default ~* &* +@all\n', { 'default/password': 'very-secret' }, { REDIS_PASSWORD_FILE: join(folder, 'passwords/default/password') });
  const { code, output } = await execute('dash', [START, program, join(folder, 'redis.conf')], { PATH: process.env.PATH, ...variables });
  expect([code, output]).toEqual([0, expect.stringContaining('POD_NAME=redis-0')]);
  expect(output).not.toContain('very-secret');
});

test.each([
  ['an empty password', '\n', /the password in .*password is empty: give the Secret's key a value/],
  ['a password of two lines', 'one\ntwo', /the password in .*password has more than one line: redis.conf cannot hold it/],
])('%s is refused with a word of what to do', async (_, password, message) => {
  const config = join(folder, 'redis.conf');
  writeFileSync(config, '');
  const variables = environment('default ~* &* +@all\n', { 'default/password': password });
  const { code, output } = await execute('dash', [START, 'redis-server', config], { PATH: process.env.PATH, ...variables });
  expect(code).not.toBe(0);
  expect(output).toMatch(message);
  expect(output).not.toContain('two\n');
});
