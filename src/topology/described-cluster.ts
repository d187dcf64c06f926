import { IConstruct } from 'constructs';
import { ClusterSettings } from '../cluster/cluster-settings';
import { RedisCluster } from '../cluster/redis-cluster';
import { Manifest } from '../kubernetes/manifest';

/** A cluster, and the objects that are rendered for it. */
export interface DescribedCluster {
  readonly settings: ClusterSettings;
  readonly objects: Manifest[];
}

/** The clusters of an app in their order; policies that let clients in belong to them, wherever they are made. */
export function describedClusters(app: IConstruct, rendered: ReadonlyMap<IConstruct, Manifest>): DescribedCluster[] {
  const described = new Map(app.node.findAll().flatMap(construct =>
    construct instanceof RedisCluster ? [[construct as IConstruct, { settings: construct._settings, objects: [] as Manifest[] }] as const] : []));
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
