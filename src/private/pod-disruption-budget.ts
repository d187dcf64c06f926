import type { ClusterSettings } from './cluster-settings';
import * as k8s from './kubernetes';

/** One pod at a time: never a majority of the masters, nor all pods of a shard. */
export function podDisruptionBudgetSpec({ name }: ClusterSettings): k8s.PodDisruptionBudgetSpec {
  return { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: { app: name } } };
}
