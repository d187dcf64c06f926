import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { LabelSelector } from './objects';
import { problem } from '../checks/problem';

/** Where the objects that make pods keep the template of them; a Pod is its own. */
const POD_TEMPLATES: Record<string, readonly string[]> = {
  'core/Pod': [],
  'core/ReplicationController': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'argoproj.io/Rollout': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

const kindOf = ({ apiGroup, kind }: ApiObject) => `${apiGroup}/${kind}`;

export function podTemplatePath(workload: ApiObject): readonly string[] {
  return POD_TEMPLATES[kindOf(workload)] ?? [];
}

/**
 * The only object of some kinds that a construct is or holds, or the problem that it does not. What cdk8s-plus, `Include` and
 * typed classes have in common is that they make objects of cdk8s.
 */
export function onlyObject(prop: string, scope: IConstruct, requirement: string, kinds: readonly string[], except?: IConstruct): ApiObject | string {
  if (!Construct.isConstruct(scope)) {
    return problem(prop, requirement, scope, 'pass the construct that renders it');
  }
  const found = scope.node.findAll().filter(ApiObject.isApiObject)
    .filter(object => kinds.includes(kindOf(object)) && !(except && object.node.scopes.includes(except)));
  if (found.length === 1) {
    return found[0];
  }
  const got = found.length === 0 ? `'${scope.node.path}', which contains none` : found.map(({ node }) => `'${node.path}'`).join(' and ');
  return `'${prop}' must ${requirement}, got ${got}; ${found.length === 0 ? 'pass the construct that renders it' : 'pass one of them'}`;
}

export function onlyWorkload(scope: IConstruct, except: IConstruct): ApiObject | string {
  const requirement = 'be or hold one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Rollout';
  return onlyObject('workload', scope, requirement, Object.keys(POD_TEMPLATES), except);
}

/**
 * What selects the pods of a workload and stays when its other labels change: its own selector, or all labels of pods that have
 * none. Workloads of cdk8s-plus are asked, not rendered once more: those with `spread` would grow a rule each time.
 */
export function podSelector(workload: ApiObject, render: () => any): LabelSelector {
  const { matchLabels, matchExpressions, podMetadata } = (workload.node.scope ?? {}) as Partial<CdkWorkload>;
  if (matchLabels && podMetadata) {
    return filled({ matchLabels, matchExpressions }) ?? { matchLabels: podMetadata.toJson()?.labels };
  }
  const json = render();
  const selector = workload.apiGroup === 'batch' ? undefined : json.spec?.selector; // that of a Job is the controller's own
  return filled(kindOf(workload) === 'core/ReplicationController' ? { matchLabels: selector } : selector)
    ?? { matchLabels: at(json, [...podTemplatePath(workload), 'metadata', 'labels']) };
}

/** What the workloads of all cdk8s-plus lines have. */
interface CdkWorkload {
  readonly matchLabels: Record<string, string>;
  readonly matchExpressions: LabelSelector['matchExpressions'];
  readonly podMetadata: { toJson(): { readonly labels?: Record<string, string> } | undefined };
}

/** The selector without its empty parts; none if it would select every pod. */
function filled({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): LabelSelector | undefined {
  const [labels, expressions] = [Object.keys(matchLabels).length > 0, matchExpressions.length > 0];
  return labels || expressions ? { ...labels && { matchLabels }, ...expressions && { matchExpressions } } : undefined;
}

/** What is at a path of a rendered object. */
export function at(json: any, path: readonly string[]): any {
  return path.reduce((value, key) => value?.[key], json);
}
