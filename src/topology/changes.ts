import { Change, kubectl, nameOf } from './change';
import { dataThatMoves } from './data-moves';
import { DescribedCluster } from './described-cluster';
import { differences, fieldName } from './differences';
import { jobChange } from './job-change';
import { code, listed } from './markdown';
import { statefulSetChange } from './stateful-set-change';
import { groupOf, identity, Manifest } from '../kubernetes/manifest';

/** Kinds of which a change does more than that the object is another one. */
const EFFECTS: Record<string, (change: Change) => string[]> = { StatefulSet: statefulSetChange, Job: jobChange };

/** What applying objects does where the former ones are applied now: one line for each effect; none if nothing changes. */
export function changes(former: readonly Manifest[], next: readonly Manifest[], clusters: readonly DescribedCluster[]): string[] {
  const [before, after] = [former, next].map(objects => new Map(objects.map(object => [identity(object), object])));
  const changed = [...after].flatMap(([id, object]): Change[] => {
    const old = before.get(id);
    const found = old ? differences(old, object) : [];
    return old && found.length > 0 ? [{ former: old, next: object, differences: found }] : [];
  });
  return [
    ...changed.flatMap(change => EFFECTS[change.next.kind]?.(change) ?? []),
    ...clusters.flatMap(cluster => dataThatMoves(before, cluster)),
    ...changed.filter(({ next: { kind } }) => EFFECTS[kind] === undefined).map(inPlace),
    ...added([...after].filter(([id]) => !before.has(id)).map(([, object]) => object)),
    ...[...before].filter(([id]) => !after.has(id)).map(([, object]) => removed(object)),
  ];
}

/** Without the values: texts are long, and Secrets must not be seen. */
function inPlace({ next, differences: found }: Change): string {
  const fields = found.map(({ path }) => code(fieldName(path)));
  return `- **Changes in place**: ${nameOf(next)}, ${listed(fields.length > 4 ? [...fields.slice(0, 3), `${fields.length - 3} more fields`] : fields)}.`;
}

function added(objects: readonly Manifest[]): string[] {
  return objects.length === 0 ? [] : [`- **New**: ${listed(objects.map(nameOf))}.`];
}

/** `kubectl apply` leaves alone what is no longer in a file. */
function removed(object: Manifest): string {
  const { apiVersion, kind } = object;
  const group = groupOf(apiVersion);
  const command = kubectl('delete', `${kind.toLowerCase()}${group.includes('.') && !group.endsWith('.k8s.io') ? `.${group}` : ''}`, object);
  const consequence = kind === 'StatefulSet' ? ' Its pods go with it; its claims stay, unless their retention policy says otherwise.'
    : kind === 'PersistentVolumeClaim' ? ' Its data goes with it.' : '';
  return `- **No longer in the YAML**: ${nameOf(object)}. It stays in the Kubernetes cluster until something prunes it, or you delete it${command === undefined ? '' : ` (${command})`}.`
    + consequence;
}
