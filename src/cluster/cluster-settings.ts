import { Duration, Size } from 'cdk8s';
import { validateProtection, withPreset } from './preset';
import { RedisClusterProps } from './redis-cluster-props';
import { secretKey, tlsAccess } from '../access/access';
import { validateCertificateSize, validateTls } from '../access/certificate';
import { RedisTls } from '../access/redis-tls';
import { secretReference } from '../access/secret-reference';
import { MAINTENANCE, passwordFiles, validateUsers } from '../access/users';
import { given } from '../checks/given';
import { dnsLabel, dnsSubdomain, labels, qualifiedKeys } from '../checks/names';
import { problem } from '../checks/problem';
import { integer } from '../checks/values';
import { validateRedisConfig, withClusterDefaults } from '../config/redis-conf';
import { imageLayout, imageOfVersion, imageReference } from '../image/redis-image';
import { clusterShape, resolveInitJob, validateInitJob } from '../init-job/init-job-settings';
import { ofInitJob, recommendedLabels } from '../metadata/object-metadata';
import { validateTolerations } from '../placement/tolerations';
import { validateCapacity } from '../resources/capacity';
import { kibibytes } from '../resources/quantity';
import { resourceProblems } from '../resources/resource-requirements';
import { dataLoss } from '../storage/data-loss';
import { RedisStorage } from '../storage/redis-storage';
import { imageVersion } from '../versions/image-version';
import { RedisVersion } from '../versions/redis-version';

/** What Redis may need to save its data after the handover, before Kubernetes kills it. */
const SHUTDOWN_SECONDS = 10;

/** What a cluster takes from its chart. */
export interface ChartSettings {
  readonly namespace?: string;
  readonly labels: Record<string, string>;
}

/** The props of a cluster with every default in its place. */
export function resolveRedisCluster(all: RedisClusterProps, chart: ChartSettings) {
  const name = all.name ?? 'redis-cluster';
  const props = withPreset(all, name);
  const image = props.image ?? 'redis:6.2';
  const version = props.version ?? RedisVersion._fromImage(image);
  const masters = props.masters ?? 3;
  const replicasPerMaster = props.replicasPerMaster ?? 1;
  const port = props.config?.port ?? 6379;
  const serviceName = `${name}-headless`;
  const certificateName = `${name}-tls`;
  const scriptsName = `${name}-scripts`;
  const { nodeSelector, tolerations, imagePullPolicy, imagePullSecrets, password, users, tls } = props;
  const user = users === undefined ? 'default' : MAINTENANCE;
  const objectLabels = {
    ...props.recommendedLabels ? recommendedLabels(name, props.version ?? RedisVersion._ofImage(image), image) : {},
    ...chart.labels,
    ...props.labels,
  };
  return {
    name,
    namespace: chart.namespace,
    serviceName,
    peersName: `${name}-peers`,
    domain: chart.namespace === undefined ? serviceName : `${serviceName}.${chart.namespace}.svc`,
    configName: `${name}-config`,
    scriptsName,
    certificateName,
    masters,
    replicasPerMaster,
    pods: masters * (1 + replicasPerMaster),
    image,
    version,
    port,
    config: withClusterDefaults(props.config ?? {}, version, replicasPerMaster),
    storage: props.storage ?? RedisStorage.persistentVolumeClaim(),
    acceptDataLoss: props.acceptDataLoss ?? false,
    resources: props.resources,
    tls,
    users,
    access: { user, password: password && secretKey(password), tls: tlsAccess(tls, certificateName) },
    passwords: password ? passwordFiles(users, secretKey(password), props.alternatePassword && secretKey(props.alternatePassword)) : [],
    announceHostnames: props.announceHostnames ?? (tls !== undefined && version.supportsHostnames),
    networkPolicy: props.networkPolicy ?? false,
    requireImageDigests: props.requireImageDigests ?? false,
    spread: props.spread ?? 'ScheduleAnyway',
    nodeSelector,
    tolerations,
    affinity: props.affinity,
    priorityClassName: props.priorityClassName,
    objectMetadata: { labels: objectLabels, annotations: given(props.annotations ?? {}) },
    podLabels: { ...objectLabels, ...given(props.podLabels ?? {}), app: name },
    podAnnotations: given(props.podAnnotations ?? {}),
    imagePullPolicy,
    imagePullSecrets,
    handoverTimeout: props.handoverTimeout ?? Duration.seconds(15),
    terminationGracePeriod: props.terminationGracePeriod ?? Duration.seconds(60),
    startupTimeout: props.startupTimeout ?? Duration.minutes(30),
    initJob: {
      nodeSelector,
      tolerations,
      imagePullPolicy,
      imagePullSecrets,
      masters,
      replicasPerMaster,
      port,
      image,
      serviceName,
      password,
      user,
      tls: tls && RedisTls.fromSecret({ name: tls.secretName ?? certificateName }, tls.options),
      ...props.initJob,
      name: `${name}-init`,
      _scriptsName: scriptsName,
      _metadata: { labels: ofInitJob(objectLabels), annotations: props.annotations },
      statefulSetName: name,
    },
  };
}

