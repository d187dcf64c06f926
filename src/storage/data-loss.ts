import { problem } from '../checks/problem';
import { ConfigSettings } from '../config/config-settings';
import { neverPromoted } from '../config/replica-failover';

/** The combinations in which a crash of one pod loses keys of its shard for good, unless the props accept that. */
export function dataLoss(acceptDataLoss: boolean, replicasPerMaster: number, isEphemeral: boolean, config: ConfigSettings): string[] {
  if (acceptDataLoss || config.appendonly && !isEphemeral || replicasPerMaster !== 0 && !neverPromoted(config)) {
    return [];
  }
  const [condition, remedy] = isEphemeral
    ? ['with ephemeral storage', 'use RedisStorage.persistentVolumeClaim()']
    : ["when 'config.appendonly' is false", "set 'config.appendonly' to true"];
  const otherwise = `${remedy}, or set 'acceptDataLoss' to true`;
  return replicasPerMaster === 0
    ? [problem('replicasPerMaster', `be at least 1 ${condition}`, 0, `a crash of one pod would lose keys that no other pod has: add replicas, ${otherwise}`)]
    : [problem('config.extraDirectives', `leave 'cluster-replica-no-failover' out ${condition}`, 'yes',
      `a master that crashed would come back without its keys, and its replicas copy that: let them take over, ${otherwise}`)];
}
