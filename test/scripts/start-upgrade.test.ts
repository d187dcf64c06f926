import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseImage } from '../../src/image/image';
import { imageChange } from '../../src/image/image-change';
import { LINES } from '../../src/versions/version-table';
import { eventually } from '../support/eventually';
import { execute, Result } from '../support/execute';
import { newPods } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';

const START = join(__dirname, '..', '..', 'assets', 'start.sh');
/** Snapshots of real servers, with one key. */
const SNAPSHOTS = join(__dirname, '..', 'support', 'servers', 'snapshots');
/** What a server saves that has met another node. */
const TABLE = `${'a'.repeat(40)} 10.0.0.1:6379@16379 myself,master - 0 0 7 connected 0-16383
${'b'.repeat(40)} 10.0.0.2:6379@16379 slave ${'a'.repeat(40)} 0 1700000000001 7 connected
vars currentEpoch 7 lastVoteEpoch 0
`;

let folder: string;
let programs: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-upgrade-'));
  programs = mkdtempSync(join(tmpdir(), 'start-upgrade-programs-'));
});
afterEach(() => [folder, programs].forEach(path => rmSync(path, { recursive: true })));

const file = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(file(name), 'utf8');
const filesIn = (path: string): Record<string, string> => Object.fromEntries(readdirSync(path, { withFileTypes: true, recursive: true })
  .filter(entry => entry.isFile()).map(entry => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]));

/** A program that says which version it is, as that server does, and starts as nothing but a line. */
function server(version: string): string {
  const program = join(programs, version.replace(' ', '-'));
  writeFileSync(program, `#!/bin/sh\n[ "$*" != --version ] || { echo '${version.replace(' ', ' server v=')} sha=00000000:0 malloc=libc bits=64'; exit; }\necho started\n`);
  chmodSync(program, 0o755);
  return program;
}

function snapshot(writer: string, name: string): void {
  mkdirSync(join(file(name), '..'), { recursive: true });
  copyFileSync(join(SNAPSHOTS, `${writer.toLowerCase().replace(' ', '-')}.rdb`), file(name));
}

/** A disk on which Redis 7.0 or later, or Valkey, began its append-only file with that snapshot. */
function appendOnlyFolder(writer: string): void {
  snapshot(writer, 'appendonlydir/appendonly.aof.2.base.rdb');
  writeFileSync(file('appendonlydir/appendonly.aof.2.incr.aof'), '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n');
  writeFileSync(file('appendonlydir/appendonly.aof.manifest'), 'file appendonly.aof.2.base.rdb seq 2 type b\nfile appendonly.aof.2.incr.aof seq 2 type i\n');
}

