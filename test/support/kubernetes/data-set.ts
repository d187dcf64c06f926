import { createHash } from 'node:crypto';
import { Cluster as RedisClient, Redis } from 'ioredis';

const AT_ONCE = 500;

/** What a key holds: it can be told from the key alone, and no other key holds the same. */
export function valueOf(key: string): string {
  return `${key} ${createHash('sha256').update(key).digest('hex')}`;
}

/** So many keys, spread over all slots of a cluster. */
export async function writeDataSet(client: RedisClient | Redis, name: string, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, index) => `${name}:${index}`);
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    await Promise.all(keys.slice(start, start + AT_ONCE).map(key => client.set(key, valueOf(key))));
  }
  return keys;
}

/** The keys that are not there, or hold another value than was written. */
export async function lostKeys(client: RedisClient, keys: string[]): Promise<string[]> {
  const lost: string[] = [];
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const slice = keys.slice(start, start + AT_ONCE);
    const values = await Promise.all(slice.map(key => client.get(key)));
    lost.push(...slice.filter((key, index) => values[index] !== valueOf(key)));
  }
  return lost;
}

/** How many keys there are, each counted once. */
export async function keysOnMasters(client: RedisClient): Promise<number> {
  const sizes = await Promise.all(client.nodes('master').map(node => node.dbsize()));
  return sizes.reduce((sum, size) => sum + size);
}
