import { Cluster } from 'ioredis';
import { eventually } from '../support/eventually';
import { redisClient } from '../support/redis-client';
import { initCluster, InitResult, roles } from '../support/servers/cluster-init';
import { RedisNode, startNodes } from '../support/servers/redis-node';

const three = { masters: 3, replicasPerMaster: 1 };
const six = { masters: 6, replicasPerMaster: 1 };
const PORT = 6440;
const KEYS = 2000;

let nodes: RedisNode[] = [];
let client: Cluster;

beforeEach(async () => {
  nodes = await startNodes(12, 60, PORT);
  expect((await initCluster(nodes.slice(0, 6), three)).code).toBe(0);
  client = redisClient([{ host: nodes[0].address, port: PORT }]);
});

afterEach(async () => {
  client.disconnect();
  await Promise.all(nodes.map(node => node.remove()));
});

/** Keys and values of any bytes, some with a time to live, some large, some of other types. */
const keyOf = (number: number): Buffer => Buffer.concat([Buffer.from([0, 10, 34, 92, 255, 32, 39]), Buffer.from(`key:${number}`)]);

async function write(): Promise<void> {
  for (let number = 0; number < KEYS; number++) {
    const value = Buffer.concat([keyOf(number), Buffer.alloc(number % 97 === 0 ? 50_000 : 10, number % 256)]);
    await (number % 2 ? client.set(keyOf(number), value, 'EX', 5000) : client.set(keyOf(number), value));
  }
  await client.hset('hash', Object.fromEntries(Array.from({ length: 1000 }, (_, field) => [`field${field}`, `value${field}`])));
  await client.xadd('stream', '*', 'name', 'value');
}

/** By a new client: ioredis connects anew to a node whose role changed, and gives up what it has sent there. */
async function expectAllKeys(): Promise<void> {
  client.disconnect();
  client = redisClient([{ host: nodes[0].address, port: PORT }]);
  for (let number = 0; number < KEYS; number++) {
    const value = await client.getBuffer(keyOf(number));
    expect({ number, value: value?.subarray(0, keyOf(number).length) }).toEqual({ number, value: keyOf(number) });
    const ttl = await client.ttl(keyOf(number));
    expect(number % 2 ? ttl > 4000 : ttl === -1).toBe(true);
  }
  expect(await client.hlen('hash')).toBe(1000);
  expect(await client.xlen('stream')).toBe(1);
}

