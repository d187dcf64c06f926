import { ClusterShape } from './cluster-shape';
import { StatefulSetManifest } from '../app/former-yaml';
import { problem } from '../checks/problem';

/** How many pods a StatefulSet needs when the init Job has emptied the others; there only while some are to leave. */
const MEMBERS = 'cdk8s-redis-cluster/members';

export function membersAnnotation({ members, pods }: ClusterShape): Record<string, string> | undefined {
  return pods > members ? { [MEMBERS]: String(members) } : undefined;
}

/** Checks that no pod goes with slots: all that go have been emptied, or are about to be, by the former YAML. */
export function fewerPods({ metadata, spec }: StatefulSetManifest, next: StatefulSetManifest): string[] {
  const pods = next.spec?.replicas ?? 1;
  const former = spec?.replicas ?? 1;
  const needed = Number(metadata.annotations?.[MEMBERS] ?? former);
  return pods >= needed ? [] : [problem('scaleInFrom', `be the former shape, of ${former} pods`, `${pods} pods`,
    'pods would go with the slots that they hold: apply it first, and leave it out when the init Job is complete; if that cluster is gone with its claims, '
    + 'delete the former YAML')];
}
