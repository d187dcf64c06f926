import { ClusterSettings } from '../cluster/cluster-settings';
import * as k8s from '../kubernetes/objects';

/**
 * One pod at a time: never a majority of the masters, nor all pods of a shard. A pod that serves nothing may go at any time, so
 * that a drain does not wait for it, unless its data would go with it: it may be the last that has it.
 */
export function podDisruptionBudgetSpec({ name, storage }: ClusterSettings): k8s.PodDisruptionBudgetSpec {
  return {
    maxUnavailable: k8s.IntOrString.fromNumber(1),
    selector: { matchLabels: { app: name } },
    unhealthyPodEvictionPolicy: storage.claim ? 'AlwaysAllow' : undefined,
  };
}
