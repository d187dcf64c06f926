import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKUP_COMMANDS } from '../../src/access/users';
import { eventually } from '../support/eventually';
import { backups, backUp, onlyBackup } from '../support/servers/backups';
import { formCluster } from '../support/servers/healing';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';
import { Writer } from '../support/servers/writer';

const assets = join(__dirname, '..', '..', 'assets');
const PORT = 6490;
let subnet = 150;
let nodes: RedisNode[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
  nodes = [];
  rmSync(folder, { recursive: true });
});

async function cluster(replicasPerMaster: number, keysPerShard = 100, args: string[] = []): Promise<void> {
  nodes = await startNodes(3 * (1 + replicasPerMaster), ++subnet, PORT, args);
  await formCluster(nodes, replicasPerMaster);
  await fill(keysPerShard);
}

/** `{c}`, `{b}` and `{a}` are in slots 7365, 3300 and 15495: one in each shard. */
async function fill(keysPerShard: number): Promise<void> {
  for (const tag of ['a', 'b', 'c']) {
    const script = "for i = 1, ARGV[1] do redis.call('SET', KEYS[1] .. i, i, 'EX', 100000) end return 'done'";
    const replies = await Promise.all(nodes.map(node => node.command('EVAL', script, '1', `{${tag}}`, String(keysPerShard))));
    expect(replies).toContain('done');
  }
}

/** Snapshots take long: each key a while. */
async function slowSnapshots(): Promise<void> {
  await Promise.all(nodes.map(node => node.command('CONFIG', 'SET', 'rdb-key-save-delay', '20000')));
}

const left = () => readdirSync(join(folder, 'sessions'));

test('slots that Redis 8.4 moves, which have no mark, are on their way, too', () => {
  const awk = (tasks: number) => execFileSync('awk', ['nodes', 'rules', 'backup'].flatMap(part => ['-f', join(assets, `${part}.awk`)]), {
    encoding: 'utf8',
    input: `table 10.0.0.1\n${'a'.repeat(40)} 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-16383\ncluster_state:ok\ncluster_slot_migration_active_tasks:${tasks}\n`,
  });
  expect(awk(0)).toBe(`shard 0-16383 ${'a'.repeat(40)} 10.0.0.1 -\n`);
  expect(awk(1)).toContain('problem slots are on their way from one master to another\n');
});

test.each(SHELLS)('every shard is copied from a replica, with what is in it, in %s', async (_, environment, shell) => {
  await cluster(1);
  const { output, code } = await backUp(nodes, folder, environment, shell);
  expect([code, output]).toEqual([0, expect.any(String)]);
  const manifest = onlyBackup(folder);
  const replicas = nodes.slice(3).map(node => node.address);
  expect(manifest).toMatchObject({ format: 1, cluster: 'sessions', count: 3 });
  expect(manifest.shards[1].server).toBe(`redis ${await nodes[0].field('redis_version', 'INFO', 'server')}`);
  expect(manifest.shards.map(({ slots, keys }) => [slots, keys])).toEqual([['0-5460', 100], ['5461-10922', 100], ['10923-16383', 100]]);
  expect(output.match(/ bytes from replica [\d.]+/g)!.map(text => text.split(' ').pop()).sort()).toEqual(replicas.sort());
  expect(output).toMatch(/the backup is sessions\/\d{8}T\d{6}Z: 300 keys in 3 shards, in \d+ s\n$/);
  expect(left()).toEqual([manifest.time]);
});

test('a cluster that is written to is backed up, with each key as it was at some time', async () => {
  await cluster(1);
  const writer = new Writer(nodes);
  writer.start();
  const { code, output } = await backUp(nodes, folder);
  expect(await writer.stop()).toBe(0);
  expect([code, output]).toEqual([0, expect.any(String)]);
  expect(writer.failures).toEqual([]);
  expect(onlyBackup(folder).shards.every(({ keys }) => keys >= 100)).toBe(true);
});

