import { RedisNode } from './redis-node';
import { isHealthy, tableOf } from './table';
import { eventually } from '../eventually';
import { execute } from '../execute';

export interface PodOptions {
  readonly port: number;
  readonly variables?: Record<string, string>;
  readonly arguments?: string[];
  readonly user?: number;
}

/** So many pods NAMESPACE/NAME-0 and on, at 127.0.SUBNET.1 and on, with new disks; start.sh starts their servers. */
export function newPods(count: number, subnet: number, cluster: string, options: PodOptions): RedisNode[] {
  const [namespace, name] = cluster.split('/');
  return Array.from({ length: count }, (_, ordinal) => new RedisNode({
    address: `127.0.${subnet}.${ordinal + 1}`,
    port: options.port,
    arguments: options.arguments,
    user: options.user,
    pod: { NAMESPACE: namespace, POD_NAME: `${name}-${ordinal}`, ...options.variables },
  }));
}

/** The replica of a master. */
export async function replicaOf(master: RedisNode, nodes: RedisNode[]): Promise<RedisNode> {
  const own = await Promise.all(nodes.map(async node => (await tableOf(node)).find(({ flags }) => flags.includes('myself'))!));
  const { id } = own[nodes.indexOf(master)];
  return nodes[own.findIndex(entry => entry.master === id)];
}

/** Makes started pods a cluster, the first of them masters, and lets full copies begin, as the heal container would. */
export async function createCluster(nodes: RedisNode[], masters: number): Promise<void> {
  await releaseCopies(nodes);
  const replicas = (nodes.length - masters) / masters;
  const addresses = nodes.map(node => `${node.address}:${node.port}`);
  const { output } = await execute('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes']);
  await eventually(`the cluster is whole: ${output}`, () => isWhole(nodes));
}

export async function releaseCopies(nodes: RedisNode[]): Promise<void> {
  await Promise.all(nodes.map(node => node.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '0')));
}

/** Tells every node the addresses of all others, as the heal containers do once they know who is there. */
export async function introduce(nodes: RedisNode[]): Promise<void> {
  await Promise.all(nodes.flatMap(node => nodes.filter(peer => peer !== node)
    .map(peer => node.command('CLUSTER', 'MEET', peer.address, String(peer.port)))));
}

/** Whether all have the same table of these nodes alone, connected, and all slots are served and replicated. */
export async function isWhole(nodes: RedisNode[]): Promise<boolean> {
  const tables = await Promise.all(nodes.map(tableOf));
  const shapes = tables.map(table => table.map(({ id, master, slots }) => `${id} ${master} ${slots}`).sort().join());
  const looks = await Promise.all(nodes.map(async (node, index) => {
    const table = tables[index];
    return shapes[index] === shapes[0] && table.length === nodes.length
      && table.every(entry => isHealthy(entry) && nodes.some(({ address, port }) => entry.location.startsWith(`${address}:${port}@`)))
      && await node.field('cluster_state', 'CLUSTER', 'INFO') === 'ok'
      && (await node.field('master_link_status', 'INFO', 'replication') ?? 'up') === 'up';
  }));
  return looks.every(Boolean);
}
