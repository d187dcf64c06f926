import { Change, changedFields, changedInPlace, kubectl, nameOf, refusedFields } from './change';
import { Difference, differences } from './differences';
import { count, podRange } from './markdown';
import { Manifest } from '../kubernetes/manifest';

/** The fields of a StatefulSet's spec that the API server lets change. */
const MAY_CHANGE = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'];

export function statefulSetChange({ former, next }: Change): string[] {
  const found = differences(withDefaults(former), withDefaults(next));
  const refused = refusedFields(found, MAY_CHANGE);
  const isIn = (field: string) => ({ path: [part, name] }: Difference) => part === 'spec' && name === field;
  const template = found.filter(isIn('template'));
  const settings = found.filter(each => !refused.includes(each) && !template.includes(each) && !isIn('replicas')(each));
  return [
    ...refused.length > 0 ? [`- **Refused**: ${nameOf(next)} cannot change in place: ${changedFields(refused)}. ${remedy(next, refused)}`] : [],
    ...template.length > 0 ? [`- **Pods restart**: ${restarting(former, next)}, because of ${changedFields(template)}.`] : [],
    ...changedInPlace({ next }, settings),
  ];
}

/** With what the API server adds: who leaves that out changes nothing. */
function withDefaults({ metadata, spec }: Manifest) {
  return {
    metadata,
    spec: {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      ...spec,
      volumeClaimTemplates: spec?.volumeClaimTemplates?.map((claim: any) => ({
        apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim, status: undefined, spec: { volumeMode: 'Filesystem', ...claim.spec },
      })),
    },
  };
}

function remedy(statefulSet: Manifest, refused: readonly Difference[]): string {
  const command = kubectl('delete', 'statefulset', statefulSet, '--cascade=orphan');
  const claims = statefulSet.spec.volumeClaimTemplates && refused.some(({ path: [, field] }) => field === 'volumeClaimTemplates')
    ? ' Claims that are there stay as they are: enlarge them with `kubectl patch pvc`, if their StorageClass can.' : '';
  return `Delete it without its pods${command === undefined ? '' : ` (${command})`}, then apply: pods and data stay.${claims} Otherwise \`kubectl apply\` fails for it, and changes the `
    + 'other objects.';
}

function restarting(former: Manifest, next: Manifest): string {
  const { replicas: after = 1, updateStrategy } = next.spec;
  const pods = Math.min(former.spec?.replicas ?? 1, after);
  const first = updateStrategy?.rollingUpdate?.partition ?? 0;
  const { name } = next.metadata;
  if (updateStrategy?.type === 'OnDelete') {
    return `none of ${podRange(name, 0, pods - 1)} until you delete it (\`OnDelete\`)`;
  }
  return first >= pods ? 'none, because of the partition'
    : pods - first === 1 ? podRange(name, first, first) : `${count(pods - first, 'pod')}, one at a time, ${podRange(name, pods - 1, first)}`;
}
