import { costs } from './costs';
import { DescribedCluster, ofKind } from './described-cluster';
import { diagram } from './diagram';
import { failures } from './failures';
import { code, table } from './markdown';
import { plannedShards } from './plan';
import { reachability } from './reachability';
import { times } from './times';
import { ClusterSettings } from '../cluster/cluster-settings';
import { PodDiscovery } from '../init-job/pod-discovery';

/** All about one cluster. */
export function clusterSection(cluster: DescribedCluster): string {
  const { settings } = cluster;
  const { name, namespace } = settings;
  return [
    `## Cluster ${code(namespace === undefined ? name : `${namespace}/${name}`)}`,
    `As planned at creation, placement permitting. ${placement(settings)} Later, roles and slots are where failovers and changes of the shape have left them: `
    + `the log of the init Job ends with the table as it is (${code(`kubectl logs job/${jobName(cluster)}${namespace === undefined ? '' : ` --namespace ${namespace}`}`)}).`,
    diagram(cluster),
    '### Slots',
    table(['shard', 'slots', 'how many', 'master', 'replicas'], plannedShards(settings).map(({ firstSlot, lastSlot, master, replicas }, index) =>
      [String(index + 1), `${firstSlot}-${lastSlot}`, String(lastSlot - firstSlot + 1), code(master), replicas.map(code).join(', ') || '**none**'])),
    '### What may fail at once',
    failures(cluster),
    '### How long things take',
    times(settings),
    '### Who reaches what',
    reachability(cluster),
    '### What it costs',
    costs(cluster),
  ].join('\n\n');
}

/** cluster-roles.awk chooses them in this way. */
function placement({ initJob: { discovery }, replicasPerMaster, restore }: ClusterSettings): string {
  const slots = restore ? ' The cluster begins with a backup: its slots are those of the shards that were backed up.' : '';
  if (discovery === PodDiscovery.DNS) {
    return `The Job does not know the Kubernetes nodes (${code('PodDiscovery.DNS')}), so it makes the first pods the masters.${slots}`;
  }
  return 'The Job takes the first pods as masters, but spreads these evenly over the Kubernetes nodes'
    + `${replicasPerMaster > 0 ? ', and exchanges replicas until as many as possible run on another node than their master' : ''}.${slots}`;
}

/** With a hash at its end, if it has one. */
function jobName({ settings: { initJob }, objects }: DescribedCluster): string {
  return ofKind(objects, 'Job').map(({ metadata }) => metadata.name).find(name => name.startsWith(initJob.name)) ?? initJob.name;
}