/** How many slots each master has, and that together they hold each key once. */
async function shares(count: number): Promise<number[]> {
  const found = (await roles(nodes.slice(0, count))).filter(role => role.startsWith('master '));
  return found.map(role => role.replace('master ', '').split(' ').reduce((sum, range) => {
    const [first, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0));
}

async function keysOnMasters(count: number): Promise<number> {
  const found = await roles(nodes.slice(0, count));
  const sizes = await Promise.all(nodes.slice(0, count).filter((_, pod) => found[pod].startsWith('master')).map(node => node.command('DBSIZE')));
  return sizes.map(Number).reduce((sum, size) => sum + size);
}

/** Client writes of counters, each of which must have grown by one: a lost or repeated write shows. */
function counting(): { stop(): Promise<{ failed: string[]; wrong: string[] }> } {
  let isOn = true;
  const failed: string[] = [];
  const wrong: string[] = [];
  const own = redisClient([{ host: nodes[0].address, port: PORT }]);
  const writers = Array.from({ length: 20 }, async (_, writer) => {
    let givenUp = 0;
    for (let count = 1; isOn; count++) {
      try {
        const now = await own.incr(`count:${writer}`);
        if (now < count || now > count + givenUp) wrong.push(`count:${writer} is ${now}, not ${count}`);
        count = now;
        givenUp = 0;
      } catch (error) {
        count--;
        const { message } = error as Error;
        if (message === 'Connection is closed.') givenUp++; else failed.push(message); // as said above: it may have arrived
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  });
  return { stop: async () => { isOn = false; await Promise.all(writers); own.disconnect(); return { failed, wrong }; } };
}

async function run(options: Parameters<typeof initCluster>[1]): Promise<InitResult> {
  const { masters, replicasPerMaster, pods = masters * (1 + replicasPerMaster) } = options;
  return initCluster(nodes.slice(0, pods), { timeout: 60, isRecorded: false, ...options });
}

test('three masters become six, and three again, while clients write', async () => {
  await write();
  const code = '#!lua name=library\nredis.register_function("one", function() return 1 end)';
  await Promise.all(nodes.slice(0, 3).map(node => node.command('FUNCTION', 'LOAD', code)));
  const writers = counting();

  const planned = await initCluster(nodes.slice(0, 6), { ...six, isPlan: true, isRecorded: false });
  expect({ code: planned.code, output: planned.output }).toEqual({ code: 0, output: expect.stringMatching(/6 pods are new[^]*2730 slots go from[^]*in all, 8191 slots move/) });
  expect(await shares(6)).toEqual([5461, 5462, 5461]);
  const grown = await run(six);
  expect({ code: grown.code, output: grown.output }).toEqual({ code: 0, output: expect.stringMatching(/moved \d+ slots with \d+ keys[^]*none is left/) });
  expect((await shares(12)).sort()).toEqual([2730, 2730, 2731, 2731, 2731, 2731]);
  await expectAllKeys();
  expect(await nodes[6].command('FUNCTION', 'LIST')).toContain('library');

  const shrunk = await run({ ...three, pods: 12 });
  expect({ code: shrunk.code, output: shrunk.output }).toEqual({ code: 0, output: expect.stringContaining('the pods from redis-cluster-6 on may go') });
  expect((await shares(6)).sort()).toEqual([5461, 5461, 5462]);
  await Promise.all(nodes.slice(6).map(node => node.stop()));
  await expectAllKeys();
  expect(await writers.stop()).toEqual({ failed: [], wrong: [] });
  expect(await keysOnMasters(6)).toBe(KEYS + 2 + 20);
}, 240_000);

test('a Job that is killed again and again while slots move ends balanced, with nothing lost', async () => {
  await write();
  const writers = counting();
  let kills = 0;
  for (const shape of [six, { ...three, pods: 12 }, six]) {
    for (const killAfterSeconds of [1.1, 2.1, 1.7]) {
      const result = await run({ ...shape, environment: { KEYS_PER_BATCH: '500' }, killAfterSeconds });
      kills += result.signal === 'SIGKILL' ? 1 : 0;
    }
    expect(await run(shape)).toMatchObject({ code: 0 });
  }
  expect(kills).toBeGreaterThan(3);
  expect((await shares(12)).sort()).toEqual([2730, 2730, 2731, 2731, 2731, 2731]);
  expect(await writers.stop()).toEqual({ failed: [], wrong: [] });
  await expectAllKeys();
  expect(await keysOnMasters(12)).toBe(KEYS + 2 + 20);
}, 480_000);

test('a master without slots gets one first, as ioredis drops its connection to such a one whenever it asks for the slots', async () => {
  const { commands } = await run({ masters: 4, replicasPerMaster: 1, isRecorded: true, killAfter: 60 });
  const words = commands.filter(command => command.startsWith(`${nodes[6].address} CLUSTER SETSLOT`)).map(command => command.split(' ')[4]);
  expect(words.slice(0, 3)).toEqual(['IMPORTING', 'NODE', 'IMPORTING']);
}, 60_000);

test('a master that crashes while it gives slots away is followed by its replica, which goes on', async () => {
  await write();
  const job = run({ ...six, timeout: 90 });
  await eventually('slots move', async () => Number(await nodes[8].command('DBSIZE')) > 50, 60);
  await nodes[0].stop('SIGKILL');
  await eventually('its replica has taken over', async () => (await nodes[4].command('ROLE')).startsWith('master'), 30);
  await nodes[0].start();
  expect(await job).toMatchObject({ code: 0 });
  expect((await shares(12)).sort()).toEqual([2730, 2730, 2731, 2731, 2731, 2731]);
  await expectAllKeys();
}, 240_000);

test('a key that would hold its master up is named, and nothing of its slot moves', async () => {
  const largeKey = (await Promise.all(Array.from({ length: 100 }, async (_, number) => ({ key: `large:${number}`, slot: await client.cluster('KEYSLOT', `large:${number}`) }))))
    .find(({ slot }) => slot > 4200 && slot < 5400)!.key; // the first master gives these away
  await client.set(largeKey, Buffer.alloc(3_000_000));
  const four = { masters: 4, replicasPerMaster: 1 };

  const refused = await run({ ...four, environment: { LARGEST_KEY: '2000000' } });

  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`failed: the key "${largeKey}" needs 3.`) });
  expect(refused.output).toContain('split it, or raise resharding.maxKeySize');
  expect(await nodes[0].command('EXISTS', largeKey)).toBe('1');

  expect(await run(four)).toMatchObject({ code: 0 });
  expect(await client.strlen(largeKey)).toBe(3_000_000);
}, 120_000);

test('keys move no faster than they may, and the log says every ten seconds or so how far they are', async () => {
  await write();
  const result = await run({ masters: 4, replicasPerMaster: 1, environment: { KEYS_PER_SECOND: '12' } });
  const [, keys, seconds] = /moved \d+ slots with (\d+) keys \([^)]*\) in (\d+) s[^;]*; none is left/.exec(result.output)!.map(Number);
  expect({ code: result.code, keys: keys > 400 }).toEqual({ code: 0, keys: true });
  expect(keys / 3 / seconds).toBeLessThan(15); // three masters give them away
  expect(result.output.match(/moved \d+ slots/g)!.length).toBeGreaterThan(1);
}, 120_000);
