import { Affinity } from './affinity';
import { affinityProblems } from './affinity-problems';
import { PodSpread } from './pod-spread';
import { Toleration } from './toleration';
import { tolerationsSpec, validateTolerations } from './tolerations';
import { dnsSubdomain, selectingLabels } from '../checks/names';
import { Parsed } from '../checks/problem';
import { oneOf } from '../checks/values';
import * as k8s from '../kubernetes/objects';

/** Which Kubernetes nodes the pods run on. */
export interface Placement {
  readonly spread: PodSpread;
  readonly nodeSelector?: Record<string, string>;
  readonly tolerations?: Toleration[];
  readonly affinity?: Affinity;
  readonly priorityClassName?: string;
}

export function parsePlacement(props: Partial<Placement>): Parsed<Placement> {
  const { spread = PodSpread.PREFERRED, nodeSelector, tolerations, affinity, priorityClassName } = props;
  return {
    settings: { spread, nodeSelector, tolerations, affinity, priorityClassName },
    problems: [
      ...oneOf('spread', spread, Object.values(PodSpread), 'the API server takes no other'),
      ...nodeSelectorProblems(nodeSelector),
      ...validateTolerations('tolerations', tolerations),
      ...affinityProblems('affinity', affinity),
      ...dnsSubdomain('priorityClassName', priorityClassName),
    ],
  };
}

/** Problems with the labels that Kubernetes nodes must have. */
export function nodeSelectorProblems(nodeSelector: Record<string, string> | undefined): string[] {
  return selectingLabels('nodeSelector', nodeSelector, 'without this label, pods would run on more Kubernetes nodes');
}

/** What the scheduler is told of pods with this label. */
export function placementSpec({ spread, nodeSelector, tolerations, affinity, priorityClassName }: Placement, app: string): Partial<k8s.PodSpec> {
  return {
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(topologyKey => ({
      topologyKey, maxSkew: 1, whenUnsatisfiable: spread, labelSelector: { matchLabels: { app } },
    })),
    nodeSelector,
    tolerations: tolerationsSpec(tolerations),
    affinity,
    priorityClassName,
  };
}
