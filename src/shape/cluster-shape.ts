import { Parsed, problem } from '../checks/problem';
import { integer } from '../checks/values';

/** How many pods a cluster has, and what of them it is made. */
export interface ClusterShape {
  readonly masters: number;
  readonly replicasPerMaster: number;
  readonly pods: number;
}

/**
 * The nodes that a cluster may have. All of them gossip with each other, and the specification names about a thousand as what
 * Redis Cluster is made for.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
const MOST_NODES = 1000;

export function parseShape(props: { readonly masters?: number; readonly replicasPerMaster?: number }): Parsed<ClusterShape> {
  const { masters = 3, replicasPerMaster = 1 } = props;
  const problems = [
    ...integer('masters', masters, {
      min: 3, max: MOST_NODES, reason: `a majority of masters must remain when one fails, and Redis Cluster is made for at most ${MOST_NODES} nodes`,
    }),
    ...integer('replicasPerMaster', replicasPerMaster, { min: 0, reason: 'it counts the replicas of every master' }),
  ];
  const most = Math.floor(MOST_NODES / masters) - 1;
  return {
    settings: { masters, replicasPerMaster, pods: masters * (1 + replicasPerMaster) },
    problems: problems.length > 0 || replicasPerMaster <= most ? problems
      : [problem('replicasPerMaster', `be at most ${most} with ${masters} masters`, replicasPerMaster,
        `Redis Cluster is made for at most ${MOST_NODES} nodes, each of which talks to all others: make several clusters`)],
  };
}
