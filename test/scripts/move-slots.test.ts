import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { execute, Result } from '../support/execute';
import { formCluster } from '../support/servers/healing';
import { RedisNode, startNodes } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';

const PORT = 6442;
const SLOT = '3300'; // of {b}, which the first master has
const KEYS = 300;

let folder: string;
let nodes: RedisNode[] = [];

/** Three masters and a replica of each, in this order. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'move-slots-'));
  nodes = await startNodes(6, 61, PORT);
  await formCluster(nodes, 1);
  expect(await nodes[0].command('EVAL', `for i = 1, ${KEYS} do redis.call('SET', KEYS[1] .. i, i) end return 'done'`, '1', '{b}')).toBe('done');
});
afterEach(async () => {
  await Promise.all(nodes.map(node => node.remove()));
  rmSync(folder, { recursive: true });
});

/** Moves the slot from the first master to the second. */
async function move(acks: number, environment: Record<string, string> = {}, shell = 'dash'): Promise<Result> {
  const [source, target] = await Promise.all(nodes.slice(0, 2).map(async node => [node.address, await node.command('CLUSTER', 'MYID')]));
  return execute(shell, [join(__dirname, '..', '..', 'assets', 'move-slots.sh'), ...source, ...target, String(acks), 'keys', `${SLOT}-${SLOT}`],
    { PATH: process.env.PATH, PORT: String(PORT), TMPDIR: folder, ...environment });
}

/** A redis-cli that does something before, or in place of, what is asked: a script in which `real` is the real one and $input what is piped in. */
function between(script: string): Record<string, string> {
  const real = execFileSync('sh', ['-c', 'command -v redis-cli || command -v valkey-cli'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'redis-cli'), `#!/bin/sh\nreal() { ${real} "$@"; }\ninput=''\n[ $# -ne 4 ] || input=$(cat)\n${script}\nif [ $# -eq 4 ]; then printf '%s\\n' "$input" | real "$@"; else real "$@"; fi\n`);
  chmodSync(join(folder, 'redis-cli'), 0o755);
  return { PATH: `${folder}:${process.env.PATH}` };
}

const keysOf = (node: RedisNode) => node.command('CLUSTER', 'COUNTKEYSINSLOT', SLOT);
const ownSlots = async (node: RedisNode) => (await node.command('CLUSTER', 'NODES')).split('\n').find(line => line.includes('myself'))!.split(' ').slice(8).join(' ');

test.each(SHELLS)('a slot moves with its keys, in %s', async (_, environment, shell) => {
  expect(await move(1, environment, shell))
    .toMatchObject({ code: 0, output: expect.stringMatching(`^moved 1 ${KEYS} \\d+\n$`) });
  expect(await Promise.all(nodes.slice(0, 2).map(keysOf))).toEqual(['0', String(KEYS)]);
});

test('a slot whose keys cannot be listed stays: without an answer, it looks empty', async () => {
  for (const node of nodes) {
    expect(await node.command('ACL', 'SETUSER', 'mover', 'on', '>secret', '~*', '+@all', '-cluster', '+cluster|setslot', '+cluster|countkeysinslot')).toBe('OK');
  }
  writeFileSync(join(folder, 'password'), 'secret');
  const { output } = await move(1, { MOVER: 'mover', REDIS_PASSWORD_FILE: join(folder, 'password') });
  expect(output).toMatch(/^refused [\d.]+: its keys and their sizes are not known: \(error\) NOPERM/);
  expect(await keysOf(nodes[0])).toBe(String(KEYS));
  expect(await ownSlots(nodes[1])).toBe('5461-10922');
});

test('a key that is too large is found in a slot that an interrupted run left open, although another one has just expired', async () => {
  const [source, target] = nodes;
  expect(await source.command('EVAL', "for i = 1, 20000 do redis.call('HSET', KEYS[1], i, i) end return 'done'", '1', '{b}large')).toBe('done');
  expect(await target.command('CLUSTER', 'SETSLOT', SLOT, 'IMPORTING', await source.command('CLUSTER', 'MYID'))).toBe('OK');
  expect(await source.command('CLUSTER', 'SETSLOT', SLOT, 'MIGRATING', await target.command('CLUSTER', 'MYID'))).toBe('OK');
  const expiring = between(`[ $# -ne 5 ] || { echo >> ${folder}/calls; real -p ${PORT} -h "$5" DEL "{b}$(($(wc -l < ${folder}/calls)))" > /dev/null; }`);

  expect(await move(1, { LARGEST_KEY: '100000', ...expiring })).toMatchObject({ code: 1, output: expect.stringMatching(/^refused [\d.]+: its keys and their sizes are not known: \(error\) TRYAGAIN/) });
  expect(await move(1, { LARGEST_KEY: '100000' })).toMatchObject({ code: 1, output: expect.stringMatching(/^big the key "{b}large"/) });
  expect(await keysOf(target)).toBe('0');
});

test('so many keys of one slot move in a second as are allowed', async () => {
  const moving = move(1, { KEYS_PER_SECOND: '100' });
  await eventually('the first keys move', async () => await keysOf(nodes[1]) !== '0', 10);
  await new Promise(resolve => setTimeout(resolve, 500));
  expect(Number(await keysOf(nodes[1]))).toBeLessThanOrEqual(200);
  expect(await moving).toMatchObject({ code: 0, output: expect.stringMatching(`^moved 1 ${KEYS} `) });
});