export type ClusterSettings = ReturnType<typeof resolveRedisCluster>;

/** All problems of a cluster's props, in the order of the props, with those of its redis.conf and its init Job. */
export function validateRedisCluster(all: RedisClusterProps, chart: ChartSettings): string[] {
  const settings = resolveRedisCluster(all, chart);
  const props = withPreset(all, settings.name);
  const shape = clusterShape(props);
  return [
    ...dnsLabel('namespace', chart.namespace),
    ...letterFirst('name', props.name),
    ...dnsLabel('name', props.name, settings.initJob.contentHashInName ? 49 : 52, 'it begins the names of pods, revisions and the init Job'),
    ...shape,
    ...imageReference('image', props.image),
    ...imageLayout('image', settings.image),
    ...props.version ? imageOfVersion(settings.image, props.version, RedisVersion._ofImage(settings.image)) : imageVersion('image', settings.image),
    ...digests(settings),
    ...prefixed('config', validateRedisConfig(props.config ?? {}, settings.version)),
    ...enoughReplicas(settings, props.config?.minReplicasToWrite),
    ...reachable(props),
    ...storage(settings.storage),
    ...dataLoss(settings),
    ...resourceProblems('resources', props.resources),
    ...validateCapacity(settings),
    ...validateProtection(props),
    ...secretReference('password', props.password),
    ...secretReference('alternatePassword', props.alternatePassword),
    ...alternate(props),
    ...props.users ? validateUsers(props.users, props.password !== undefined, loadsModules(settings), settings.version) : [],
    ...validateTls(props.tls),
    ...shape.length > 0 ? [] : validateCertificateSize(settings),
    ...hostnames(settings),
    ...labels('labels', settings.objectMetadata.labels),
    ...qualifiedKeys('annotations', props.annotations),
    ...labels('podLabels', props.podLabels),
    ...qualifiedKeys('podAnnotations', props.podAnnotations),
    ...labels('nodeSelector', props.nodeSelector),
    ...validateTolerations('tolerations', props.tolerations),
    ...dnsSubdomain('priorityClassName', props.priorityClassName),
    ...(props.imagePullSecrets ?? []).flatMap((name, index) => dnsSubdomain(`imagePullSecrets[${index}]`, name)),
    ...reserved('podLabels', props.podLabels, key => key === 'app', 'the selectors of the Service and the StatefulSet use it'),
    ...reserved('podAnnotations', props.podAnnotations, key => key.startsWith('checksum/'), 'it makes pods follow a changed config'),
    ...stopping(settings, props.config?.shutdownTimeout),
    ...wholeSeconds('startupTimeout', settings.startupTimeout, 10),
    ...promotion(settings),
    ...prefixed('initJob', validateInitJob(props.initJob ?? {})),
  ];
}

