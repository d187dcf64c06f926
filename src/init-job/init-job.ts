import { Duration, SizeRoundingBehavior } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterInitJobOptions, ClusterInitJobProps } from './cluster-init-job-props';
import { InitJobChoices, InitJobSettings } from './init-job-settings';
import { ownStatefulSet } from './own-stateful-set';
import { PodDiscovery } from './pod-discovery';
import { RedisResharding } from './redis-resharding';
import { secretKey, secretReference } from '../access/secret-reference';
import { tlsProblems, tlsSettings } from '../access/tls';
import { given } from '../checks/given';
import { dnsLabel, labels, qualifiedKeys } from '../checks/names';
import { Parsed, prefixed, problem } from '../checks/problem';
import { integer, LARGEST_INT32, oneOf, redisPort, wholeSeconds } from '../checks/values';
import { DEFAULT_IMAGE, imageOfPrograms, imageReference, pullProblems } from '../image/image';
import { nodeSelectorProblems } from '../placement/placement';
import { validateTolerations } from '../placement/tolerations';
import { givenResources } from '../resources/given-resources';
import { resourceProblems } from '../resources/resource-requirements';
import { logFormatProblems } from '../scripts/log-format';
import { certificateName } from '../shape/cluster-names';
import { parseShape } from '../shape/cluster-shape';

/** Seconds of all pauses between runs: Kubernetes doubles them six times from 10 s, and then has 6 minutes between any two. */
function pauses(repetitions: number): number {
  const doubled = Math.min(repetitions, 6);
  return 10 * (2 ** doubled - 1) + 360 * (repetitions - doubled);
}

/** Time for all runs, in whole ten minutes, as far as Kubernetes can count. */
function defaultDeadline(secondsOfRun: number, backoffLimit: number): Duration {
  const allRuns = (backoffLimit + 1) * secondsOfRun + pauses(backoffLimit);
  return Duration.seconds(Math.min(Math.ceil(allRuns / 600) * 600, LARGEST_INT32));
}

/** The choices about the init Job of a cluster, or of a StatefulSet of somebody else. */
export function parseChoices(options: ClusterInitJobOptions): Parsed<InitJobChoices> {
  const { kubectlImage = 'alpine/kubectl:1.34.1', timeout = Duration.minutes(5), backoffLimit = 4, contentHashInName = false, annotations } = options;
  const { discovery = PodDiscovery.KUBERNETES_API } = options;
  const resharding = given(options.resharding ?? {});
  const resources = givenResources(options.resources);
  const ttlAfterFinished = options.ttlAfterFinished ?? (contentHashInName ? undefined : Duration.minutes(10));
  const seconds = timeout.toSeconds({ integral: false });
  const repetitions = integer('backoffLimit', backoffLimit, { min: 0, max: LARGEST_INT32, reason: 'Kubernetes counts the repetitions of a failed run in 32 bits' });
  const activeDeadline = options.activeDeadline ?? defaultDeadline(seconds, repetitions.length > 0 ? 0 : backoffLimit);
  const deadline = activeDeadline.toSeconds({ integral: false });
  return {
    settings: {
      kubectlImage,
      timeout,
      backoffLimit,
      activeDeadline,
      contentHashInName,
      ttlAfterFinished,
      resources,
      resharding,
      discovery,
      jobMetadata: { labels: options.labels, annotations },
    },
    problems: [
      ...imageReference('kubectlImage', kubectlImage),
      ...oneOf('discovery', discovery, Object.values(PodDiscovery), 'the Job would find no pods'),
      ...wholeSeconds('timeout', timeout, 10, 'a cluster needs some of them to form'),
      ...repetitions,
      ...wholeSeconds('activeDeadline', activeDeadline, 0),
      ...deadline > seconds ? [] : [problem('activeDeadline', `be longer than 'timeout' (${seconds} s)`,
        `${deadline} s`, 'Kubernetes would end the Job before it can say what is missing')],
      ...wholeSeconds('ttlAfterFinished', ttlAfterFinished, 0),
      ...prefixed('resharding', reshardingProblems(resharding)),
      ...resourceProblems('resources', resources),
      ...qualifiedKeys('annotations', annotations),
      ...labels('labels', options.labels),
      ...options.labels?.app === undefined ? [] : [problem('labels', "leave 'app' to the library", options.labels.app, "it tells the Job's pod from those of Redis")],
    ],
  };
}