test('a master without a replica in sync is copied itself, and the log says so', async () => {
  await cluster(0);
  const { code, output } = await backUp(nodes, folder);
  expect([code, output]).toEqual([0, expect.any(String)]);
  expect(output.match(/ from master [\d.]+, as no replica is in sync/g)).toHaveLength(3);
  expect(onlyBackup(folder).shards.map(({ keys }) => keys)).toEqual([100, 100, 100]);
});

test('a master that has just started is not copied: it would wait, and its replicas behind the backup', async () => {
  await cluster(0);
  const { code, output } = await backUp(nodes, folder, { SETTLED: '1000' });
  expect(code).toBe(1);
  expect(output).toMatch(/failed: no snapshot of shard-0 \(0-5460\): no replica is in sync, and its master [\d.]+ has just started, or is another node\n/);
});

test('a replica that has just gone to another master is not taken for one of its former master, which may not know that yet', async () => {
  await cluster(1, 100, ['--cluster-node-timeout', '60000']); // the slower it hears of it
  const [former, other] = await Promise.all(nodes.slice(0, 2).map(node => node.command('CLUSTER', 'MYID')));
  const followers = await Promise.all(nodes.map(node => node.command('CLUSTER', 'NODES').then(table => new RegExp(`myself,slave ${former}`).test(table))));
  const replica = nodes[followers.indexOf(true)];
  expect(await nodes[1].command('SET', '{c}more', 'value')).toBe('OK');
  expect(await replica.command('CLUSTER', 'REPLICATE', other)).toBe('OK');
  await eventually('it has a copy', async () => (await replica.field('master_link_status', 'INFO', 'replication')) === 'up');
  const { code, output } = await backUp(nodes, folder);
  expect([code, output]).toEqual([0, expect.stringContaining(`from master ${nodes[0].address}, as no replica is in sync`)]);
  expect(onlyBackup(folder).shards.map(({ keys }) => keys)).toEqual([100, 101, 100]);
});

test('a user who may do nothing else can take it', async () => {
  await cluster(1);
  for (const node of nodes) {
    expect(await node.command('ACL', 'SETUSER', 'backup', 'on', '>only for backups', ...BACKUP_COMMANDS)).toBe('OK');
  }
  writeFileSync(join(folder, 'password'), 'only for backups\n');
  const environment = { REDIS_PASSWORD_FILE: join(folder, 'password'), REDISCLI_OPTIONS: '--user backup' };
  const { code, output } = await backUp(nodes, folder, environment);
  expect([code, output]).toEqual([0, expect.not.stringContaining('only for backups')]);
  expect(onlyBackup(folder).count).toBe(3);
  const refusals = (await Promise.all(nodes.map(node => node.command('ACL', 'LOG')))).join('\n').match(/(?<=object\n).*/g) ?? [];
  expect(refusals.filter(command => !/^command(\|docs)?$/.test(command))).toEqual([]); // redis-cli asks for its help texts

  writeFileSync(join(folder, 'password'), 'another');
  const refused = await backUp(nodes, folder, environment);
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/failed: .*WRONGPASS/) });
});

test('slots that move meanwhile fail it, by their names, and nothing is left behind', async () => {
  await cluster(1);
  await slowSnapshots();
  const running = backUp(nodes, folder);
  await eventually('snapshots are being written', async () => (await nodes[3].field('rdb_bgsave_in_progress', 'INFO', 'persistence')) === '1'
    || (await nodes[3].command('INFO', 'replication')).includes('state=wait_bgsave'));
  const [source, target] = await Promise.all(nodes.slice(0, 2).map(node => node.command('CLUSTER', 'MYID')));
  for (const node of [nodes[1], nodes[0]]) {
    expect(await node.command('CLUSTER', 'SETSLOT', '0', 'NODE', target)).toBe('OK');
  }
  const { code, output } = await running;
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`failed: slots or masters changed meanwhile: before 0-5460 ${source};5461-10922 ${target}; now 0,5461-10922 ${target};1-5460 ${source};`));
  expect(left()).toEqual([]);
});