describe.each(SHELLS)('with %s, start.sh', (_, path, shell) => {
  function start(version: string, variables: Record<string, string> = {}): Promise<Result> {
    writeFileSync(join(programs, 'redis.conf'), 'appendonly yes\n');
    return execute(shell, [START, server(version), join(programs, 'redis.conf')], {
      PATH: process.env.PATH, NAMESPACE: 'data', POD_NAME: 'redis-0', DATA_FOLDER: folder, USERS_FILE: '/nowhere', ...path, ...variables,
    });
  }

  /** Starts a server that comes so far as to serve, which saves nodes.conf. */
  async function serveWith(version: string): Promise<void> {
    expect(await start(version)).toMatchObject({ code: 0 });
    writeFileSync(file('nodes.conf'), TABLE);
  }

  const remedy = (former: string) =>
    `Nothing is changed, and the other pods serve on: apply the former YAML, that with ${former}, and this pod comes back\n`;

  const refused: [former: string, image: string, reason: string][] = [
    ['Redis 7.0.15', 'Redis 6.2.14', 'which cannot read its snapshots'],
    ['Redis 8.0.2', 'Redis 7.2.7', 'which cannot read its snapshots'],
    ['Redis 8.4.0', 'Redis 8.2.3', 'which cannot read its snapshots'],
    ['Redis 8.0.2', 'Valkey 8.1.1', 'which cannot read its snapshots'],
    ['Redis 7.4.2', 'Valkey 9.1.2', 'which cannot read its snapshots'],
    ['Valkey 9.1.2', 'Valkey 8.1.1', 'which cannot read its snapshots'],
    ['Valkey 8.1.1', 'Redis 8.0.2', 'after which no pod with Valkey would start again'],
    ['Valkey 8.1.1', 'Redis 7.0.15', 'after which no pod with Valkey would start again'],
    ['Valkey 9.1.2', 'Redis 8.2.3', 'after which no pod with Valkey would start again'],
    ['Redis 6.2.14', 'Redis 7.2.6', 'whose cluster bus breaks with older nodes: use 7.2.7, 7.4.2 or later instead'],
    ['Redis 7.0.15', 'Redis 7.4.1', 'whose cluster bus breaks with older nodes: use 7.2.7, 7.4.2 or later instead'],
  ];
  test.each(refused)('stops on a disk that %s served from, with %s: %s, and changes nothing', async (former, image, reason) => {
    await serveWith(former);
    const before = filesIn(folder);

    const { code, output } = await start(image);

    expect(output.slice('08:00:00 '.length)).toBe(`this disk was used by ${former}, as server-versions tells, and the image has ${image}, ${reason}. ${remedy(former)}`);
    expect(code).toBe(1);
    expect(filesIn(folder)).toEqual(before);
    expect((await start(former)).output).toMatch(/started/);
  });

  test.each([
    ['from 6.2 to 8.2', ['Redis 6.2.14', 'Redis 7.0.15', 'Redis 7.2.7', 'Redis 7.4.2', 'Redis 8.0.2', 'Redis 8.2.3']],
    ['from 6.2 to Valkey 9.1', ['Redis 6.2.14', 'Valkey 8.1.1', 'Valkey 9.1.2']],
    ['from 7.0 to Valkey 9.1', ['Redis 7.0.15', 'Valkey 8.1.1', 'Valkey 9.1.2']],
    ['from 7.2 to a version that nobody knows', ['Redis 7.2.4', 'Redis 8.10.0', 'Redis 9.0.0']],
    ['back within one format of snapshots', ['Redis 8.2.3', 'Redis 8.0.2', 'Redis 7.4.2']],
    ['from one broken release to another', ['Redis 7.2.4', 'Redis 7.4.1', 'Redis 7.4.0']],
  ])('goes %s', async (_name, versions) => {
    for (const version of versions) {
      await serveWith(version);
    }
    expect(read('server-versions').split('\n').slice(0, 2)).toEqual(versions.slice(-2));
  });

  test.each([
    ['Redis 7.0.15', 'Redis 6.2.14', 'appendonlydir', 'Redis 7.0 or later', 'which ignores it and would start empty'],
    ['Redis 8.0.2', 'Redis 7.0.15', 'appendonlydir/appendonly.aof.2.base.rdb', 'Redis 8.0.2', 'which cannot read its snapshots'],
    ['Redis 8.2.3', 'Valkey 8.1.1', 'appendonlydir/appendonly.aof.2.base.rdb', 'Redis 8.2.3', 'which cannot read its snapshots'],
    ['Valkey 8.1.1', 'Redis 8.0.2', 'appendonlydir/appendonly.aof.2.base.rdb', 'Valkey 8.1.1', 'after which no pod with Valkey would start again'],
    ['Valkey 9.1.2', 'Valkey 8.1.1', 'appendonlydir/appendonly.aof.2.base.rdb', 'Valkey 9.1.2', 'which cannot read its snapshots'],
  ])('tells an append-only file of %s, from before there was server-versions, from one that %s can read', async (writer, image, place, former, reason) => {
    appendOnlyFolder(writer);
    const { code, output } = await start(image);
    expect(output.slice('08:00:00 '.length)).toBe(`this disk was used by ${former}, as ${place} tells, and the image has ${image}, ${reason}. ${remedy(former)}`);
    expect(code).toBe(1);
    expect(await start(writer)).toMatchObject({ code: 0, output: expect.stringContaining('started') });
  });

  test.each([
    ['dump.rdb', 'Redis 8.0.2', 'Redis 7.0.15', 'which cannot read its snapshots'],
    ['dump.rdb', 'Valkey 9.1.2', 'Valkey 8.1.1', 'which cannot read its snapshots'],
    ['appendonly.aof', 'Redis 6.2.14', 'Redis 7.2.4', 'whose cluster bus breaks with older nodes: use 7.2.7, 7.4.2 or later instead'],
  ])('does the same with %s of %s and %s', async (name, writer, image, reason) => {
    snapshot(writer, name);
    expect(await start(image)).toMatchObject({ code: 1, output: expect.stringContaining(`as ${name} tells, and the image has ${image}, ${reason}.`) });
    expect(await start(writer)).toMatchObject({ code: 0 });
  });

  test('lets pass what was fine before there was server-versions', async () => {
    snapshot('Redis 6.2.14', 'appendonly.aof');
    expect(await start('Redis 7.0.15')).toMatchObject({ code: 0 });
    rmSync(file('appendonly.aof'));
    rmSync(file('server-versions'));
    appendOnlyFolder('Redis 7.0.15'); // which Redis 7.2.4 keeps as it is
    expect(await start('Redis 7.2.4')).toMatchObject({ code: 0 });
    rmSync(file('server-versions'));
    writeFileSync(file('appendonlydir/appendonly.aof.2.base.rdb'), '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n'); // aof-use-rdb-preamble no
    expect(await start('Valkey 8.1.1')).toMatchObject({ code: 0 });
  });

  test('believes server-versions more than a snapshot, which a replica may have got from a newer master', async () => {
    await serveWith('Redis 6.2.14');
    snapshot('Valkey 8.1.1', 'dump.rdb');
    expect(await start('Redis 6.2.14')).toMatchObject({ code: 0 });
  });

  test('does not hold a server for one that used the disk which did not come so far as to serve', async () => {
    await serveWith('Redis 6.2.14');
    expect(await start('Redis 7.0.15')).toMatchObject({ code: 0 });
    expect(await start('Redis 8.0.2')).toMatchObject({ code: 0 });
    await serveWith('Redis 6.2.14');
    expect(await start('Redis 7.0.15')).toMatchObject({ code: 0 });
    expect(read('server-versions')).toMatch(/^Redis 6\.2\.14\nRedis 7\.0\.15\n[0-9a-f]{40} +nodes\.conf\n$/);
  });

  test('does not do so on a new disk either', async () => {
    expect(await start('Redis 7.0.15')).toMatchObject({ code: 0 });
    expect(read('server-versions')).toBe('\nRedis 7.0.15\n');
    expect(await start('Redis 6.2.14')).toMatchObject({ code: 0 });
  });

  test('does not do so when it was interrupted itself, after it had written nodes.conf', async () => {
    await serveWith('Redis 6.2.14');
    const before = read('server-versions');
    expect(await start('Redis 7.0.15')).toMatchObject({ code: 0 });
    const after = read('server-versions');
    writeFileSync(file('server-versions'), before);
    expect(await start('Redis 6.2.14')).toMatchObject({ code: 0 });
    writeFileSync(file('server-versions'), after);
    writeFileSync(file('nodes.conf.next'), read('nodes.conf'));
    expect(await start('Redis 6.2.14')).toMatchObject({ code: 0 });
  });

  test('starts a server whose version it cannot read, and claims nothing', async () => {
    await serveWith('Redis 7.0.15');
    const before = read('server-versions');
    writeFileSync(join(programs, 'other'), '#!/bin/sh\necho other\n');
    chmodSync(join(programs, 'other'), 0o755);
    const { code } = await execute(shell, [START, join(programs, 'other'), join(programs, 'redis.conf')], {
      PATH: process.env.PATH, NAMESPACE: 'data', POD_NAME: 'redis-0', DATA_FOLDER: folder, USERS_FILE: '/nowhere', ...path,
    });
    expect([code, read('server-versions')]).toEqual([0, before]);
  });
});

