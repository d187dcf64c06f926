import { Cluster as RedisClient, RedisOptions } from 'ioredis';
import { Cluster, isReady, isRunning } from './cluster';
import { within } from './deadline';
import { redisClient } from '../redis-client';

const READY_SECONDS = 20;

/**
 * A cluster-aware client with its defaults: it follows redirects, and retries closed connections.
 *
 * It knows the cluster by the name of the headless Service, as an application does. Where the tests run that name does
 * not resolve, so the answer is the one that an up-to-date DNS would give; pods' addresses must be reachable.
 */
export async function connect(cluster: Cluster, options: RedisOptions = {}): Promise<RedisClient> {
  const client = redisClient([{ host: `${cluster.name}-headless`, port: 6379 }], {
    dnsLookup: cluster.client.tls
      ? (host, answer) => answer(null, host) // the name is what the certificate has; the client's own lookup knows its address
      : (_, answer) => void lookUp(cluster).then(address => answer(null, address), error => answer(error, '')),
    redisOptions: { ...cluster.client, ...options },
  });
  client.on('error', () => undefined); // it tells of every node that it lost; commands tell what that meant
  try {
    await within(READY_SECONDS, `a client of ${cluster.name} is ready`, new Promise(resolve => client.once('ready', resolve)));
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return client;
}

async function lookUp(cluster: Cluster): Promise<string> {
  const pods = (await cluster.pods()).filter(isRunning);
  const candidates = pods.some(isReady) ? pods.filter(isReady) : pods;
  if (candidates.length === 0) {
    throw new Error(`no pod of ${cluster.name} runs`);
  }
  return candidates[Math.floor(Math.random() * candidates.length)].status.podIP!;
}
