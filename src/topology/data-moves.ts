import { DescribedCluster, ofKind } from './described-cluster';
import { podRange } from './markdown';
import { slotsThatMove } from './plan';
import { identity, Manifest } from '../kubernetes/manifest';
import { SLOTS } from '../shape/cluster-shape';
import { DATA_VOLUME } from '../storage/storage';

/** Which pods come and go, and which slots move, when a cluster follows on its former YAML. */
export function dataThatMoves(before: ReadonlyMap<string, Manifest>, { settings, objects }: DescribedCluster): string[] {
  const [statefulSet] = ofKind(objects, 'StatefulSet');
  const former = before.get(identity(statefulSet));
  if (!former) {
    return [];
  }
  const { masters, members, replicasPerMaster } = settings;
  const [formerShape, shape] = [(each: Manifest) => before.get(identity(each)), (each: Manifest) => each]
    .map(version => ofKind(objects, 'ConfigMap').map(each => version(each)?.data?.shape).find(text => text !== undefined));
  const formerMasters = mastersOf(formerShape);
  return [
    ...formerMasters !== undefined && formerMasters !== masters ? [slots(formerMasters, masters, slotsThatMove(formerMasters, settings))] : [],
    ...pods(former, statefulSet),
    ...shape !== formerShape && statefulSet.spec.replicas > members
      ? [`- **Pods are emptied**: ${podRange(settings.name, members, statefulSet.spec.replicas - 1)}. They stay until an apply without \`scaleInFrom\`.`] : [],
    ...disks(former, statefulSet, replicasPerMaster),
  ];
}

/** Of the file that `shapeFile` writes. */
function mastersOf(shape: string | undefined): number | undefined {
  const masters = /^masters (\d+)$/m.exec(shape ?? '')?.[1];
  return masters === undefined ? undefined : Number(masters);
}

function slots(former: number, next: number, moving: number): string {
  return `- **Data moves**: ${moving} of ${SLOTS} slots with their keys, about ${Math.round(100 * moving / SLOTS)} % of the data, as ${former} masters become ${next}, `
    + 'if these have even shares now. The init Job moves them while clients go on.';
}

function pods(former: Manifest, { metadata: { name }, spec: { replicas } }: Manifest): string[] {
  const before = former.spec?.replicas ?? 1;
  const added = replicas - before;
  return [
    ...added > 0 ? [`- **New pods**: ${podRange(name, before, replicas - 1)}. Those that become replicas copy all data of their masters.`] : [],
    ...added < 0 ? [`- **Pods go**: ${podRange(name, replicas, before - 1)}, at once. The init Job must have emptied them: its log says that they may go. Their claims stay, `
      + 'unless `persistentVolumeClaimRetentionPolicy` says otherwise.'] : [],
  ];
}

function disks(former: Manifest, next: Manifest, replicasPerMaster: number): string[] {
  const hasClaim = ({ spec }: Manifest) => spec?.volumeClaimTemplates?.some((claim: any) => claim.metadata?.name === DATA_VOLUME) === true;
  return hasClaim(former) === hasClaim(next) ? []
    : [`- **Other disks**: each pod that restarts begins with an empty ${hasClaim(next) ? 'claim' : 'folder'}, ${
      replicasPerMaster === 0 ? '**without its keys**' : 'and copies its shard from another pod'}${hasClaim(former) ? '; the former claims stay' : ''}.`];
}
