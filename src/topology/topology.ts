import { IConstruct } from 'constructs';
import { nameOf } from './change';
import { changes } from './changes';
import { clusterSection } from './cluster-section';
import { DescribedCluster, describedClusters } from './described-cluster';
import { code } from './markdown';
import { Manifest } from '../kubernetes/manifest';

/** What `topology.md` says of an app, and what its application does, where the former YAML is known. */
export interface Topology {
  readonly page: string;
  readonly changes?: string;
}

/** An object of the former YAML. */
export interface FormerManifest {
  readonly file: string;
  readonly manifest: Manifest;
  /** Whether its file is in the output folder and stays there as it is. */
  readonly stays: boolean;
}

/**
 * Describes the clusters of an app. The page is made of the props alone; where the former YAML has a folder of its own, which no synth
 * writes over, it also has the changes, as they are the same whenever the app is synthesized.
 */
export function topologyOf(
  app: IConstruct, rendered: ReadonlyMap<IConstruct, Manifest>, former: readonly FormerManifest[], hasOwnFolder: boolean,
): Topology {
  const clusters = describedClusters(app, rendered);
  const replaced = former.filter(({ stays }) => !stays).map(({ manifest }) => manifest);
  const leftOver = former.filter(({ stays }) => stays).flatMap(each => isOfCluster(each.manifest, clusters) ? [left(each)] : []);
  const lines = [...replaced.length === 0 ? [] : changes(replaced, [...rendered.values()], clusters), ...leftOver];
  const section = (effects: readonly string[]) => `## What applying this will do\n\n${COMPARED}\n\n${effects.join('\n')}\n`;
  const all = former.length === 0 ? [NO_FORMER] : lines.length === 0 ? [UNCHANGED] : lines;
  const inPage = hasOwnFolder ? [section(all)] : [];
  return {
    page: ['# Topology\n', 'Made from the props, like the YAML beside it.\n', ...inPage, ...clusters.map(cluster => `${clusterSection(cluster)}\n`)].join('\n'),
    changes: hasOwnFolder || lines.length === 0 ? undefined : section(lines),
  };
}

/** The names of all its objects begin with that of the cluster; anything else in the folder is somebody's own. */
function isOfCluster({ metadata: { name, namespace } }: Manifest, clusters: readonly DescribedCluster[]): boolean {
  return clusters.some(({ settings }) => namespace === settings.namespace && (name === settings.name || name.startsWith(`${settings.name}-`)));
}

/** An app deletes no files. */
function left({ file, manifest }: FormerManifest): string {
  return `- **Left over**: ${nameOf(manifest)} is in ${code(file)}, which this app no longer writes, but which is still applied. Delete the file, then the object.`;
}

const COMPARED = 'Compared with the former YAML, as if that were applied and the cluster complete.';
const UNCHANGED = '- **Nothing** changes. A Job that Kubernetes has deleted since it ended is made again: it looks at the cluster, and leaves it as it is.';
const NO_FORMER = '- **New**: everything. There is no former YAML.';