function reshardingProblems({ keysPerBatch, keysPerSecond, maxKeySize }: RedisResharding): string[] {
  return [
    ...integer('keysPerBatch', keysPerBatch, { min: 1, reason: 'no slot would move' }),
    ...integer('keysPerSecond', keysPerSecond, { min: 1, reason: 'slots would never arrive' }),
    ...integer('maxKeySize', maxKeySize?.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), { min: 1, reason: 'it is in MiB, and smaller keys hold no server up' }),
  ];
}

/** The image that the Job has beside that of the servers, by its prop. */
export function initJobImages({ discovery, kubectlImage }: InitJobChoices, prefix = ''): Record<string, string> {
  return discovery === PodDiscovery.DNS ? {} : { [`${prefix}kubectlImage`]: kubectlImage };
}

/** The Job of a StatefulSet that is not of this library. */
export function parseInitJob(job: Construct, all: ClusterInitJobProps): Parsed<InitJobSettings> {
  const props = given(all);
  const shape = parseShape(props);
  const own = ownStatefulSet(job, props, shape.settings.pods);
  const { statefulSetName = 'redis-cluster', serviceName } = own.settings;
  const choices = parseChoices(props);
  const { name = `${statefulSetName}-init`, port = 6379, image = DEFAULT_IMAGE, user = 'default', password, tolerations } = props;
  return {
    settings: {
      ...choices.settings,
      ...shape.settings,
      name,
      scriptsName: name,
      statefulSetName,
      serviceName: serviceName ?? `${statefulSetName}-headless`,
      port,
      image,
      user,
      mover: user,
      scaleInGuard: false,
      password: password && secretKey(password),
      tls: tlsSettings(props.tls, certificateName(statefulSetName)),
      objectMetadata: {},
      nodeSelector: props.nodeSelector,
      tolerations,
      imagePullPolicy: props.imagePullPolicy,
      imagePullSecrets: props.imagePullSecrets,
      logFormat: props.logFormat,
    },
    problems: [
      ...own.problems,
      ...dnsLabel('name', name, choices.settings.contentHashInName ? 54 : 63),
      ...name === statefulSetName ? [problem('name', 'differ from that of the StatefulSet', name,
        "it is the label 'app' of the Job's pod, by which Services would send clients there")] : [],
      ...dnsLabel('statefulSetName', statefulSetName, 52, 'the names of its pods and of their revisions must fit into labels of 63 characters'),
      ...dnsLabel('serviceName', serviceName),
      ...shape.problems,
      ...redisPort('port', port),
      ...imageOfPrograms('image', image),
      ...choices.problems,
      ...secretReference('password', password),
      ...userProblems(user, password !== undefined),
      ...tlsProblems(props.tls),
      ...props.tls?.issuerName === undefined ? []
        : [problem('tls', 'be RedisTls.fromSecret with the certificate that the pods have', props.tls.issuerName, 'the Job makes none, as the StatefulSet is your own')],
      ...nodeSelectorProblems(props.nodeSelector),
      ...validateTolerations('tolerations', tolerations),
      ...pullProblems(props),
      ...logFormatProblems(props.logFormat),
    ],
  };
}

/** The name of a user is a word for redis-cli, and that of a folder. */
function userProblems(user: string, hasPassword: boolean): string[] {
  return [
    ...user === 'default' || hasPassword ? [] : [problem('user', "come with a 'password'", user, 'without one, the Job would be the default user')],
    ...user !== '..' && /^[\w.@:+-]+$/.test(user) ? []
      : [problem('user', 'consist of letters, digits and _ . @ : + -', user, 'redis-cli would read something else')],
  ];
}
