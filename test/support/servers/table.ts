import { RedisNode } from './redis-node';

/** A line of CLUSTER NODES, or of nodes.conf. */
export interface NodeEntry {
  readonly id: string;
  /** With port and host name, as the table has it. */
  readonly location: string;
  readonly address: string;
  readonly flags: string[];
  readonly master: string;
  readonly epoch: string;
  readonly link: string;
  readonly slots: string;
}

export function entriesOf(table: string): NodeEntry[] {
  return table.split(/\r?\n/).filter(line => line !== '' && !line.startsWith('vars')).map(line => {
    const [id, location, flags, master, , , epoch, link, ...slots] = line.split(' ');
    return { id, location, address: location.replace(/:\d+@.*/, ''), flags: flags.split(','), master, epoch, link, slots: slots.join(' ') };
  });
}

export async function tableOf(node: RedisNode): Promise<NodeEntry[]> {
  return entriesOf(await node.command('CLUSTER', 'NODES'));
}

/** Whether a node takes another one for healthy, and is connected to it. */
export function isHealthy({ link, flags }: NodeEntry): boolean {
  return link === 'connected' && !flags.some(flag => /^(fail\??|noaddr|handshake)$/.test(flag));
}
