import { RedisClientLabels } from './redis-connection';
import { given } from '../checks/given';
import { selectingLabels } from '../checks/names';
import { problem } from '../checks/problem';

const MORE_PODS = 'without this label, more pods would be let in';

/** Checks the labels by which a NetworkPolicy lets pods in. */
export function validateClientLabels(labels: RedisClientLabels, prefix = ''): string[] {
  const { podLabels, namespaceLabels } = given(labels);
  return [
    ...Object.keys(podLabels ?? {}).length === 0 ? [problem(`${prefix}podLabels`, 'have at least one label', 'none', 'every pod would be let in')] : [],
    ...selectingLabels(`${prefix}podLabels`, podLabels, MORE_PODS),
    ...selectingLabels(`${prefix}namespaceLabels`, namespaceLabels, MORE_PODS),
  ];
}
