import { podNames } from '../shape/cluster-names';
import { ClusterShape, SLOTS } from '../shape/cluster-shape';

/** A master with its slots and replicas, as the init Job makes them of new pods where each may run on any Kubernetes node. */
export interface PlannedShard {
  readonly firstSlot: number;
  readonly lastSlot: number;
  readonly master: string;
  readonly replicas: string[];
}

/** cluster-roles.awk decides the same for new pods: the first ones are masters, and pod i follows master (i - 1) mod masters. */
export function plannedShards({ name, masters, members }: Pick<ClusterShape, 'masters' | 'members'> & { readonly name: string }): PlannedShard[] {
  const pods = podNames(name, members);
  const lastSlot = (part: number) => Math.trunc(part * SLOTS / masters - 0.5);
  return pods.slice(0, masters).map((master, part) => ({
    firstSlot: part === 0 ? 0 : lastSlot(part) + 1,
    lastSlot: lastSlot(part + 1),
    master,
    replicas: pods.filter((_, pod) => pod >= masters && (pod - 1) % masters === part),
  }));
}

/**
 * How many slots move when a cluster whose masters hold as many as at its creation gets another number of masters.
 * cluster-slots.awk decides the same for a real one: those who hold most stay masters, and no slot moves in vain.
 */
export function slotsThatMove(formerMasters: number, { masters, members }: Pick<ClusterShape, 'masters' | 'members'>): number {
  const former = plannedShards({ name: '', masters: formerMasters, members: formerMasters });
  const held = former.map(({ firstSlot, lastSlot }) => lastSlot - firstSlot + 1);
  const least = Math.floor(SLOTS / masters);
  const staying = held.slice(0, members).sort((a, b) => b - a).slice(0, masters);
  const withOneMore = Math.min(SLOTS % masters, staying.filter(slots => slots > least).length);
  return SLOTS - staying.reduce((sum, slots) => sum + Math.min(slots, least), 0) - withOneMore;
}
