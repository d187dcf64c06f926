import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { backUp, drill, onlyBackup, restore } from '../support/servers/backups';
import { expectCluster, initCluster } from '../support/servers/cluster-init';
import { formCluster, HealedNodes } from '../support/servers/healing';
import { newPods } from '../support/servers/pods';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { writtenShape } from '../support/servers/shape-file';
import { SHELLS } from '../support/servers/shells';

const PORT = 6492;
let subnet = 170;
let folder: string;
let time: string;
let nodes: RedisNode[] = [];
let healed: HealedNodes | undefined;

/** Keys in one slot of each shard, half of them with a time to live; `gone:` expire soon. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restore-'));
  const source = await startNodes(3, subnet, PORT);
  await formCluster(source, 0);
  for (const tag of ['a', 'b', 'c']) {
    const script = `for i = 1, 100 do redis.call('SET', KEYS[1] .. i, 'value ' .. i) end
      for i = 1, 50 do redis.call('EXPIREAT', KEYS[1] .. i, 4000000000 + i) end
      for i = 1, 10 do redis.call('SET', KEYS[1] .. 'gone:' .. i, i, 'PX', 12000) end return 'done'`;
    expect(await Promise.all(source.map(node => node.command('EVAL', script, '1', `{${tag}}`)))).toContain('done');
  }
  const { code, output } = await backUp(source, folder);
  expect([code, output]).toEqual([0, expect.any(String)]);
  time = onlyBackup(folder).time;
  await eventually('those that were to expire soon have done so', async () =>
    (await Promise.all(source.map(node => node.command('DBSIZE')))).every(size => size === '100'), 60);
  await Promise.all(source.map(node => node.remove()));
});
afterEach(async () => {
  await healed?.remove();
  healed = undefined;
  await Promise.all(nodes.map(node => node.remove()));
  nodes = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

function pods(count: number, args: string[] = []): RedisNode[] {
  nodes = newPods(count, ++subnet, 'test/restored', { port: PORT, arguments: args });
  return nodes;
}

/** Starts pods whose disks are laid out, with their heal containers. */
async function startHealed(cluster: RedisNode[]): Promise<void> {
  await Promise.all(cluster.map(pod => pod.start()));
  healed = new HealedNodes(cluster);
  healed.startHealing();
}

const file = (name: string) => join(folder, 'sessions', time, name);

/** Does something with a file of the backup that is not as it was meanwhile. */
async function spoiled(name: string, change: (content: Buffer) => Buffer | undefined, body: () => Promise<void>): Promise<void> {
  const content = readFileSync(file(name));
  const changed = change(content);
  rmSync(file(name));
  if (changed) {
    writeFileSync(file(name), changed);
  }
  try {
    await body();
  } finally {
    writeFileSync(file(name), content);
  }
}

const edited = (from: RegExp, to: string) => (content: Buffer) => {
  expect(content.toString()).toMatch(from);
  return Buffer.from(content.toString().replace(from, to));
};