function prefixed(prop: string, problems: string[]): string[] {
  return problems.map(text => text.replace(/^'/, `'${prop}.`));
}

/** Services wanted a DNS label of RFC 1035 until the feature RelaxedServiceNameValidation, beta and on in Kubernetes 1.36. */
function letterFirst(prop: string, name: string | undefined): string[] {
  return name !== undefined && /^\d/.test(name)
    ? [problem(prop, 'begin with a letter', name, 'Kubernetes before 1.36 refuses Services whose names begin with a digit')]
    : [];
}

function wholeSeconds(prop: string, duration: Duration, min: number): string[] {
  return integer(prop, duration.toSeconds({ integral: false }), { min, reason: 'Kubernetes counts it in seconds' });
}

function storage({ claim, folder }: RedisStorage): string[] {
  const atLeast = (prop: string, size?: Size) => size === undefined || kibibytes(size) >= 1024 && Number.isInteger(kibibytes(size)) ? []
    : [problem(prop, 'be at least 1 MiB, in whole kibibytes', size, 'Redis must be able to write its data and the table of nodes')];
  return [
    ...dnsSubdomain('storage.storageClassName', claim?.storageClassName),
    ...atLeast('storage.size', claim?.size),
    ...copyOf(claim?.copyOf),
    ...atLeast('storage.sizeLimit', folder?.sizeLimit),
  ];
}

function copyOf(cluster: string | undefined): string[] {
  const [namespace, name, ...rest] = cluster?.split('/') ?? ['namespace', 'name'];
  return rest.length === 0 && name !== undefined && dnsLabel('', namespace).length === 0 && dnsLabel('', name).length === 0 ? []
    : [problem('storage.copyOf', "be the copied cluster's namespace/name", cluster, 'the disks are marked with it')];
}

function digests({ requireImageDigests, image, initJob }: ClusterSettings): string[] {
  const images = { image, ...initJob.discovery === 'dns' ? {} : { 'initJob.kubectlImage': resolveInitJob(initJob).kubectlImage } };
  return Object.entries(images).filter(([, reference]) => requireImageDigests && !reference.includes('@sha256:'))
    .map(([prop, reference]) => problem(prop, 'be pinned by its digest (…@sha256:…)', reference, "a tag can be moved; or set 'requireImageDigests' to false"));
}

function hostnames({ announceHostnames, tls, version }: ClusterSettings): string[] {
  if (announceHostnames && !version.supportsHostnames) {
    return [problem('announceHostnames', `be left out for ${version.name}`, true, "'cluster-announce-hostname' exists in Redis 7.0 and later")];
  }
  return !announceHostnames && tls && version.supportsHostnames
    ? [problem('announceHostnames', "be true with 'tls'", false, 'clients would be sent to addresses, which the certificate does not hold')]
    : [];
}

function loadsModules({ config }: ClusterSettings): boolean {
  return (config.extraDirectives ?? []).some(({ name }) => name === 'loadmodule');
}

function alternate({ alternatePassword, password }: RedisClusterProps): string[] {
  return alternatePassword && !password
    ? [problem('alternatePassword', "come with a 'password'", alternatePassword.key, 'it is a second one, for the time of a rotation')]
    : [];
}

function enoughReplicas({ replicasPerMaster }: ClusterSettings, minReplicasToWrite: number | undefined): string[] {
  return minReplicasToWrite === undefined || minReplicasToWrite <= replicasPerMaster ? []
    : [problem('config.minReplicasToWrite', `be at most 'replicasPerMaster' (${replicasPerMaster})`, minReplicasToWrite, 'no master would take a write')];
}

function reachable({ config, password }: RedisClusterProps): string[] {
  return config?.protectedMode && !password
    ? [problem('config.protectedMode', "be false without a 'password'", true, 'replicas and clients would be refused')]
    : [];
}

function reserved(prop: string, map: Record<string, string> | undefined, isReserved: (key: string) => boolean, reason: string): string[] {
  return Object.keys(map ?? {}).filter(isReserved).map(key => problem(prop, `leave '${key}' to the library`, map![key], reason));
}

function promotion({ config, startupTimeout }: ClusterSettings): string[] {
  const wait = 2 * (config.clusterNodeTimeout ?? Duration.seconds(5)).toSeconds({ integral: false });
  return config.appendonly !== false || startupTimeout.toSeconds({ integral: false }) > wait + 1 ? []
    : [problem('startupTimeout', `be longer than twice 'config.clusterNodeTimeout' (${wait} s) and 1 s without 'config.appendonly'`, startupTimeout,
      'a crashed master lets its replica take over before it starts')];
}

function stopping({ handoverTimeout, terminationGracePeriod }: ClusterSettings, shutdownTimeout?: Duration): string[] {
  const shutdown = Math.max(shutdownTimeout?.toSeconds({ integral: false }) ?? 0, SHUTDOWN_SECONDS);
  const least = handoverTimeout.toSeconds({ integral: false }) + shutdown;
  const grace = terminationGracePeriod.toSeconds({ integral: false });
  return [
    ...wholeSeconds('handoverTimeout', handoverTimeout, 1),
    ...wholeSeconds('terminationGracePeriod', terminationGracePeriod, 1),
    ...grace >= least ? [] : [problem('terminationGracePeriod', `be at least 'handoverTimeout' and ${shutdown} s (${least} s)`,
      `${grace} s`, 'Kubernetes would kill Redis while its replica takes over or its data is saved')],
  ];
}
