import {
  Affinity, LabelSelector, LabelSelectorRequirement, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity,
  PodAffinityTerm,
} from './affinity';
import { dnsLabel, dnsSubdomain, labelKey, labelValue, selectingLabels } from '../checks/names';
import { problem } from '../checks/problem';
import { integer } from '../checks/values';

type Check<T> = (prop: string, value: T) => string[];
type Checks<T> = { readonly [Field in keyof Required<T>]: Check<T[Field]> };

const NO_OTHER = 'the API server takes no other';
const LABEL_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Problems for which the API server would refuse the pods, and so the StatefulSet would have none, or for which no node would ever do. */
export function affinityProblems(prop: string, affinity: Affinity | undefined): string[] {
  return fields<Affinity>(prop, affinity, { nodeAffinity, podAffinity, podAntiAffinity: podAffinity });
}

/** Each field has its check, and there are no others: a misspelt one would be a rule that nobody follows. */
function fields<T extends object>(prop: string, object: Partial<T> | undefined, checks: Checks<T>): string[] {
  if (!object) {
    return [];
  }
  const known = Object.keys(checks) as (keyof T & string)[];
  return [
    ...known.flatMap(field => checks[field](`${prop}.${field}`, object[field] as T[typeof field])),
    ...Object.entries(object).filter(([field, value]) => value !== undefined && !Object.hasOwn(checks, field)).map(([field, value]) =>
      problem(`${prop}.${field}`, 'be left out', value, `the fields here are ${known.join(', ')}`)),
  ];
}

function each<T>(check: Check<T>): Check<readonly T[] | undefined> {
  return (prop, list) => Array.isArray(list ?? []) ? (list ?? []).flatMap((item, index) => check(`${prop}[${index}]`, item))
    : [problem(prop, 'be a list', list, NO_OTHER)];
}

const weight: Check<number | undefined> = (prop, value = 0) => integer(prop, value, { min: 1, max: 100, reason: NO_OTHER });

function nodeAffinity(prop: string, affinity: NodeAffinity | undefined): string[] {
  return fields<NodeAffinity>(prop, affinity, {
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector,
    preferredDuringSchedulingIgnoredDuringExecution: each((path, term) => fields(path, term, { preference: nodeTerm, weight })),
  });
}

function nodeSelector(prop: string, selector: NodeSelector | undefined): string[] {
  return fields(prop, selector, {
    nodeSelectorTerms: (path, terms) => terms === undefined || terms.length === 0
      ? [problem(path, 'have a term at least', 'none', 'the API server refuses it')] : each(nodeTerm)(path, terms),
  });
}

function nodeTerm(prop: string, term: NodeSelectorTerm): string[] {
  return fields<NodeSelectorTerm>(prop, term, { matchExpressions: each(nodeRequirement), matchFields: each(fieldRequirement) });
}

function nodeRequirement(prop: string, requirement: NodeSelectorRequirement): string[] {
  return labelRequirement(prop, requirement, [...LABEL_OPERATORS, 'Gt', 'Lt']);
}

/** Of fields, only the names of nodes are compared, one at a time. */
function fieldRequirement(prop: string, requirement: NodeSelectorRequirement): string[] {
  return fields<NodeSelectorRequirement>(prop, requirement, {
    key: (path, key) => key === 'metadata.name' ? [] : [problem(path, 'be metadata.name', key, 'it is the only field of nodes that is compared')],
    operator: operatorOf(['In', 'NotIn']),
    values: (path, values = []) => Array.isArray(values) && values.length === 1 ? dnsSubdomain(path, values[0])
      : [problem(path, 'be a list of one name', String(values) || 'none', NO_OTHER)],
  });
}

function podAffinity(prop: string, affinity: PodAffinity | undefined): string[] {
  return fields<PodAffinity>(prop, affinity, {
    requiredDuringSchedulingIgnoredDuringExecution: each(podTerm),
    preferredDuringSchedulingIgnoredDuringExecution: each((path, term) => fields(path, term, { podAffinityTerm: podTerm, weight })),
  });
}

function podTerm(prop: string, term: Partial<PodAffinityTerm> = {}): string[] {
  const labelKeys: Check<readonly string[] | undefined> = (path, keys) => !keys?.length || term.labelSelector ? each(labelKey)(path, keys)
    : [problem(path, "come with a 'labelSelector'", String(keys), 'the API server takes it with one alone')];
  return fields<PodAffinityTerm>(prop, term, {
    topologyKey: labelKey,
    labelSelector,
    namespaceSelector: labelSelector,
    namespaces: each((path, name) => dnsLabel(path, name)),
    matchLabelKeys: labelKeys,
    mismatchLabelKeys: labelKeys,
  });
}

function labelSelector(prop: string, selector: LabelSelector | undefined): string[] {
  return fields<LabelSelector>(prop, selector, {
    matchLabels: (path, map) => selectingLabels(path, map, 'without this label, it would select more'),
    matchExpressions: each((path, requirement) => labelRequirement(path, requirement, LABEL_OPERATORS)),
  });
}

function labelRequirement(prop: string, requirement: LabelSelectorRequirement, operators: readonly string[]): string[] {
  return fields<LabelSelectorRequirement>(prop, requirement, {
    key: labelKey,
    operator: operatorOf(operators),
    values: (path, values) => [...each(labelValue)(path, values), ...numberOfValues(path, values ?? [], requirement.operator)],
  });
}

function operatorOf(operators: readonly string[]): Check<string> {
  return (prop, operator) => operators.includes(operator) ? [] : [problem(prop, `be one of ${operators.join(', ')}`, operator, NO_OTHER)];
}

/** What an operator compares with; an unknown one is a problem of its own. */
function numberOfValues(prop: string, values: readonly string[], operator: string): string[] {
  const must = (requirement: string, reason: string) => [problem(prop, `${requirement} with the operator ${operator}`, String(values) || 'none', reason)];
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : must('have a value at least', 'there is nothing to compare with');
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? [] : must('be left out', 'it compares nothing');
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^\d+$/.test(values[0]) ? [] : must('be one whole number', 'it compares numbers');
    default:
      return [];
  }
}