describe('a real server', () => {
  let nodes: RedisNode[] = [];
  afterEach(() => Promise.all(nodes.map(node => node.remove())));

  test('reads what 6.2 left, is written down once it serves, and then no 6.2 starts there', async () => {
    nodes = newPods(1, 151, 'data/redis', { port: 6396 });
    const [node] = nodes;
    copyFileSync(join(SNAPSHOTS, 'redis-6.2.14.rdb'), join(node.directory, 'appendonly.aof'));
    await node.start(undefined, ['--cluster-require-full-coverage', 'no']);
    await eventually('it serves', async () => await node.command('GET', 'from') === 'redis-6.2.14');
    await node.stop();

    const start = () => execute('dash', [START, server('Redis 6.2.14'), join(node.directory, 'redis.conf')], {
      PATH: process.env.PATH, NAMESPACE: 'data', POD_NAME: 'redis-0', DATA_FOLDER: node.directory, USERS_FILE: '/nowhere',
    });
    expect(await start()).toMatchObject({ code: 1, output: expect.stringContaining('which ignores it and would start empty') });
    rmSync(join(node.directory, 'appendonlydir'), { recursive: true });
    expect(await start()).toMatchObject({ code: 1, output: expect.stringContaining('as server-versions tells') });
  });

  test('that stops at a directive leaves the disk to the one before', async () => {
    nodes = newPods(1, 152, 'data/redis', { port: 6396 });
    const [node] = nodes;
    await node.start();
    await node.stop();
    writeFileSync(join(node.directory, 'server-versions'), '\nRedis 6.2.14\n');
    rmSync(join(node.directory, 'appendonlydir'), { recursive: true });
    const start = (program: string, conf: string) => execute('dash', [START, program, conf], {
      PATH: process.env.PATH, NAMESPACE: 'data', POD_NAME: 'redis-0', DATA_FOLDER: node.directory, USERS_FILE: '/nowhere',
    });
    writeFileSync(join(programs, 'redis.conf'), 'cluster-enabled yes\nno-such-directive yes\n');
    expect(await start('redis-server', join(programs, 'redis.conf'))).toMatchObject({ output: expect.stringContaining('no-such-directive') });
    expect(await start(server('Redis 6.2.14'), join(node.directory, 'redis.conf'))).toMatchObject({ code: 0 });
  });
});

test('what synth lets pass, a pod lets pass', async () => {
  const patch = (line: string) => line === '7.2' ? '.7' : line === '7.4' ? '.2' : '.0';
  const images = LINES.map(line => line.toLowerCase().replace(' ', ':') + patch(line.split(' ')[1]));
  const pairs = images.flatMap(former => images.map(image => [former, image]));
  const passed = pairs.filter(([former, image]) =>
    imageChange({ image: former, isValkey: former.startsWith('valkey') }, parseImage({ image }).settings).length === 0);
  expect(passed.length).toBeGreaterThan(images.length * 2);

  const named = (image: string) => image.replace(':', ' ').replace(/^./, letter => letter.toUpperCase());
  const refused = await Promise.all(passed.map(async ([former, image]) => (await execute('sh', ['-c',
    `echo 'server-versions ${named(former)}' | awk -v server='${named(image)}' -f ${join(__dirname, '..', '..', 'assets', 'upgrade.awk')}`])).output));
  expect(refused.filter(output => output !== '')).toEqual([]);
});
