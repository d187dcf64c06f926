import { Cluster as RedisClient, Redis } from 'ioredis';
import { valueOf } from './data-set';

const FIELDS = 2000;
const ENTRIES = 200;
const TTL_SECONDS = 7200;
const NAMES = Array.from({ length: 12 }, (_, index) => String(index)); // in all shards
const BINARY = Buffer.from([0, 10, 13, 34, 92, 255, 32, 128]);

const hashOf = (name: string) => Object.fromEntries(Array.from({ length: FIELDS }, (_, index) => [`field:${index}`, valueOf(`${name}:${index}`)]));
const sorted = (fields: Record<string, string>) => Object.entries(fields).sort();
const binaryKey = (name: string) => Buffer.concat([BINARY, Buffer.from(name)]);

/** Keys of the types whose format on the disk has changed from one version to another: hashes, sets, sorted sets, lists, streams, binary and expiring ones. */
export async function writeTypedData(client: RedisClient | Redis): Promise<void> {
  for (const name of NAMES) {
    await client.hset(`hash:${name}`, hashOf(name));
    await client.hset(`small-hash:${name}`, { one: '1', two: 'zwei' });
    await client.sadd(`set:${name}`, 'a', 'b', 'c');
    await client.sadd(`numbers:${name}`, 1, 2, 300000);
    await client.zadd(`sorted-set:${name}`, 1.5, 'a', -2, 'b');
    await client.rpush(`list:${name}`, ...Array.from({ length: 300 }, (_, index) => String(index)));
    await client.set(binaryKey(name), BINARY);
    await client.set(`expiring:${name}`, name, 'EX', TTL_SECONDS);
    for (let entry = 1; entry <= ENTRIES; entry++) {
      await client.xadd(`stream:${name}`, `${entry}-1`, 'value', String(entry));
    }
    await client.xgroup('CREATE', `stream:${name}`, 'group', '0');
    await client.xreadgroup('GROUP', 'group', 'consumer', 'COUNT', 10, 'STREAMS', `stream:${name}`, '>');
  }
}

/** The names of those that are not what was written. */
export async function changedTypedData(client: RedisClient): Promise<string[]> {
  const changed: string[] = [];
  for (const name of NAMES) {
    const ttl = await client.ttl(`expiring:${name}`);
    const found: Record<string, [found: unknown, written: unknown]> = {
      'hash': [sorted(await client.hgetall(`hash:${name}`)), sorted(hashOf(name))],
      'small-hash': [sorted(await client.hgetall(`small-hash:${name}`)), sorted({ one: '1', two: 'zwei' })],
      'set': [(await client.smembers(`set:${name}`)).sort(), ['a', 'b', 'c']],
      'numbers': [(await client.smembers(`numbers:${name}`)).sort(), ['1', '2', '300000']],
      'sorted-set': [await client.zrange(`sorted-set:${name}`, '0', '-1', 'WITHSCORES'), ['b', '-2', 'a', '1.5']],
      'list': [(await client.lrange(`list:${name}`, 0, -1)).join(), Array.from({ length: 300 }, (_, index) => index).join()],
      'binary': [(await client.getBuffer(binaryKey(name)))?.toString('hex'), BINARY.toString('hex')],
      'expiring': [[await client.get(`expiring:${name}`), ttl > 0 && ttl <= TTL_SECONDS], [name, true]],
      'stream': [(await client.xrange(`stream:${name}`, '-', '+')).map(([id, fields]) => [id, ...fields].join()).join(' '),
        Array.from({ length: ENTRIES }, (_, index) => `${index + 1}-1,value,${index + 1}`).join(' ')],
      'group': [(await client.xpending(`stream:${name}`, 'group'))[0], 10],
    };
    changed.push(...Object.entries(found).filter(([, pair]) => JSON.stringify(pair[0]) !== JSON.stringify(pair[1])).map(([type]) => `${type}:${name}`));
  }
  return changed;
}
