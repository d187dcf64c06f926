/** What Redis nodes say of themselves and of each other, read from the replies of their own commands. */

export interface TableEntry {
  readonly id: string;
  readonly address: string;
  readonly flags: string[];
  /** Id of the master that this node replicates. */
  readonly master?: string;
  readonly linkState: string;
  readonly slots: number;
}

/** One node's own view. */
export interface NodeView {
  readonly pod: string;
  /** The pod's address now. */
  readonly address: string;
  readonly table: TableEntry[];
  readonly clusterInfo: Record<string, string>;
  readonly replication: Record<string, string>;
}

export interface Shape {
  readonly masters: number;
  readonly replicasPerMaster: number;
}

export function size(shape: Shape): number {
  return shape.masters * (1 + shape.replicasPerMaster);
}

/** CLUSTER NODES: `id address:port@bus[,hostname] flags master pings pongs epoch link slots…`. */
export function parseTable(reply: string): TableEntry[] {
  return lines(reply).map(line => {
    const [id, endpoint, flags, master, , , , linkState, ...slots] = line.split(' ');
    return {
      id,
      address: endpoint.split('@')[0].replace(/:\d+$/, ''),
      flags: flags.split(','),
      master: master === '-' ? undefined : master,
      linkState,
      slots: slots.reduce((sum, range) => sum + slotsOf(range), 0),
    };
  });
}

/** Replies made of `field:value` lines, such as INFO's. */
export function parseFields(reply: string): Record<string, string> {
  return Object.fromEntries(lines(reply).filter(line => line.includes(':')).map(line => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  }));
}

export function myself(view: NodeView): TableEntry {
  const entry = view.table.find(({ flags }) => flags.includes('myself'));
  if (!entry) {
    throw new Error(`${view.pod} has no entry for itself`);
  }
  return entry;
}

export function isMaster(view: NodeView): boolean {
  return view.replication.role === 'master';
}

/** All that keeps a cluster from being whole; empty when nothing does. */
export function shortcomings(views: NodeView[], shape: Shape): string[] {
  const addresses = views.map(view => view.address).sort();
  const masters = views.filter(isMaster).length;
  return [
    ...views.length === size(shape) ? [] : [`${views.length} of ${size(shape)} nodes answer`],
    ...masters === shape.masters ? [] : [`${masters} of ${shape.masters} masters`],
    ...views.flatMap(view => shortcomingsOf(view, addresses, shape).map(text => `${view.pod}: ${text}`)),
  ];
}

function shortcomingsOf(view: NodeView, addresses: string[], shape: Shape): string[] {
  const known = view.table.map(entry => entry.address).sort();
  const unwell = view.table.filter(entry =>
    entry.linkState !== 'connected' || entry.flags.some(flag => ['fail', 'fail?', 'handshake', 'noaddr'].includes(flag)));
  const slots = view.table.reduce((sum, entry) => sum + entry.slots, 0);
  const shards = view.table.filter(entry => entry.slots > 0);
  const replicas = view.table.filter(entry => entry.master !== undefined);
  const text: string[] = [];
  if (known.join() !== addresses.join()) text.push(`knows ${known.join(' ')} instead of ${addresses.join(' ')}`);
  if (unwell.length > 0) text.push(`sees ${unwell.map(entry => `${entry.address} ${entry.flags.join()} ${entry.linkState}`).join(', ')}`);
  if (slots !== 16384) text.push(`knows the owners of ${slots} slots`);
  if (shards.length !== shape.masters) text.push(`sees slots at ${shards.length} masters`);
  for (const { id, address } of shards) {
    const count = replicas.filter(replica => replica.master === id).length;
    if (count !== shape.replicasPerMaster) text.push(`sees ${count} replicas of ${address}`);
  }
  if (view.clusterInfo.cluster_state !== 'ok') text.push(`cluster_state is ${view.clusterInfo.cluster_state}`);
  if (!isMaster(view) && view.replication.master_link_status !== 'up') text.push('its link to its master is down');
  return text;
}

function slotsOf(range: string): number {
  if (range.startsWith('[')) {
    return 0; // a slot on the move; its owner still lists it
  }
  const [first, last = first] = range.split('-').map(Number);
  return last - first + 1;
}

function lines(reply: string): string[] {
  return reply.split(/\r?\n/).filter(line => line !== '');
}
