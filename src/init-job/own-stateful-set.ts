import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ClusterInitJobProps } from './cluster-init-job-props';
import { Parsed, problem } from '../checks/problem';
import { onlyObject } from '../kubernetes/workload';

/** What the Job takes from a StatefulSet that it is given, in the places of the props that name it. */
type Named = Pick<ClusterInitJobProps, 'statefulSetName' | 'serviceName'>;

/** The names of the StatefulSet that is given as a construct, or the problems with it. */
export function ownStatefulSet(job: Construct, props: ClusterInitJobProps, wantedPods: number): Parsed<Named> {
  const { statefulSet, statefulSetName, serviceName } = props;
  if (!statefulSet) {
    return { settings: { statefulSetName, serviceName }, problems: [] };
  }
  const object = onlyObject('statefulSet', statefulSet, 'be or hold one StatefulSet', ['apps/StatefulSet'], job);
  if (typeof object === 'string') {
    return { settings: {}, problems: [object] };
  }
  const found = describe(object.node.scope, () => object.toJson().spec);
  const { namespace } = Chart.of(job);
  return {
    settings: { statefulSetName: object.name, serviceName: serviceName ?? found.serviceName },
    problems: [
      ...statefulSetName === undefined ? []
        : [problem('statefulSetName', "be left out beside 'statefulSet'", statefulSetName, `the name is that of '${object.node.path}'`)],
      ...object.metadata.namespace === namespace ? []
        : [problem('statefulSet', `be in the namespace of the Job (${namespace ?? 'none'})`, object.metadata.namespace ?? 'none', 'the Job sees no pods of others')],
      ...replicas(found.replicas, wantedPods),
    ],
  };
}

/** What a StatefulSet has in all cdk8s-plus lines. */
interface PlusStatefulSet {
  readonly matchLabels?: object;
  readonly service?: { readonly name: string };
  readonly replicas?: number;
  readonly hasAutoscaler?: boolean;
}

/** A StatefulSet of cdk8s-plus is asked, not rendered once more: one with `spread` would grow a rule each time. Its default is one pod. */
function describe(scope: IConstruct | undefined, spec: () => any): { readonly serviceName?: string; readonly replicas?: number } {
  const plus = scope as PlusStatefulSet | undefined;
  if (plus?.matchLabels) {
    return { serviceName: plus.service?.name, replicas: plus.hasAutoscaler ? undefined : plus.replicas ?? 1 };
  }
  const { serviceName, replicas: pods = 1 } = spec() ?? {};
  return { serviceName, replicas: pods };
}

function replicas(pods: number | undefined, wanted: number): string[] {
  return pods === undefined || pods === wanted ? []
    : [problem('statefulSet', `have ${wanted} replicas, as 'masters' and 'replicasPerMaster' say`, pods, 'the Job waits for so many pods: change one of the three')];
}
