import { Size } from 'cdk8s';
import { Alert, Watched } from './alert';
import { bytes } from '../../resources/quantity';

const DEFAULT_BACKLOG = Size.mebibytes(1);

/** Whether each shard has what takes over. */
export function replicationAlerts(watched: Watched): Alert[] {
  const { cluster: { name, replicasPerMaster, config, pods, namespace }, alerts } = watched;
  if (replicasPerMaster === 0) {
    return [];
  }
  const lag = bytes(alerts.replicaLag ?? config.replBacklogSize ?? DEFAULT_BACKLOG);
  const shards = (metric: string) => `count by (master_replid) (${metric})`;
  const info = watched.redis('instance_info');
  const nodeOf = `max by (namespace, pod, node) (${watched.inNamespace('kube_pod_info', `pod=~"${name}-[0-9]+"`)})`;
  return [
    {
      name: 'RedisMasterWithoutReplica',
      severity: 'warning',
      expr: `${watched.redis('connected_slaves')} < 1 and on (namespace, pod) ${watched.redis('instance_info', 'role="master"')}`,
      for: '5m',
      summary: 'Master {{ $labels.pod }} has no replica',
      description: 'What it acknowledges is nowhere else, and if it fails nobody takes over. Look for a pod of its shard that is not ready, and at its log.',
    },
    {
      name: 'RedisReplicaLinkDown',
      severity: 'warning',
      expr: `${watched.redis('master_link_up')} == 0`,
      for: '5m',
      summary: 'Replica {{ $labels.pod }} has no link to its master',
      description: 'It gets no writes, and must not take over. Its log says why the master refuses it, or cannot be reached.',
    },
    {
      name: 'RedisReplicaBehind',
      severity: 'warning',
      expr: `${watched.redis('master_repl_offset')} - on (namespace, pod) group_right () ${watched.redis('connected_slave_offset_bytes')} > ${lag}`,
      for: '5m',
      summary: 'The replica at {{ $labels.slave_ip }} is {{ $value | humanize1024 }}B behind its master {{ $labels.pod }}',
      description: 'These writes are lost if the master fails now. Look at the network, and at CPU and disk of the replica.',
    },
    {
      name: 'RedisFullCopies',
      severity: 'warning',
      expr: `sum(increase(${watched.redis('replica_resyncs_full')}[15m])) > ${alerts.fullCopies ?? pods}`,
      for: '0m',
      summary: `Replicas of Redis Cluster ${name} took {{ $value | humanize }} full copies within 15 minutes`,
      description: 'Each costs a fork of the master and its whole data over the network. Links that break again and again need a larger config.replBacklogSize, or less load.',
    },
    ...alerts.kubeStateMetrics ? [{
      name: 'RedisShardOnOneNode',
      severity: 'warning' as const,
      expr: `${shards(`count by (master_replid, node) (${info} * on (namespace, pod) group_left (node) ${nodeOf})`)} == 1`
        + ` and on (master_replid) ${shards(info)} > 1`,
      for: '15m',
      summary: `All pods of a shard of Redis Cluster ${name} are on one Kubernetes node`,
      description: `If that fails, the shard does. \`kubectl get pods -n ${namespace} -l app=${name} -o wide\` and CLUSTER NODES show which it is: fail over, or delete a replica's pod once there is room elsewhere.`,
    }] : [],
  ];
}
