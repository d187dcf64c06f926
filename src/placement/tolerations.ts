import { Toleration } from './toleration';
import { given } from '../checks/given';
import { labelKey, labels } from '../checks/names';
import { problem } from '../checks/problem';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Problems for which the API server would refuse the pods, and so the StatefulSet would have none. An empty text is an absent one to it. */
export function validateTolerations(prop: string, tolerations: readonly Toleration[] = []): string[] {
  return tolerations.flatMap((toleration, index) => validateToleration(`${prop}[${index}]`, given(toleration)));
}

/** Plain copies: cdk8s takes an object of a class that has a `value` for a quantity, and drops the rest of it. */
export function tolerationsSpec(tolerations: readonly Toleration[] | undefined): Toleration[] | undefined {
  return tolerations?.map(({ effect, key, operator, tolerationSeconds, value }) => ({ effect, key, operator, tolerationSeconds, value }));
}

function validateToleration(prop: string, toleration: Toleration | undefined): string[] {
  const { effect, key, operator, tolerationSeconds, value } = toleration ?? {};
  const must = (field: string, requirement: string, got: unknown, reason: string) => [problem(`${prop}.${field}`, requirement, got, reason)];
  return [
    ...key ? labelKey(`${prop}.key`, key) : [],
    ...operatorProblems(must, key, operator),
    ...operator === 'Exists' && value ? must('value', 'be left out with the operator Exists', value, 'it tolerates any value') : [],
    ...operator !== 'Exists' && value ? labels(prop, { value }) : [],
    ...effect && !EFFECTS.includes(effect) ? must('effect', 'be NoSchedule, PreferNoSchedule or NoExecute', effect, 'the API server takes no other') : [],
    ...tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? must('effect', "be NoExecute with 'tolerationSeconds'", effect, 'the other effects do not evict') : [],
    ...tolerationSeconds === undefined || Number.isInteger(tolerationSeconds) ? []
      : must('tolerationSeconds', 'be a whole number', tolerationSeconds, 'Kubernetes counts it in seconds'),
  ];
}

function operatorProblems(
  must: (field: string, requirement: string, got: unknown, reason: string) => string[],
  key: string | undefined,
  operator: string | undefined,
): string[] {
  if (operator && !['Equal', 'Exists'].includes(operator)) {
    return must('operator', 'be Equal or Exists', operator, 'the API server takes no other');
  }
  return key || operator === 'Exists' ? [] : must('operator', "be Exists without a 'key'", operator, 'only that tolerates every taint');
}
