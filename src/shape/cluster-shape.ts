import { RedisClusterShape } from './redis-cluster-shape';
import { given } from '../checks/given';
import { Parsed, prefixed, problem } from '../checks/problem';
import { integer } from '../checks/values';

/** The slots of every Redis Cluster. */
export const SLOTS = 16384;

/** How many pods a cluster has, and what of them it is made. */
export interface ClusterShape {
  readonly masters: number;
  readonly replicasPerMaster: number;
  /** The pods that these need. */
  readonly members: number;
  /** The pods that there are: more while some are to leave. */
  readonly pods: number;
}

interface ShapeProps extends RedisClusterShape {
  readonly scaleInFrom?: RedisClusterShape;
}

/**
 * The nodes that a cluster may have. All of them gossip with each other, and the specification names about a thousand as what
 * Redis Cluster is made for.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
const MOST_NODES = 1000;

export function parseShape({ masters = 3, replicasPerMaster = 1, scaleInFrom }: ShapeProps): Parsed<ClusterShape> {
  const former = { masters, replicasPerMaster, ...given(scaleInFrom ?? {}) };
  const members = podsOf({ masters, replicasPerMaster });
  const pods = podsOf(former);
  const problems = shapeProblems({ masters, replicasPerMaster });
  return {
    settings: { masters, replicasPerMaster, members, pods },
    problems: [
      ...problems,
      ...scaleInFrom ? prefixed('scaleInFrom', shapeProblems(former)) : [],
      ...scaleInFrom && pods <= members && problems.length === 0 ? [problem('scaleInFrom', `be a shape of more than ${members} pods`, `${pods} pods`,
        'no pod would leave: leave it out')] : [],
    ],
  };
}

/** The shape as the heal containers read it, again and again: `NAME NUMBER` in each line. */
export function shapeFile({ masters, replicasPerMaster, pods }: ClusterShape): string {
  return `masters ${masters}\nreplicas-per-master ${replicasPerMaster}\npods ${pods}\n`;
}

function podsOf({ masters, replicasPerMaster }: Required<RedisClusterShape>): number {
  return masters * (1 + replicasPerMaster);
}

function shapeProblems({ masters, replicasPerMaster }: Required<RedisClusterShape>): string[] {
  const problems = [
    ...integer('masters', masters, {
      min: 3, max: MOST_NODES, reason: `a majority of masters must remain when one fails, and Redis Cluster is made for at most ${MOST_NODES} nodes`,
    }),
    ...integer('replicasPerMaster', replicasPerMaster, { min: 0, reason: 'it counts the replicas of every master' }),
  ];
  const most = Math.floor(MOST_NODES / masters) - 1;
  return problems.length > 0 || replicasPerMaster <= most ? problems
    : [problem('replicasPerMaster', `be at most ${most} with ${masters} masters`, replicasPerMaster,
      `Redis Cluster is made for at most ${MOST_NODES} nodes, each of which talks to all others: make several clusters`)];
}
