import { problem } from '../checks/problem';
import { ConfigSettings } from '../config/config-settings';

/** The combinations in which a crash of one pod loses keys of its shard for good, unless the props accept that. */
export function dataLoss(acceptDataLoss: boolean, replicasPerMaster: number, isEphemeral: boolean, { appendonly }: ConfigSettings): string[] {
  if (acceptDataLoss || appendonly && !isEphemeral || replicasPerMaster > 0) {
    return [];
  }
  const [condition, remedy] = isEphemeral
    ? ['with ephemeral storage', 'use RedisStorage.persistentVolumeClaim()']
    : ["when 'config.appendonly' is false", "set 'config.appendonly' to true"];
  return [problem('replicasPerMaster', `be at least 1 ${condition}`, replicasPerMaster,
    `a crash of one pod would lose keys that no other pod has: add replicas, ${remedy}, or set 'acceptDataLoss' to true`)];
}
