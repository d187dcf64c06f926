import { Duration } from 'cdk8s';
import { ClusterInitJobProps } from './cluster-init-job-props';
import { enabled, secretKey, tlsAccess } from '../access/access';
import { secretReference } from '../access/secret-reference';
import { dnsLabel, labels, qualifiedKeys } from '../checks/names';
import { problem } from '../checks/problem';
import { integer, redisPort } from '../checks/values';
import { imageReference } from '../image/redis-image';
import { validateTolerations } from '../placement/tolerations';
import { resourceProblems } from '../resources/resource-requirements';

/** Pauses between runs: Kubernetes doubles them from 10 s, at most to 6 minutes. */
const pauses = (runs: number) => Array.from({ length: runs }, (_, run) => Math.min(10 * 2 ** run, 360)).reduce((sum, pause) => sum + pause, 0);

/** The props of the init Job with every default in its place. */
export function resolveInitJob(props: ClusterInitJobProps) {
  const statefulSetName = props.statefulSetName ?? 'redis-cluster';
  const name = props.name ?? `${statefulSetName}-init`;
  const timeout = props.timeout ?? Duration.minutes(5);
  const backoffLimit = props.backoffLimit ?? 4;
  const contentHashInName = props.contentHashInName ?? false;
  const allRuns = (backoffLimit + 1) * timeout.toSeconds() + pauses(backoffLimit);
  return {
    name,
    podLabel: name,
    scriptsName: props._scriptsName ?? name,
    statefulSetName,
    serviceName: props.serviceName ?? `${statefulSetName}-headless`,
    masters: props.masters ?? 3,
    replicasPerMaster: props.replicasPerMaster ?? 1,
    port: props.port ?? 6379,
    image: props.image ?? 'redis:6.2',
    kubectlImage: props.kubectlImage ?? 'alpine/kubectl:1.34.1',
    discovery: props.discovery ?? 'kubernetes-api',
    access: {
      user: props.user ?? 'default',
      password: props.password && secretKey(props.password),
      tls: tlsAccess(enabled(props.tls), `${statefulSetName}-tls`),
    },
    timeout,
    backoffLimit,
    activeDeadline: props.activeDeadline ?? Duration.seconds(Math.ceil(allRuns / 600) * 600),
    contentHashInName,
    ttlAfterFinished: props.ttlAfterFinished ?? (contentHashInName ? undefined : Duration.minutes(10)),
    resources: props.resources,
    podLabels: { ...props._metadata?.labels, ...props.labels, app: name },
    nodeSelector: props.nodeSelector,
    tolerations: props.tolerations,
    imagePullPolicy: props.imagePullPolicy,
    imagePullSecrets: props.imagePullSecrets,
  };
}

export type InitJobSettings = ReturnType<typeof resolveInitJob>;

/** All problems of the init Job's props, in the order of the props. */
export function validateInitJob(props: ClusterInitJobProps): string[] {
  const { name, timeout, activeDeadline, ttlAfterFinished, contentHashInName, statefulSetName } = resolveInitJob(props);
  const seconds = timeout.toSeconds({ integral: false });
  return [
    ...dnsLabel('name', name, contentHashInName ? 54 : 63),
    ...dnsLabel('statefulSetName', statefulSetName, 52, 'the names of its pods and of their revisions must fit into labels of 63 characters'),
    ...dnsLabel('serviceName', props.serviceName),
    ...clusterShape(props),
    ...redisPort('port', props.port),
    ...imageReference('image', props.image),
    ...imageReference('kubectlImage', props.kubectlImage),
    ...integer('timeout', seconds, { min: 10, reason: 'it is in seconds, and a cluster needs some of them to form' }),
    ...integer('backoffLimit', props.backoffLimit, { min: 0, reason: 'it counts the repetitions of a failed run' }),
    ...activeDeadline.toSeconds() > seconds ? [] : [problem('activeDeadline', `be longer than 'timeout' (${seconds} s)`,
      `${activeDeadline.toSeconds()} s`, 'Kubernetes would end the Job before it can say what is missing')],
    ...integer('ttlAfterFinished', ttlAfterFinished?.toSeconds({ integral: false }), { min: 0, reason: 'Kubernetes counts it in seconds' }),
    ...resourceProblems('resources', props.resources),
    ...qualifiedKeys('annotations', props.annotations),
    ...labels('labels', props.labels),
    ...props.labels?.app === undefined ? [] : [problem('labels', "leave 'app' to the library", props.labels.app, "it tells the Job's pod from those of Redis")],
    ...secretReference('password', props.password),
    ...validateTolerations('tolerations', props.tolerations),
  ];
}

/**
 * The nodes that a cluster may have. All of them gossip with each other, and the specification names about a thousand as what
 * Redis Cluster is made for.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
const MOST_NODES = 1000;

/** Problems with the number of pods, which the cluster and its init Job share. */
export function clusterShape(props: { readonly masters?: number; readonly replicasPerMaster?: number }): string[] {
  const { masters = 3, replicasPerMaster = 1 } = props;
  const problems = [
    ...integer('masters', props.masters, {
      min: 3, max: MOST_NODES, reason: `a majority of masters must remain when one fails, and Redis Cluster is made for at most ${MOST_NODES} nodes`,
    }),
    ...integer('replicasPerMaster', props.replicasPerMaster, { min: 0, reason: 'it counts the replicas of every master' }),
  ];
  const most = Math.floor(MOST_NODES / masters) - 1;
  return problems.length > 0 || replicasPerMaster <= most ? problems
    : [problem('replicasPerMaster', `be at most ${most} with ${masters} masters`, replicasPerMaster,
      `Redis Cluster is made for at most ${MOST_NODES} nodes, each of which talks to all others: make several clusters`)];
}
