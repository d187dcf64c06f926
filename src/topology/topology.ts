import { IConstruct } from 'constructs';
import { changes } from './changes';
import { clusterSection } from './cluster-section';
import { describedClusters } from './described-cluster';
import { Manifest } from './manifest';

/** What `topology.md` says of an app, and what its application does, where the former YAML is known. */
export interface Topology {
  readonly page: string;
  readonly changes?: string;
}

/**
 * Describes the clusters of an app. The page is made of the props alone; where the former YAML has a folder of its own, which no synth
 * writes over, it also has the changes, as they are the same whenever the app is synthesized.
 */
export function topologyOf(
  app: IConstruct, rendered: ReadonlyMap<IConstruct, Manifest>, former: readonly Manifest[], hasOwnFolder: boolean,
): Topology {
  const clusters = describedClusters(app, rendered);
  const lines = former.length === 0 ? [] : changes(former, [...rendered.values()], clusters);
  const section = (effects: readonly string[]) => `## What applying this will do\n\n${COMPARED}\n\n${effects.join('\n')}\n`;
  const all = former.length === 0 ? [NO_FORMER] : lines.length === 0 ? [UNCHANGED] : lines;
  const inPage = hasOwnFolder ? [section(all)] : [];
  return {
    page: ['# Topology\n', 'Made from the props, like the YAML beside it.\n', ...inPage, ...clusters.map(cluster => `${clusterSection(cluster)}\n`)].join('\n'),
    changes: lines.length > 0 ? section(lines) : undefined,
  };
}

const COMPARED = 'Compared with the former YAML, as if that were applied and the cluster complete.';
const UNCHANGED = '- **Nothing** changes. A Job that Kubernetes has deleted since it ended is made again: it looks at the cluster, and leaves it as it is.';
const NO_FORMER = '- **New**: everything. There is no former YAML.';