describe('a new cluster', () => {
  test.each(SHELLS)('begins with the keys, their times to live and the slots of the backup, in %s', async (_, environment, shell) => {
    const appendonly = shell === 'dash' ? 'yes' : 'no'; // each once is enough
    const cluster = pods(6, ['--appendonly', appendonly]);
    await Promise.all(cluster.map(async (pod, number) => {
      const { code, output } = await restore(folder, time, pod, number, environment, shell);
      expect([code, output]).toEqual([0, expect.stringContaining(number < 3 ? `shard-${number}.rdb is on the disk: slots ` : `there is no shard for restored-${number}, which starts empty`)]);
    }));
    await startHealed(cluster);
    expect(await initCluster(cluster, { masters: 3, replicasPerMaster: 1 })).toMatchObject({ code: 0, done: true });
    await expectCluster(cluster, ['master 0-5460', 'master 5461-10922', 'master 10923-16383', 'replica of 2', 'replica of 0', 'replica of 1']);
    for (const tag of ['a', 'b', 'c']) {
      for (const number of [1, 50, 51, 100]) {
        const replies = await Promise.all(cluster.slice(0, 3).map(pod => pod.command('GET', `{${tag}}${number}`)));
        expect(replies).toContain(`value ${number}`);
      }
      const lives = await Promise.all(cluster.slice(0, 3).flatMap(pod => [50, 51].map(number => pod.command('TTL', `{${tag}}${number}`))));
      expect(lives.map(Number).filter(seconds => Math.abs(seconds + Date.now() / 1000 - 4000000050) < 3)).toHaveLength(1);
      expect(lives).toContain('-1');
    }
    const sizes = await Promise.all(cluster.map(pod => pod.command('DBSIZE')));
    expect(sizes.map(Number).every(size => size === 100)).toBe(true);
  });

  test('of fewer masters is refused, and one of more shares the slots out again', async () => {
    const cluster = pods(4);
    const tooFew = await restore(folder, time, cluster[0], 0, { SHAPE: writtenShape(2) });
    expect(tooFew).toMatchObject({ code: 1, output: expect.stringContaining('failed: the backup has 3 shards, but there are only 2 masters: set masters to 3') });
    for (const [number, pod] of cluster.entries()) {
      expect(await restore(folder, time, pod, number, { SHAPE: writtenShape(4) })).toMatchObject({ code: 0 });
    }
    expect(cluster.map(pod => existsSync(join(pod.directory, 'nodes.conf')))).toEqual([true, true, true, false]);
    await startHealed(cluster);
    const made = await initCluster(cluster, { masters: 4, replicasPerMaster: 0, isRecorded: false });
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('none is left') });
    const sizes = await Promise.all(cluster.map(pod => pod.command('DBSIZE')));
    expect(sizes.map(Number).reduce((sum, size) => sum + size)).toBe(300);
  }, 120_000);
});

describe('a single server that is no cluster', () => {
  let source: RedisNode;
  let copies: string;

  beforeEach(async () => {
    copies = mkdtempSync(join(tmpdir(), 'restore-single-'));
    [source] = await startNodes(1, ++subnet, PORT, ['--cluster-enabled', 'no']);
  });
  afterEach(async () => {
    await source.remove();
    rmSync(copies, { recursive: true });
  });

  test.each(SHELLS)('is backed up, and a cluster begins with all that it has, in %s', async (_, environment, shell) => {
    const script = `for i = 1, 300 do redis.call('SET', 'key:' .. i, 'value ' .. i) end
      for i = 1, 50 do redis.call('EXPIREAT', 'key:' .. i, 4000000000 + i) end
      redis.call('SET', '\\0\\n"\\255', 'binary') redis.call('HSET', 'hash', 'field', 'value') return 'done'`;
    expect(await source.command('EVAL', script, '0')).toBe('done');
    expect(await source.command('FUNCTION', 'LOAD', '#!lua name=library\nredis.register_function("one", function() return 1 end)')).toBe('library');
    const { code, output } = await backUp([source], copies, environment, shell);
    expect([code, output]).toEqual([0, expect.stringContaining('302 keys in 1 shards')]);
    expect(onlyBackup(copies)).toMatchObject({ count: 1, shards: [{ slots: '0-16383', keys: 302 }] });
    expect(await source.command('DBSIZE')).toBe('302');

    const cluster = pods(3);
    for (const [number, pod] of cluster.entries()) {
      expect(await restore(copies, onlyBackup(copies).time, pod, number, environment, shell)).toMatchObject({ code: 0 });
    }
    await startHealed(cluster);
    const made = await initCluster(cluster, { masters: 3, replicasPerMaster: 0, isRecorded: false });
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('none is left') });
    const sizes = await Promise.all(cluster.map(pod => pod.command('DBSIZE')));
    expect(sizes.map(Number).reduce((sum, size) => sum + size)).toBe(302);
    expect(sizes.map(Number).every(size => size > 50)).toBe(true);
    const of = (...words: string[]) => Promise.all(cluster.map(pod => pod.command(...words)));
    expect(await of('GET', 'key:300')).toContain('value 300');
    expect(await of('HGET', 'hash', 'field')).toContain('value');
    expect((await of('TTL', 'key:50')).filter(seconds => Math.abs(Number(seconds) + Date.now() / 1000 - 4000000050) < 3)).toHaveLength(1);
    expect((await of('FUNCTION', 'LIST')).every(list => list.includes('library'))).toBe(true);
  }, 120_000);

  test('is refused with keys in a database that a cluster does not have', async () => {
    expect(await source.command('-n', '3', 'SET', 'key', 'value')).toBe('OK');
    const { code, output } = await backUp([source], copies);
    expect([code, output]).toEqual([1, expect.stringMatching(/failed: there are keys in database 3, and a cluster has database 0 alone: move them there first/)]);
  });
});

