import { Cluster } from 'ioredis';
import { RedisNode } from './redis-node';
import { eventually } from '../eventually';
import { redisClient } from '../redis-client';

/** Writes so many keys with known values to all shards, and waits until the replicas have them too. */
export async function writeKeys(nodes: RedisNode[], count: number): Promise<void> {
  await withClient(nodes, client => Promise.all(keys(count).map(key => client.set(key, `value of ${key}`))));
  await untilReplicated(nodes);
}

/** How many of the keys that writeKeys wrote have the value they were given. */
export async function countKeys(nodes: RedisNode[], count: number): Promise<number> {
  const values = await withClient(nodes, client => Promise.all(keys(count).map(key => client.get(key))));
  return values.filter((value, index) => value === `value of key-${index}`).length;
}

/** A link that is up says little: after a full copy, a master sends what follows only when the replica has called the copy done. */
export async function untilReplicated(nodes: RedisNode[]): Promise<void> {
  await eventually('every replica has what its master has', async () => {
    const replies = await Promise.all(nodes.map(node => node.command('INFO', 'replication')));
    const histories = new Set(replies.map(reply => /^master_replid:(.*)/m.exec(reply)![1] + /^master_repl_offset:(.*)/m.exec(reply)![1]));
    return histories.size === replies.filter(reply => reply.includes('role:master')).length;
  });
}

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key-${index}`);
}

async function withClient<T>(nodes: RedisNode[], use: (client: Cluster) => Promise<T>): Promise<T> {
  const client = redisClient(nodes.map(node => ({ host: node.address, port: node.port })));
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}
