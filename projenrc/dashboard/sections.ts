import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bands, lines, rows, stat } from './panels';
import { byPod, count, lately, meanTime, NODES_BEHIND, ofMasters, perSecond, redis, REPLICAS_BEHIND } from './queries';
import { SLOTS } from '../../src/shape/cluster-shape';

/** A row of the dashboard, under its title; the first has none. */
interface Section {
  readonly title?: string;
  readonly panels: Builder<Panel>[];
}

/** What is understood in ten seconds: is it whole, who is master of what, where, how far behind. */
const overview: Section = {
  panels: [
    stat({
      title: 'Cluster',
      description: 'Whether every node says that the cluster is ok. `fail` means that some slots are not served, or that a node sees no majority of masters.',
      unit: units.NoUnit,
      query: `min(${redis('cluster_state')})`,
      lowest: 'red',
      colours: { 1: 'green' },
      words: { 0: 'fail', 1: 'ok' },
      without: 'no answer',
    }),
    stat({
      title: 'Slots served',
      description: `Of ${SLOTS}, by the node that sees the fewest.`,
      unit: units.LocaleFormat,
      query: `min(${redis('cluster_slots_ok')})`,
      lowest: 'red',
      colours: { [SLOTS]: 'green' },
    }),
    stat({
      title: 'Nodes missing',
      description: 'Nodes that the others know, and whose exporter or server does not answer.',
      unit: units.NoUnit,
      query: `max(${redis('cluster_known_nodes')}) - sum(${redis('up')})`,
      colours: { 1: 'red' },
    }),
    stat({
      title: 'Masters',
      description: 'Masters that have slots.',
      unit: units.NoUnit,
      query: `max(${redis('cluster_size')})`,
      lowest: 'blue',
    }),
    stat({
      title: 'Without replica',
      description: 'Masters without a replica that is connected: what they acknowledge is nowhere else.',
      unit: units.NoUnit,
      query: count(ofMasters(`${redis('connected_slaves')} < 1`)),
      colours: { 1: 'orange' },
    }),
    stat({
      title: 'Furthest behind',
      description: 'The replica that is furthest behind its master. Further than the backlog (1 MiB unless configured), it needs a full copy if its link breaks.',
      unit: units.BytesIEC,
      query: `max(${REPLICAS_BEHIND}) or vector(0)`,
      colours: { 1048576: 'orange' },
    }),
    stat({
      title: 'Fullest node',
      description: 'The largest part of maxmemory that a node uses.',
      unit: units.PercentUnit,
      query: `max(${redis('memory_used_bytes')} / (${redis('memory_max_bytes')} > 0))`,
      colours: { 0.8: 'orange', 0.9: 'red' },
      without: 'no maxmemory',
    }),
    stat({
      title: 'Keys',
      description: 'Keys of all masters.',
      unit: units.Short,
      query: `sum(${ofMasters(redis('db_keys'))})`,
      lowest: 'blue',
    }),
    rows({
      title: 'Who is master of what, where, and how far behind',
      description: 'Every node that answers. A shard is called after the pod of its master. The Kubernetes node is there where Prometheus adds the label `node`.',
      unit: units.BytesIEC,
      query: NODES_BEHIND,
      columns: { shard: 'Shard', role: 'Role', pod: 'Pod', node: 'Kubernetes node', Value: 'Behind' },
    }),
    bands({
      title: 'Masters over time',
      description: 'One band for each master. Where a colour gives way to another, a replica took over.',
      unit: units.NoUnit,
      queries: { '{{pod}}': byPod(redis('instance_info', 'role="master"')) },
    }),
  ],
};

const load: Section = {
  title: 'Load',
  panels: [
    lines({
      title: 'Commands',
      description: 'Calls a second on each node. Clients that balance well use all masters alike.',
      unit: units.OpsPerSecond,
      queries: { '{{pod}}': byPod(perSecond('commands_processed_total')) },
    }),
    lines({
      title: 'Most used commands',
      description: 'The eight that are called most often.',
      unit: units.OpsPerSecond,
      queries: { '{{cmd}}': `topk(8, sum by (cmd) (${perSecond('commands_total')}))` },
    }),
    lines({
      title: 'Clients',
      description: 'Connections of clients. At maxclients, further ones are turned away.',
      unit: units.Short,
      queries: { '{{pod}}': byPod(redis('connected_clients')) },
    }),
    lines({
      title: 'Network',
      description: 'What nodes send and receive, without the bus of the cluster.',
      unit: units.BytesPerSecondIEC,
      queries: { '{{pod}} sends': byPod(perSecond('net_output_bytes_total')), '{{pod}} receives': byPod(perSecond('net_input_bytes_total')) },
    }),
    lines({
      title: 'Keys of masters',
      description: 'Slots are shared evenly; where keys are not, they are in few slots, by hash tags.',
      unit: units.Short,
      queries: { '{{pod}}': `sum by (pod) (${ofMasters(redis('db_keys'))})` },
    }),
    lines({
      title: 'Refused',
      description: 'Connections turned away at maxclients, and calls answered by an error: wrong commands, missing rights, no memory, slots of another node.'
        + ' Each scrape makes a few itself: the exporter tries commands that only some servers have.',
      unit: units.EventsPerSecond,
      upTo: 1,
      queries: { '{{pod}} connections': byPod(perSecond('rejected_connections_total')), '{{pod}} calls': byPod(perSecond('total_error_replies')) },
    }),
  ],
};

