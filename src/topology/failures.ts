import { DescribedCluster, ofKind } from './described-cluster';
import { count, durationInWords, table } from './markdown';
import { ClusterSettings } from '../cluster/cluster-settings';
import { PodDiscovery } from '../init-job/pod-discovery';
import { PodSpread } from '../placement/pod-spread';

/** What may fail at once, and what then happens. */
export function failures({ settings, objects }: DescribedCluster): string {
  return table(['what fails', 'what then happens'], [
    ...ofShards(settings),
    ['all pods of one shard', `its keys are out of reach until one of them is back${settings.config.clusterRequireFullCoverage === false
      ? '; all other slots are served (`cluster-require-full-coverage no`)' : '; the other shards refuse commands too (`cluster-require-full-coverage`)'}`],
    ['all pods', settings.storage.claim ? 'they come back with their data, and find each other again by themselves'
      : '**all keys are gone**, and the cluster too: the init Job has to run again'],
    ['the disk of one pod', diskOf(settings)],
    ['a Kubernetes node', kubernetesNode(settings)],
    ['a zone', zone(settings)],
    ['a drain of a Kubernetes node, a rollout', stopped(settings, objects)],
  ]);
}

/** How many masters may be missing while a majority, which votes, is there. */
const bearable = (masters: number) => masters - Math.floor(masters / 2) - 1;

function ofShards(settings: ClusterSettings): string[][] {
  const { masters, replicasPerMaster, config } = settings;
  const most = bearable(masters);
  const writes = config.minReplicasToWrite === undefined || config.minReplicasToWrite === 0 ? ''
    : `; its master takes writes as long as it has ${count(config.minReplicasToWrite, 'replica')} (\`min-replicas-to-write\`)`;
  return [
    ...replicasPerMaster > 0 ? [['a replica', `clients that do not read from it notice nothing${writes}`]] : [],
    ...replicasPerMaster === 0 ? [['a master', 'it has no replica: its slots are not served until it is back']] : [
      [most === 1 ? 'a master' : `a master, or ${most} of the ${masters} at once`,
        `${most > 1 ? 'a replica of each' : replicasPerMaster > 1 ? 'one of its replicas' : 'its replica'} takes over, after the node timeout (${durationInWords(config.clusterNodeTimeout)}) and a vote of the other masters; `
        + 'writes that had not reached it yet are lost'],
      ...replicasPerMaster > 1 ? [[`${replicasPerMaster} of the ${replicasPerMaster + 1} pods of a shard, its master among them`, 'the pod that is left takes over']] : [],
      [`${most + 1} or more masters at once`, `the majority that votes (${Math.floor(masters / 2) + 1} of ${masters}) is missing: **nobody takes over**, and the cluster refuses `
        + 'commands until enough of them are back'],
    ],
  ];
}

function diskOf({ replicasPerMaster }: ClusterSettings): string {
  return replicasPerMaster > 0 ? 'the pod joins again as a replica of the shard that lacks one, and copies its data'
    : '**its keys are gone**: no other pod has them';
}

/** The Job knows Kubernetes nodes if it asks the API; the scheduler alone knows masters from replicas no more than zones. */
function kubernetesNode(settings: ClusterSettings): string {
  const { masters, replicasPerMaster, initJob, placement } = settings;
  const nodes = Math.ceil(masters / bearable(masters));
  const pods = placement.spread === PodSpread.REQUIRED ? 'Pods are spread evenly over Kubernetes nodes, or stay Pending' : 'Pods are spread over Kubernetes nodes as far as they allow';
  if (initJob.discovery === PodDiscovery.DNS) {
    return `**no promise**: ${lowerFirst(pods)}, but the Job does not know who runs where (\`PodDiscovery.DNS\`), so that a master and its replica, or a majority of the masters, `
      + 'may be on one';
  }
  return replicasPerMaster === 0 ? `the slots of its masters are not served until they are back. ${pods}`
    : `replicas elsewhere take over, if the pods run on at least ${nodes} Kubernetes nodes, evenly: then the Job gives none the majority of the masters, nor a master with all `
      + `of its replicas. ${pods}. The Job places roles when it runs; failovers may undo that until it runs again`;
}

const lowerFirst = (text: string) => text[0].toLowerCase() + text.slice(1);

function zone({ initJob, placement }: ClusterSettings): string {
  const roles = initJob.discovery === PodDiscovery.DNS ? 'the Job does not know who runs where' : 'the Job places roles by Kubernetes node, not by zone';
  return `**no promise**: pods are spread over zones ${placement.spread === PodSpread.REQUIRED ? 'evenly, or stay Pending' : 'as far as these allow'}, but ${roles}, `
    + 'so that a zone may have the majority of the masters, or a whole shard';
}

function stopped({ replicasPerMaster, storage }: ClusterSettings, objects: DescribedCluster['objects']): string {
  const budget = ofKind(objects, 'PodDisruptionBudget')[0]?.spec?.maxUnavailable;
  const pods = budget === undefined ? 'pods go' : `${budget === 1 ? 'one pod goes' : `at most ${budget} pods go`} at a time (PodDisruptionBudget, StatefulSet)`;
  return `${pods}; ${replicasPerMaster > 0 ? 'a master hands over to a replica before it stops' : 'the slots of a pod are not served while it is away'}`
    + `${storage.claim || replicasPerMaster === 0 ? '' : ', and comes back empty, to copy its shard'}`;
}