test('a key that is too large is found although it grew when its slot had begun to move', async () => {
  const growing = between(`[ $# -ne 5 ] || echo >> ${folder}/calls
    [ ! -e ${folder}/calls ] || [ $(wc -l < ${folder}/calls) -ne 3 ] || seq ${KEYS} | sed 's/.*/SETRANGE {b}& 200000 x/' | real -p ${PORT} -h ${nodes[0].address} > /dev/null`);

  expect(await move(1, { LARGEST_KEY: '100000', KEYS_PER_SECOND: '100', ...growing })).toMatchObject({ code: 1, output: expect.stringMatching(/^big the key "{b}\d+"/) });
  expect(await Promise.all(nodes.slice(0, 2).map(keysOf))).toEqual(['200', '100']);
});

test('functions that a new master lacks are copied, and where that cannot be, as it has some of them, no slot moves', async () => {
  const library = (name: string) => `#!lua name=${name}\nredis.register_function('${name}', function() return '${name}' end)`;
  for (const name of ['a', 'b']) {
    expect(await nodes[0].command('FUNCTION', 'LOAD', library(name))).toBe(name);
  }
  expect(await nodes[1].command('FUNCTION', 'LOAD', library('a'))).toBe('a');

  expect(await move(1)).toMatchObject({ code: 1, output: expect.stringMatching(/^refused [\d.]+: ERR Library a already exists/) });
  expect(await keysOf(nodes[0])).toBe(String(KEYS));

  expect(await nodes[1].command('FUNCTION', 'DELETE', 'a')).toBe('OK');
  expect(await move(1)).toMatchObject({ code: 0 });
  expect(await nodes[1].command('FCALL', 'b', '0')).toBe('b');
});

test('no slot moves to a master that does not say which functions it has: without an answer, it looks as if it had some', async () => {
  for (const node of nodes) {
    expect(await node.command('ACL', 'SETUSER', 'mover', 'on', '>secret', '~*', '+@all', '-function')).toBe('OK');
  }
  writeFileSync(join(folder, 'password'), 'secret');
  expect(await move(1, { MOVER: 'mover', REDIS_PASSWORD_FILE: join(folder, 'password') })).toMatchObject({ code: 1, output: expect.stringMatching(/^refused [\d.]+: NOPERM/) });
  expect(await keysOf(nodes[0])).toBe(String(KEYS));
});

test('a slot stays until so many replicas have its keys as there are', async () => {
  const replicas = (await nodes[1].command('INFO', 'replication')).match(/ip=[\d.]+/g)!.map(text => text.replace('ip=', ''));
  const replica = nodes.find(({ address }) => address === replicas[0])!;
  replica.signal('SIGSTOP');
  const { output } = await move(1);
  replica.signal('SIGCONT');
  expect(output).toMatch(/^refused [\d.]+: (0 of 1 replicas have the keys|NOREPLICAS .*)\n$/); // Valkey says so itself
  await eventually('the slot has moved', async () => (await move(1)).code === 0);
  expect(await replica.command('INFO', 'keyspace')).toContain(`keys=${KEYS},`);
});

test('a slot that another Job sends elsewhere meanwhile is not claimed: its keys would be lost', async () => {
  const [source, , third] = nodes;
  const steal = `case $input in
    *COUNTKEYSINSLOT*NODES*) real -p ${PORT} -h ${source.address} CLUSTER SETSLOT ${SLOT} MIGRATING ${await third.command('CLUSTER', 'MYID')} > /dev/null ;;
  esac`;
  const { code, output } = await move(1, between(steal));
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^refused [\d.]+: not all keys have moved, or another Job moves them: /) });
  expect((await ownSlots(source)).split(' ')[0]).toBe('0-5460');
  expect(await ownSlots(nodes[1])).toMatch(/^5461-10922 \[3300-<-\w+\]$/);
});

test('a slot stays with the source as long as the target does not say that it is its own', async () => {
  const silent = `case $input in *'${SLOT} NODE '*) case $* in *${nodes[1].address}) exit ;; esac ;; esac`;
  expect(await move(1, between(silent))).toEqual(expect.objectContaining({ code: 1, output: `refused ${nodes[1].address}: no reply in time\n` }));
  expect(await ownSlots(nodes[0])).toMatch(/^0-5460 \[3300->-\w+\]$/);
});

test('keys that are listed later move in small parts, too', async () => {
  const fill = 'for i = 1, tonumber(ARGV[1]) do redis.call("SET", KEYS[1] .. ARGV[2] .. i, string.rep("x", tonumber(ARGV[3]))) end return "done"';
  expect(await nodes[0].command('EVAL', fill, '1', '{b}', '60', 'z', String(2 ** 18))).toBe('done');
  expect(await nodes[0].command('EVAL', fill, '1', '{b}', '10000', 'a', '1')).toBe('done');
  await nodes[0].command('CONFIG', 'RESETSTAT');
  await eventually('the slot has moved', async () => (await move(1)).code === 0, 60); // its replica takes a while to have them
  const calls = /cmdstat_migrate:calls=(\d+)/.exec(await nodes[0].command('INFO', 'commandstats'))![1];
  expect(Number(calls)).toBeGreaterThanOrEqual(60 / 15 + 10000 / 100);
});