const memory: Section = {
  title: 'Memory',
  panels: [
    lines({
      title: 'Data and buffers',
      description: 'What maxmemory limits.',
      unit: units.BytesIEC,
      queries: { '{{pod}}': byPod(redis('memory_used_bytes')) },
    }),
    lines({
      title: 'Process',
      description: 'What the memory limit of the container limits: data, buffers, fragments, and what a snapshot or a rewrite copies.',
      unit: units.BytesIEC,
      queries: { '{{pod}}': byPod(redis('memory_used_rss_bytes')) },
    }),
    lines({
      title: 'Keys that went',
      description: 'Evicted for want of memory, and expired when their time was over.',
      unit: units.OpsPerSecond,
      upTo: 1,
      queries: { '{{pod}} evicted': byPod(perSecond('evicted_keys_total')), '{{pod}} expired': byPod(perSecond('expired_keys_total')) },
    }),
  ],
};

const latency: Section = {
  title: 'Latency',
  panels: [
    lines({
      title: 'Time of a call',
      description: 'The mean on each node, inside the server: neither the network nor waiting for other calls is in it.',
      unit: units.Seconds,
      queries: { '{{pod}}': meanTime('pod') },
    }),
    lines({
      title: 'Slowest commands',
      description: 'The eight with the longest mean. While one runs, its node serves nobody else.',
      unit: units.Seconds,
      queries: { '{{cmd}}': `topk(8, ${meanTime('cmd')})` },
    }),
    lines({
      title: 'Last fork',
      description: 'How long the node stood still for its last snapshot, rewrite or full copy.',
      unit: units.Seconds,
      queries: { '{{pod}}': byPod(redis('latest_fork_seconds')) },
    }),
  ],
};

const replication: Section = {
  title: 'Replication',
  panels: [
    lines({
      title: 'Behind',
      description: 'Bytes that the master has written and the replica has not confirmed: lost, if the master fails now.',
      unit: units.BytesIEC,
      queries: { '{{pod}}': `sum by (pod) (${REPLICAS_BEHIND})` },
    }),
    lines({
      title: 'Seconds since the master spoke',
      description: 'Masters speak at least every ten seconds. A link that is down for too long keeps a replica from taking over.',
      unit: units.Seconds,
      upTo: 1,
      queries: { '{{pod}}': byPod(redis('master_last_io_seconds_ago')) },
    }),
    lines({
      title: 'Copies',
      description: 'Full copies cost a fork and all data over the network; partial ones are what was missed.',
      unit: units.Short,
      upTo: 1,
      queries: {
        '{{pod}} full': byPod(lately('replica_resyncs_full')),
        '{{pod}} partial': byPod(lately('replica_partial_resync_accepted')),
      },
    }),
  ],
};

const persistence: Section = {
  title: 'Persistence',
  panels: [
    lines({
      title: 'Size of the AOF',
      description: 'Grows with writes, and shrinks with each rewrite. Without `appendonly` there is none.',
      unit: units.BytesIEC,
      queries: { '{{pod}}': byPod(redis('aof_current_size_bytes')) },
    }),
    lines({
      title: 'Changes since the last snapshot',
      description: 'Lost with the pod where there is neither an AOF nor a replica.',
      unit: units.Short,
      queries: { '{{pod}}': byPod(redis('rdb_changes_since_last_save')) },
    }),
    lines({
      title: 'Failed and delayed',
      description: 'Whether the last write or rewrite of the AOF or the last snapshot failed, and fsyncs that waited for a slow disk.',
      unit: units.Short,
      upTo: 1,
      queries: {
        '{{pod}} AOF write': byPod(`1 - ${redis('aof_last_write_status')}`),
        '{{pod}} AOF rewrite': byPod(`1 - ${redis('aof_last_bgrewrite_status')}`),
        '{{pod}} snapshot': byPod(`1 - ${redis('rdb_last_bgsave_status')}`),
        '{{pod}} fsyncs delayed': byPod(lately('aof_delayed_fsync')),
      },
    }),
  ],
};

const bus: Section = {
  title: 'Cluster bus',
  panels: [
    lines({
      title: 'Messages',
      description: 'Nodes speak with all others, about once a second with some: more masters and failures mean more.',
      unit: units.MessagesPerSecond,
      queries: { '{{pod}} sends': byPod(perSecond('cluster_messages_sent_total')), '{{pod}} receives': byPod(perSecond('cluster_messages_received_total')) },
    }),
    lines({
      title: 'Slots in doubt',
      description: 'Slots whose master a node cannot reach, and those that a majority holds to be failed.',
      unit: units.Short,
      upTo: 1,
      queries: { '{{pod}} cannot reach': byPod(redis('cluster_slots_pfail')), '{{pod}} failed': byPod(redis('cluster_slots_fail')) },
    }),
    lines({
      title: 'What nodes know',
      description: 'How many nodes each knows, and the epoch, which grows with every failover. Nodes that differ for minutes are not of one mind.',
      unit: units.Short,
      queries: { '{{pod}} nodes': byPod(redis('cluster_known_nodes')), '{{pod}} epoch': byPod(redis('cluster_current_epoch')) },
    }),
  ],
};

export const sections = [overview, load, memory, latency, replication, persistence, bus];