describe('nothing is restored', () => {
  const nothing = { code: 0, output: expect.stringContaining('nothing is restored') };

  test.each(['cluster-owner', 'nodes.conf', 'dump.rdb', 'appendonly.aof', 'appendonlydir'])('on a disk with %s', async name => {
    const [pod] = pods(1);
    writeFileSync(join(pod.directory, name), 'own');
    expect(await restore(folder, time, pod, 0)).toMatchObject(nothing);
    expect(readFileSync(join(pod.directory, name), 'utf8')).toBe('own');
  });

  test('on a disk that a server has used, although a restore was interrupted there before that', async () => {
    const [pod] = pods(1);
    for (const name of ['restoring', 'cluster-owner', 'dump.rdb']) {
      writeFileSync(join(pod.directory, name), 'own');
    }
    expect(await restore(folder, time, pod, 0)).toMatchObject(nothing);
    expect(readFileSync(join(pod.directory, 'dump.rdb'), 'utf8')).toBe('own');
  });

  test('on the new disk of a pod whose cluster is there, nor when the backup is gone by then', async () => {
    nodes = await startNodes(3, ++subnet, PORT);
    await formCluster(nodes, 0);
    const [lost] = newPods(1, ++subnet, 'test/restored', { port: PORT });
    expect(await restore(folder, '20200101T000000Z', lost, 0, { PEERS: nodes[1].address })).toMatchObject(nothing);
    expect(existsSync(join(lost.directory, 'nodes.conf'))).toBe(false);
    await lost.remove();
  });
});

test('an interrupted restore is done again', async () => {
  const [pod] = pods(1);
  writeFileSync(join(pod.directory, 'restoring'), 'half');
  writeFileSync(join(pod.directory, 'nodes.conf'), 'half');
  expect(await restore(folder, time, pod, 0)).toMatchObject({ code: 0 });
  expect(readFileSync(join(pod.directory, 'dump.rdb'))).toEqual(readFileSync(file('shard-0.rdb')));
  expect(existsSync(join(pod.directory, 'restoring'))).toBe(false);
});

/** A PATH on which a program is this script first. */
function withProgram(name: string, script: string): Record<string, string> {
  const programs = mkdtempSync(join(folder, 'programs-'));
  writeFileSync(join(programs, name), `#!/bin/sh\nPATH=\${PATH#*:}\n${script}\n`, { mode: 0o755 });
  return { PATH: `${programs}:${process.env.PATH}` };
}

test('a restore that fails at its last step leaves the disk new: a server would begin with the slots, and without the keys', async () => {
  const [pod] = pods(1);
  expect(await restore(folder, time, pod, 0, withProgram('mv', 'exit 1'))).toMatchObject({ code: 1 });
  expect(await restore(folder, time, pod, 0)).toMatchObject({ code: 0, output: expect.stringContaining('is on the disk') });
});

test('a disk without room for nodes.conf is refused', async () => {
  const [pod] = pods(1);
  mkdirSync(join(pod.directory, 'nodes.conf'));
  writeFileSync(join(pod.directory, 'restoring'), '');
  expect(await restore(folder, time, pod, 0)).toMatchObject({ code: 1, output: expect.stringMatching(/failed: .*nodes.conf cannot be written: make room on the disk/) });
  expect(existsSync(join(pod.directory, 'dump.rdb'))).toBe(false);
});

const damaged = (content: Buffer) => Buffer.from(content.map((byte, index) => index === 100 ? 255 - byte : byte));
const newer = (content: Buffer) => Buffer.concat([Buffer.from('REDIS0999'), content.subarray(9)]);

