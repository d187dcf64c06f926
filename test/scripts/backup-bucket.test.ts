import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, Result } from '../support/execute';
import { BUSYBOX } from '../support/servers/shells';

const script = join(__dirname, '..', '..', 'assets', 'backup-bucket.sh');
const day = 86400_000;
const ago = (days: number) => new Date(Date.now() - days * day).toISOString().replace(/[-:]|\.\d+/g, '');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bucket-'));
  ['backup', 'store/backups', 'data'].forEach(folder => mkdirSync(join(root, folder), { recursive: true }));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(place: string, time: string, ...files: string[]): void {
  mkdirSync(join(root, place, 'sessions', time), { recursive: true });
  files.forEach(file => writeFileSync(join(root, place, 'sessions', time, file), file));
}

/** Runs it as busybox, which the image of rclone has. */
function run(word: 'upload' | 'fetch', environment: Record<string, string> = {}): Promise<Result> {
  return execute(BUSYBOX.shell, [script, word], {
    PATH: `${join(__dirname, '..', 'support', 'servers', 'bucket')}:${BUSYBOX.PATH}`,
    NAME: 'sessions',
    FOLDER: join(root, 'backup'),
    BUCKET: 's3:backups',
    KEEP: '2',
    TMPDIR: root,
    DATA_FOLDER: join(root, 'data'),
    STORE: join(root, 'store'),
    RECORD: join(root, 'record'),
    ...environment,
  });
}

const calls = () => readFileSync(join(root, 'record'), 'utf8').trim().split('\n');
const inBucket = () => readdirSync(join(root, 'store', 'backups', 'sessions')).sort();

test('the manifest is copied when all shards are there and the same, and older backups go only then', async () => {
  const [now, one, two, half, young] = [ago(0), ago(1), ago(2), ago(3), ago(0.1)];
  write('backup', now, 'shard-0.rdb', 'shard-1.rdb', 'manifest.json');
  [one, two].forEach(time => write('store/backups', time, 'shard-0.rdb', 'manifest.json'));
  [half, young].forEach(time => write('store/backups', time, 'shard-0.rdb'));
  const { code, output } = await run('upload');
  expect([code, output]).toEqual([0, expect.stringContaining(`the backup is in s3:backups/sessions/${now}, and is what was copied`)]);
  expect(calls().slice(0, 4).map(call => call.replace(/^(\w+) .*--include (\S+) .*/, '$1 $2')))
    .toEqual(['copy shard-*', 'check shard-*', 'copy manifest.json', 'check manifest.json']);
  expect(inBucket()).toEqual([one, young, now].sort());
  expect(readdirSync(join(root, 'store', 'backups', 'sessions', now)).sort()).toEqual(['manifest.json', 'shard-0.rdb', 'shard-1.rdb']);
});

test('folders with other names are no backups: they are neither counted nor deleted, nor fetched as the newest', async () => {
  const [now, one] = [ago(0), ago(1)];
  write('backup', now, 'shard-0.rdb', 'manifest.json');
  [one, 'saved'].forEach(time => write('store/backups', time, 'shard-0.rdb', 'manifest.json'));
  write('store/backups', '0-mine', 'notes');
  expect(await run('upload')).toMatchObject({ code: 0 });
  expect(inBucket()).toEqual(['0-mine', one, now, 'saved'].sort());
  expect(await run('fetch', { FOLDER: join(root, 'fetched') })).toMatchObject({ code: 0 });
  expect(readdirSync(join(root, 'fetched', 'sessions'))).toEqual([now]);
});

test.each([
  ['copied', 'copy', /failed: shard-\* could not be copied to s3:backups\/sessions\/\w+/],
  ['compared', 'check', /failed: shard-\* in s3:backups\/sessions\/\w+ is not what was copied/],
  ['listed', 'lsf', /failed: s3:backups\/sessions cannot be listed: nothing is deleted/],
])('nothing is deleted when the new one cannot be %s', async (_, FAIL, message) => {
  write('backup', ago(0), 'shard-0.rdb', 'manifest.json');
  [1, 2, 3].forEach(days => write('store/backups', ago(days), 'shard-0.rdb', 'manifest.json'));
  const before = inBucket();
  expect(await run('upload', { FAIL })).toMatchObject({ code: 1, output: expect.stringMatching(message) });
  expect(inBucket()).toEqual(expect.arrayContaining(before));
  expect(calls().filter(call => /^(delete|purge)/.test(call))).toEqual([]);
});

test('nothing is deleted, nor fetched, when not all that is there can be listed', async () => {
  const [now, one, two] = [ago(0), ago(2), ago(3)];
  write('backup', now, 'shard-0.rdb', 'manifest.json');
  [one, two].forEach(time => write('store/backups', time, 'shard-0.rdb', 'manifest.json'));
  expect(await run('upload', { FAIL: 'part', KEEP: '7' })).toMatchObject({ code: 1, output: expect.stringContaining('s3:backups/sessions cannot be listed: nothing is deleted') });
  expect(inBucket()).toEqual([two, one, now]);
  expect(await run('fetch', { FAIL: 'part', FOLDER: join(root, 'fetched') })).toMatchObject({ code: 1 });
});

test('with a password it is compared as rclone encrypts it, and no call shows the password', async () => {
  write('backup', ago(0), 'shard-0.rdb', 'manifest.json');
  expect(await run('upload', { CRYPT_PASSWORD: 'a "secret" $1', BUCKET: 'crypt:' })).toMatchObject({ code: 0 });
  expect(calls().filter(call => call.startsWith('cryptcheck'))).toHaveLength(2);
  expect(calls().join()).not.toContain('secret');
});

describe('what is fetched', () => {
  beforeEach(() => {
    [3, 2].forEach(days => write('store/backups', ago(days), 'shard-0.rdb', 'shard-1.rdb', 'manifest.json'));
    write('store/backups', ago(1), 'shard-0.rdb');
  });
  const fetched = () => readdirSync(join(root, 'backup', 'sessions')).map(time => [time, readdirSync(join(root, 'backup', 'sessions', time)).sort()]);

  test('is all of the newest complete backup', async () => {
    expect(await run('fetch')).toMatchObject({ code: 0, output: '' });
    expect(fetched()).toEqual([[expect.any(String), ['manifest.json', 'shard-0.rdb', 'shard-1.rdb']]]);
    expect(fetched()[0][0]! < ago(1.5)).toBe(true);
  });

  test('is the shard of a pod, of the backup that is named', async () => {
    const [time] = inBucket();
    expect(await run('fetch', { TIME: time, POD_NAME: 'restored-1' })).toMatchObject({ code: 0, output: '' });
    expect(fetched()).toEqual([[time, ['manifest.json', 'shard-1.rdb']]]);
  });

  test('is nothing when the disk of the pod is used, or there is no backup', async () => {
    expect(await run('fetch', { NAME: 'others' })).toMatchObject({ code: 1, output: expect.stringContaining('failed: there is no complete backup in s3:backups/others') });
    writeFileSync(join(root, 'data', 'nodes.conf'), '');
    expect(await run('fetch', { POD_NAME: 'restored-1' })).toMatchObject({ code: 0, output: expect.stringContaining('the disk is not new: nothing is fetched') });
    expect(existsSync(join(root, 'backup', 'sessions'))).toBe(false);
  });
});
