/** What redis_exporter tells of the cluster that is looked at: queries in Prometheus' language, made of a few words. */

const CLUSTER = 'namespace=~"$namespace",app=~"$cluster"';

/** A metric of all exporters of the cluster. */
export function redis(metric: string, more = ''): string {
  return `redis_${metric}{${CLUSTER}${more && `,${more}`}}`;
}

/** How much of a counter there was each second, whatever the interval of scrapes is. */
export function perSecond(counter: string): string {
  return `rate(${redis(counter)}[$__rate_interval])`;
}

/** How long a call takes in the server, in seconds, by a label of the calls. */
export function meanTime(label: string): string {
  return ['duration_seconds_total', 'total'].map(counter => `sum by (${label}) (${perSecond(`commands_${counter}`)})`).join(' / ');
}

/** How much of a counter there was lately. */
export function lately(counter: string): string {
  return `increase(${redis(counter)}[$__rate_interval])`;
}

/** One line for each pod, which is scraped at another address after each restart. */
export function byPod(query: string): string {
  return `max by (pod) (${query})`;
}

/** What is found of masters alone: replicas have the same keys once more. */
export function ofMasters(found: string): string {
  return `${found} and on (namespace, pod) ${redis('instance_info', 'role="master"')}`;
}

/** A count that is 0, not absent, where nothing is found. */
export function count(found: string): string {
  return `count(${found}) or vector(0)`;
}

const SHARD = 'namespace, app, master_replid';
const MASTERS = `label_replace(topk by (${SHARD}) (1, ${redis('instance_info', 'role="master"')}), "shard", "$1", "pod", "(.+)")`;
const WORDED = `label_replace(${redis('instance_info')}, "role", "replica", "role", "slave")`;
/** Masters know their replicas by address, which is that of the scrapes, too. */
const ADDRESSED = `label_replace(${WORDED}, "slave_ip", "$1", "instance", "\\\\[?(.+?)\\\\]?:[0-9]+")`;

/** Every node, 1 each, with its role, address and shard: the pod of its master. */
const NODES = `sum by (namespace, app, shard, pod, role, node, slave_ip) (${ADDRESSED} * on (${SHARD}) group_left (shard) ${MASTERS})`;

/** By how many bytes each replica is behind, as its master says: both numbers are of one scrape. */
const BEHIND = `sum by (slave_ip) (${redis('master_repl_offset')} - on (namespace, pod) group_right () ${redis('connected_slave_offset_bytes')})`;

/** The same with the labels of the replica. */
export const REPLICAS_BEHIND = `${NODES} * on (slave_ip) group_left () ${BEHIND}`;

/** All nodes with their labels; masters are behind nobody. */
export const NODES_BEHIND = `sum by (shard, role, pod, node) (${REPLICAS_BEHIND} or ${NODES} * 0)`;
