import { Alert, Watched } from './alert';
import { SLOTS } from '../../shape/cluster-shape';

/** Whether the cluster is there as a whole. */
export function clusterAlerts(watched: Watched): Alert[] {
  const { name, masters, pods } = watched.cluster;
  const all = (metric: string) => watched.redis(`cluster_${metric}`);
  const differ = (metric: string) => `max(${all(metric)}) != min(${all(metric)})`;
  return [
    {
      name: 'RedisClusterDown',
      severity: 'critical',
      expr: `(sum(${all('state')}) or vector(0)) < 1`,
      for: '1m',
      summary: `Redis Cluster ${name} is down`,
      description: 'No node says that the cluster is ok, or none can be asked. Look at the pods, at the log of the heal containers, and whether Prometheus reaches them.',
    },
    {
      name: 'RedisSlotsNotServed',
      severity: 'critical',
      expr: `max(${all('slots_ok')}) < ${SLOTS}`,
      for: '1m',
      summary: `Redis Cluster ${name} serves {{ $value }} of ${SLOTS} slots`,
      description: 'No node sees a master for every slot: a shard has lost its master, and no replica took over. Look for pods that do not start.',
    },
    {
      name: 'RedisNodesMissing',
      severity: 'warning',
      expr: `(sum(${watched.redis('up')}) or vector(0)) < ${pods}`,
      for: '5m',
      summary: `{{ $value }} of ${pods} nodes of Redis Cluster ${name} answer`,
      description: 'The server of the other pods does not answer its exporter, or Prometheus does not reach them. Look for pods that are not ready.',
    },
    {
      name: 'RedisWrongNumberOfMasters',
      severity: 'warning',
      expr: `max(${all('size')}) != ${masters}`,
      for: '15m',
      summary: `Redis Cluster ${name} has {{ $value }} masters with slots, not ${masters}`,
      description: 'The init Job forms the shape that was applied. Look whether it has run since, and at its log; while slots move, wait.',
    },
    {
      name: 'RedisTablesDisagree',
      severity: 'warning',
      expr: [differ('known_nodes'), differ('size'), differ('current_epoch')].join(' or '),
      for: '10m',
      summary: `Nodes of Redis Cluster ${name} do not know the same cluster`,
      description: 'They differ in the nodes, masters or epoch that they know, and should have told each other. Compare CLUSTER NODES of all pods, and look at the log of the heal containers.',
    },
  ];
}
