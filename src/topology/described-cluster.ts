import { IConstruct } from 'constructs';
import { Manifest } from './manifest';
import { ClusterSettings } from '../cluster/cluster-settings';

const clusters = new WeakMap<IConstruct, ClusterSettings>();

/** Has `topology.md`, where an app writes that, describe a cluster. */
export function describeCluster(cluster: IConstruct, settings: ClusterSettings): void {
  clusters.set(cluster, settings);
}

/** A cluster, and the objects that are rendered for it. */
export interface DescribedCluster {
  readonly settings: ClusterSettings;
  readonly objects: Manifest[];
}

/** The clusters of an app in their order; policies that let clients in belong to them, wherever they are made. */
export function describedClusters(app: IConstruct, rendered: ReadonlyMap<IConstruct, Manifest>): DescribedCluster[] {
  const described = new Map(app.node.findAll().flatMap(construct => {
    const settings = clusters.get(construct);
    return settings ? [[construct, { settings, objects: [] as Manifest[] }] as const] : [];
  }));
  const byPods = new Map([...described.values()].map(cluster => [podsOf(cluster.settings.namespace, cluster.settings.name), cluster]));
  for (const [object, manifest] of rendered) {
    const policed = manifest.kind === 'NetworkPolicy' ? byPods.get(podsOf(manifest.metadata.namespace, manifest.spec?.podSelector?.matchLabels?.app)) : undefined;
    const owner = object.node.scopes.find(scope => described.has(scope));
    (policed ?? (owner && described.get(owner)))?.objects.push(manifest);
  }
  return [...described.values()];
}

const podsOf = (namespace: string | undefined, app: string) => JSON.stringify([namespace, app]);

export function ofKind(objects: readonly Manifest[], ...kinds: string[]): Manifest[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}
