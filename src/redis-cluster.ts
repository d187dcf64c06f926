import { ApiObject, Chart, Duration, Size } from 'cdk8s';
import type { ContainerResources, k8s as kubernetes, SecretValue } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ClusterInitJob, ClusterInitJobOptions } from './cluster-init-job';
import { claimNames } from './private/claims';
import { resolveRedisCluster, validateRedisCluster } from './private/cluster-settings';
import { headlessServiceSpec } from './private/headless-service';
import { KubePodDisruptionBudget, KubeService, KubeStatefulSet } from './private/kubernetes';
import { podDisruptionBudgetSpec } from './private/pod-disruption-budget';
import { checksum, scripts } from './private/scripts';
import { statefulSetSpec } from './private/stateful-set';
import { throwProblems } from './private/validate';
import { RedisConfig } from './redis-config';
import { RedisConfigSettings } from './redis-config-settings';
import { RedisStorage } from './redis-storage';
import { RedisVersion } from './redis-version';

/** How the pods are spread over Kubernetes nodes and zones. */
export enum PodSpread {
  /** As evenly as the nodes allow; a pod that does not fit runs all the same. */
  PREFERRED = 'ScheduleAnyway',

  /** Evenly or not at all: a pod that would upset the balance of nodes or zones stays Pending. */
  REQUIRED = 'DoNotSchedule',
}

/** Properties of `RedisCluster`. */
export interface RedisClusterProps {
  /**
   * Name of the StatefulSet and beginning of all other names: a DNS label of at most 52 characters. It is also the value of
   * the pods' label `app`, by which they are selected.
   *
   * @default 'redis-cluster'
   */
  readonly name?: string;

  /**
   * Number of masters, from 3 to 16384: fewer could not elect another one when one fails.
   *
   * @default 3
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly masters?: number;

  /**
   * Number of replicas of each master, from 0. Pods = masters × (1 + replicasPerMaster).
   *
   * @default 1
   */
  readonly replicasPerMaster?: number;

  /**
   * Image of Redis or Valkey.
   *
   * @default 'redis:6.2'
   */
  readonly image?: string;

  /**
   * Version of Redis in the image: it decides which directives exist and which features are used.
   *
   * @default - read from the image's tag; Redis 6.2 when the tag does not tell
   */
  readonly version?: RedisVersion;

  /**
   * Settings of redis.conf beside those that make it a cluster.
   *
   * @default - the documents' seven lines
   */
  readonly config?: RedisConfigSettings;

  /**
   * Where the data is kept.
   *
   * @default RedisStorage.persistentVolumeClaim(): 1Gi of the default storage class for each pod
   */
  readonly storage?: RedisStorage;

  /**
   * Resources of the container that runs Redis. A memory limit must leave room above `config.maxmemory`.
   *
   * @default - none; `RedisCluster.DOCUMENTED_RESOURCES` are those of the documents
   */
  readonly resources?: ContainerResources;

  /**
   * The Secret and its key with the password that clients, replicas, probes and the init Job use.
   *
   * @default - no password
   */
  readonly password?: SecretValue;

  /**
   * How the pods are spread over nodes and zones.
   *
   * @default PodSpread.PREFERRED
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly spread?: PodSpread;

  /**
   * Labels that the pods' Kubernetes nodes must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints that the pods tolerate.
   *
   * @default - none
   */
  readonly tolerations?: kubernetes.Toleration[];

  /**
   * Further rules for the choice of nodes.
   *
   * @default - none
   */
  readonly affinity?: kubernetes.Affinity;

  /**
   * Name of the PriorityClass of the pods.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Labels of the pods beside those of the chart; `app` is the library's own.
   *
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the pods; those that begin with `checksum/` are the library's own.
   *
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * Names of the Secrets with which the kubelet pulls the images.
   *
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * How long a master that is to stop may wait for one of its replicas to take over, in whole seconds from 1.
   *
   * @default Duration.seconds(15)
   */
  readonly handoverTimeout?: Duration;

  /**
   * How long Kubernetes waits for a pod to stop: the handover and at least 10 seconds in which Redis saves its data.
   *
   * @default Duration.seconds(60)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * How long Redis may take to load its data when it starts, in whole seconds from 10; a server that is not ready for
   * commands by then is started again.
   *
   * @default Duration.minutes(30)
   */
  readonly startupTimeout?: Duration;

  /**
   * Choices about the init Job.
   *
   * @default - those of `ClusterInitJob`
   */
  readonly initJob?: ClusterInitJobOptions;
}

/**
 * A Redis Cluster: redis.conf in a ConfigMap, the headless Service, the StatefulSet with its PodDisruptionBudget, and the Job
 * that makes the pods a cluster.
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class RedisCluster extends Construct {
  /** The documents' resources: requests 250m and 512Mi, limits 500m and 1Gi. */
  public static readonly DOCUMENTED_RESOURCES: ContainerResources = {
    cpu: { request: { amount: '250m' }, limit: { amount: '500m' } },
    memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
  };

  /** Name of the StatefulSet. */
  public readonly name: string;

  /** Port of Redis. */
  public readonly port: number;

  /**
   * Host name of the headless Service, which resolves to the addresses of all pods: what clients connect to first. It holds
   * the chart's namespace, if that is known.
   */
  public readonly host: string;

  /** Host names of all pods, in their order. */
  public readonly nodeHosts: string[];

  /** The ConfigMap with redis.conf. */
  public readonly config: RedisConfig;

  /** The Job that forms the cluster. */
  public readonly initJob: ClusterInitJob;

  constructor(scope: Construct, id: string, props: RedisClusterProps = {}) {
    super(scope, id);
    const chart = Chart.of(this);
    throwProblems(this, validateRedisCluster(props, chart));
    const settings = resolveRedisCluster(props, chart);
    const { name, serviceName, domain, version } = settings;
    this.name = name;
    this.host = domain;
    this.config = new RedisConfig(this, 'Config', { ...props.config, name: settings.configName, version });
    this.port = settings.port;
    this.nodeHosts = Array.from({ length: settings.pods }, (_, ordinal) => `${name}-${ordinal}.${domain}`);

    const data = scripts(...settings.scripts);
    const checksums = { 'checksum/config': checksum({ 'redis.conf': this.config.content }), 'checksum/scripts': checksum(data) };
    const metadata = { name };
    new ApiObject(this, 'Scripts', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: settings.scriptsName }, data });
    new ApiObject(this, 'Service', KubeService.manifest({ metadata: { name: serviceName }, spec: headlessServiceSpec(settings) }));
    new ApiObject(this, 'Resource', KubeStatefulSet.manifest({ metadata, spec: statefulSetSpec(settings, checksums) }));
    new ApiObject(this, 'PodDisruptionBudget', KubePodDisruptionBudget.manifest({ metadata, spec: podDisruptionBudgetSpec(settings) }));
    this.initJob = new ClusterInitJob(this, 'InitJob', settings.initJob);
    claimNames(this, [name]);
  }
}