test('a server that goes away meanwhile fails it, and nothing is left behind', async () => {
  await cluster(1);
  await slowSnapshots();
  const running = backUp(nodes, folder);
  await eventually('a snapshot is being written', async () => (await nodes[4].command('INFO', 'replication')).includes('connected_slaves:1'));
  await nodes[4].stop('SIGKILL');
  const { code, output } = await running;
  expect(code).toBe(1);
  expect(output).toMatch(/failed: (no|the) snapshot of shard-\d \([\d-]+\) from replica 127\.0\.\d+\.5/);
  expect(left()).toEqual([]);
});

test('a name that leads to nobody fails it', async () => {
  nodes = await startNodes(1, ++subnet, PORT);
  await nodes[0].stop();
  const { code, output } = await backUp(nodes, folder);
  expect([code, output]).toEqual([1, expect.stringMatching(/failed: no node answers at 127[\d.]+: Could not connect to Redis at/)]);
});

test('a cluster that is not complete is not backed up', async () => {
  await cluster(0);
  await nodes[2].stop('SIGKILL');
  const { code, output } = await backUp(nodes, folder);
  expect(code).toBe(1);
  expect(output).toMatch(/failed: 127[\d.]+ does not answer: Could not connect.*10923 of 16384 slots are held by masters that answer; wait until the cluster is complete/);
});

describe('older backups', () => {
  const day = 86400_000;
  const ago = (days: number) => `${new Date(Date.now() - days * day).toISOString().replace(/[-:]|\.\d+/g, '')}`;

  function backupFrom(days: number, isComplete = true): string {
    const name = ago(days) + (isComplete ? '' : '.partial');
    mkdirSync(join(folder, 'sessions', name), { recursive: true });
    writeFileSync(join(folder, 'sessions', name, isComplete ? 'manifest.json' : 'shard-0.rdb'), 'x');
    return name;
  }

  test.each<[string, Record<string, string>, number[]]>([
    ['go when there are too many', { KEEP: '3' }, [2, 1]],
    ['go when they are too old', { KEEP: '7', KEEP_SECONDS: String(2.5 * 86400) }, [2, 1]],
    ['stay as long as neither is true', { KEEP: '7', KEEP_SECONDS: String(30 * 86400) }, [9, 4, 2, 1]],
    ['all go but the one just taken, when the limits are that narrow', { KEEP: '1', KEEP_SECONDS: '1' }, []],
  ])('%s', async (_, environment, stay) => {
    await cluster(0, 1);
    const names = new Map([9, 4, 2, 1].map(days => [days, backupFrom(days)]));
    const { code, output } = await backUp(nodes, folder, environment);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(backups(folder).slice(0, -1)).toEqual(stay.map(days => names.get(days)));
    expect(output.match(/deletes the backup sessions\/\w+/g) ?? []).toHaveLength(4 - stay.length);
  });

  test('may be of a clock that was ahead: the one just taken stays', async () => {
    await cluster(0, 1);
    mkdirSync(join(folder, 'sessions', '29991231T000000Z'), { recursive: true });
    writeFileSync(join(folder, 'sessions', '29991231T000000Z', 'manifest.json'), 'x');
    const { code, output } = await backUp(nodes, folder, { KEEP: '1' });
    expect([code, output]).toEqual([0, expect.stringContaining('deletes the backup sessions/29991231T000000Z')]);
    expect(backups(folder)).toEqual([/the backup is sessions\/(\w+)/.exec(output)![1]]);
  });

  test('are not counted, and go after a day, when they are not complete', async () => {
    await cluster(0, 1);
    const [old, young] = [backupFrom(2, false), backupFrom(0.5, false)];
    const complete = backupFrom(4);
    expect(await backUp(nodes, folder, { KEEP: '2' })).toMatchObject({ code: 0 });
    expect(left()).toEqual(expect.arrayContaining([young, complete]));
    expect(left()).not.toContain(old);
  });

  test('stay when the new one fails', async () => {
    await cluster(0, 1);
    const names = [9, 4].map(days => backupFrom(days));
    await nodes[2].stop('SIGKILL');
    expect(await backUp(nodes, folder, { KEEP: '1' })).toMatchObject({ code: 1 });
    expect(backups(folder)).toEqual(names);
  });
});
