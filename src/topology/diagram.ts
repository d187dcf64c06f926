import { DescribedCluster, ofKind } from './described-cluster';
import { count } from './markdown';
import { PlannedShard, plannedShards } from './plan';
import { ClusterSettings } from '../cluster/cluster-settings';

/** So many fit on a screen; Mermaid itself draws no more than 500 lines. */
const MOST_SHARDS = 12;
const MOST_REPLICAS = 5;

/** A Mermaid diagram of a cluster as the init Job makes it. */
export function diagram({ settings, objects }: DescribedCluster): string {
  const shards = plannedShards(settings);
  const drawn = shards.length > MOST_SHARDS ? shards.slice(0, MOST_SHARDS - 1) : shards;
  const left = shards.length - drawn.length;
  const around = ofKind(objects, 'Service', 'ConfigMap', 'Job').map(({ kind, metadata, spec }, index) => [
    `  object${index}[${label(`${kind} ${metadata.name}`, ...spec?.ports ? [spec.ports.map((each: any) => each.port).join(', ')] : [])}]`,
    `  object${index} --> pods`,
  ]);
  return [
    '```mermaid',
    'graph LR',
    `  subgraph pods[${label(`StatefulSet ${settings.name}, ${count(settings.pods, 'pod')}`)}]`,
    ...drawn.flatMap((shard, index) => shardLines(shard, index + 1)),
    ...left > 0 ? [`    more[${label(`and ${left} more masters with their replicas`)}]`] : [],
    ...leaving(settings),
    '  end',
    ...below([...drawn.map((_, index) => `shard${index + 1}`), ...left > 0 ? ['more'] : [], ...settings.pods > settings.members ? ['leaving'] : []]),
    ...around.flat(),
    '```',
  ].join('\n');
}

function shardLines({ firstSlot, lastSlot, master, replicas }: PlannedShard, number: number): string[] {
  const drawn = replicas.length > MOST_REPLICAS ? replicas.slice(0, MOST_REPLICAS - 1) : replicas;
  const left = replicas.length - drawn.length;
  return [
    `    subgraph shard${number}[${label(`shard ${number}, slots ${firstSlot}-${lastSlot}`)}]`,
    `      master${number}[${label(master, 'master')}]`,
    ...drawn.flatMap((replica, index) => [
      `      replica${number}x${index + 1}[${label(replica, 'replica')}]`,
      `      master${number} -.->|replicates| replica${number}x${index + 1}`,
    ]),
    ...left > 0 ? [`      replica${number}x0[${label(`and ${left} more replicas`)}]`] : [],
    '    end',
  ];
}

/** Links that are not drawn: without them, Mermaid puts the shards in a row, the last one first. */
function below(ids: readonly string[]): string[] {
  return ids.slice(1).map((id, index) => `  ${ids[index]} ~~~ ${id}`);
}

function leaving({ name, members, pods }: ClusterSettings): string[] {
  return pods > members ? [`    leaving[${label(`${name}-${members} to ${name}-${pods - 1}`, 'are emptied, then leave')}]`] : [];
}

/** A text of lines in quotes, which nothing in it can end: what is neither letter, digit nor plain is written by its number. */
function label(...lines: string[]): string {
  return `"${lines.map(line => line.replace(/[^\w ,.-]/gu, character => `#${character.codePointAt(0)};`)).join('<br/>')}"`;
}