test.each<[string, string, (content: Buffer) => Buffer | undefined, string]>([
  ['a damaged file', 'shard-0.rdb', damaged, 'failed: shard-0.rdb is damaged, as its SHA-256 is not that of the manifest'],
  ['a file that was cut off', 'shard-0.rdb', content => content.subarray(0, 200), 'failed: shard-0.rdb is damaged'],
  ['a missing file', 'shard-0.rdb', () => undefined, 'failed: shard-0.rdb is missing: take another backup'],
  ['a missing manifest', 'manifest.json', () => undefined, /failed: there is no complete backup sessions\/\w+: manifest.json is missing/.source],
  ['a manifest that was cut off', 'manifest.json', content => content.subarray(0, content.length - 450), 'failed: manifest.json is damaged'],
  ['a format of the future', 'manifest.json', edited(/"format": 1/, '"format": 2'), 'has a format that this version does not know'],
  ['a foreign family', 'manifest.json', edited(/"server": "redis [\d.]+"/g, '"server": "valkey 8.1.1"'), 'failed: shard-0.rdb is of Valkey, which Redis cannot load: use an image of Valkey'],
])('%s is refused, and the disk stays new', async (_, name, change, message) => {
  const [pod] = pods(1);
  await spoiled(name, change, async () => {
    const { code, output } = await restore(folder, time, pod, 0);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
  expect(await restore(folder, time, pod, 0)).toMatchObject({ code: 0, output: expect.stringContaining('is on the disk') });
});

test('a file of a newer version, and one with something behind its end, are refused although their checksums are those of the manifest', async () => {
  const [pod] = pods(1);
  const { sha256 } = onlyBackup(folder).shards[0];
  for (const [change, message] of [
    [newer, 'failed: shard-0.rdb is of a newer version than this server can load: use the version that it is of; redis-check-rdb says: '],
    [(content: Buffer) => Buffer.concat([content, Buffer.from('x'.repeat(40))]), 'failed: shard-0.rdb cannot be loaded: it does not end with its checksum'],
  ] as const) {
    await spoiled('shard-0.rdb', change, () => spoiled('manifest.json',
      edited(new RegExp(sha256), createHash('sha256').update(readFileSync(file('shard-0.rdb'))).digest('hex')), async () => {
        expect(await restore(folder, time, pod, 0)).toMatchObject({ code: 1, output: expect.stringContaining(message) });
      }));
  }
});

describe('the drill', () => {
  test.each(SHELLS)('loads every shard of the newest backup, of which some keys have expired, in %s', async (_, environment, shell) => {
    const { code, output } = await drill(folder, PORT, environment, shell);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(output.match(/shard-\d.rdb: slots [\d-]+, 100 of 110 keys, 10 expired, in \d+ s/g)).toHaveLength(3);
    expect(output).toMatch(/the backup sessions\/\w+ can be restored\n$/);
  });

  test('counts hashes whose fields have all expired, as Redis 7.4 and later tell of them', async () => {
    const told = withProgram('redis-server', `case $0 in *check-rdb) exec redis-check-rdb "$@" ;; esac
      redis-server "$@" | sed -u 's/keys expired: 10/keys expired: 8, empty keys skipped: 2/'`);
    const { code, output } = await drill(folder, PORT, told);
    expect([code, output]).toEqual([0, expect.stringContaining('100 of 110 keys, 10 expired')]);
  });

  test('waits for a server that does not answer in time while it loads', async () => {
    const once = `case $* in *DBSIZE*) [ -e '${folder}/asked' ] || { touch '${folder}/asked'; exit 124; } ;; esac\nexec redis-cli "$@"`;
    expect(await drill(folder, PORT, withProgram('redis-cli', once))).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'asked'))).toBe(true);
  });

  test.each<[string, string, (content: Buffer) => Buffer | undefined, string]>([
    ['a damaged file', 'shard-2.rdb', damaged, 'failed: shard-2.rdb is damaged'],
    ['a missing file', 'shard-1.rdb', () => undefined, 'failed: shard-1.rdb is missing'],
    ['fewer keys than there were', 'manifest.json', edited(/"keys": 110/, '"keys": 111'), 'failed: shard-0.rdb: 100 keys were loaded, but the manifest has 111, of which 10 have expired'],
    ['keys that are in other slots', 'manifest.json', edited(/"0-5460"/, '"0-3000"'), 'failed: shard-0.rdb has keys of the slots 0-3000 3300, but the manifest has 0-3000'],
  ])('fails on %s', async (_, name, change, message) => {
    await spoiled(name, change, async () => {
      const { code, output } = await drill(folder, PORT);
      expect([code, output]).toEqual([1, expect.stringContaining(message)]);
      expect(output).not.toContain('can be restored');
    });
  });
});
