import { ApiObject, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { resolveInitJob, validateInitJob } from './init-job-settings';
import { initJobPermissions, initJobSpec } from './init-job-spec';
import { ownStatefulSet } from './own-stateful-set';
import { RedisClusterWarning } from '../cluster/redis-cluster-warning';
import { RedisSecretKey } from '../access/redis-secret';
import { RedisTls } from '../access/redis-tls';
import { given } from '../checks/given';
import { throwProblems } from '../checks/validate';
import { movingTag, warn } from '../cluster/warnings';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { KubeJob } from '../kubernetes/objects';
import { claimNames } from '../kubernetes/unique-names';
import { addMetadata, ObjectMetadata } from '../metadata/object-metadata';
import { Toleration } from '../placement/toleration';
import { ContainerResources } from '../resources/container-resources';
import { checksum, scriptsChecksum } from '../scripts/scripts';
import { addScriptsConfigMap } from '../scripts/scripts-config-map';

/** How the init Job finds the addresses of the pods. */
export enum PodDiscovery {
  /** A kubectl container asks the Kubernetes API, which also tells the nodes that the pods run on. Needs the right to list and watch pods. */
  KUBERNETES_API = 'kubernetes-api',

  /** The headless Service's DNS: no kubectl image and no rights, but the Job cannot tell which pods share a Kubernetes node. */
  DNS = 'dns',
}

/** What a cluster lets you choose about its init Job. */
export interface ClusterInitJobOptions {
  /**
   * Image with a shell and kubectl.
   *
   * @default 'alpine/kubectl:1.34.1'
   */
  readonly kubectlImage?: string;

  /**
   * How the pods' addresses are found.
   *
   * @default PodDiscovery.KUBERNETES_API
   */
  readonly discovery?: PodDiscovery;

  /**
   * How long one run may take before it fails and names what is missing, in whole seconds from 10.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * How many times a failed run is repeated, from 0. A run starts from whatever the one before it left.
   *
   * @default 4
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
   */
  readonly backoffLimit?: number;

  /**
   * When Kubernetes ends the Job, all runs together; longer than `timeout`.
   *
   * @default - time for all runs and the pauses between them: 30 minutes with the other defaults
   */
  readonly activeDeadline?: Duration;

  /**
   * When Kubernetes deletes the finished Job. A Job that is still there when its image or another part of its pod changes
   * stops `kubectl apply`, as a Job's pod template is immutable; one that is gone is made again by the next apply and looks
   * after the cluster once more.
   *
   * @default Duration.minutes(10); never with `contentHashInName`
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
   */
  readonly ttlAfterFinished?: Duration;

  /**
   * Ends the Job's name with a hash of all that it consists of, so that a changed Job is another Job and an unchanged one is
   * not run again. Suits GitOps, which would make a Job again that its time to live has deleted.
   *
   * @default false
   */
  readonly contentHashInName?: boolean;

  /**
   * Resources of each of the Job's containers.
   *
   * @default - requests 20m and 32Mi, limit 128Mi of memory
   */
  readonly resources?: ContainerResources;

  /**
   * Annotations of the Job, and of no other object: what Argo CD or Flux are to do with it, such as
   * `argocd.argoproj.io/sync-options: Replace=true` or `kustomize.toolkit.fluxcd.io/force: enabled`.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the Job and of its pod, beside those of the cluster; `app` is the library's own.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

/** Properties of `ClusterInitJob`. */
export interface ClusterInitJobProps extends ClusterInitJobOptions {
  /**
   * Name of the Job, and of the ConfigMap, ServiceAccount, Role and RoleBinding that belong to it: a DNS label.
   *
   * @default - the StatefulSet's name and `-init`
   */
  readonly name?: string;

  /**
   * The StatefulSet whose pods become the cluster, if it is in this app: of any cdk8s-plus line, an `ApiObject`, or any construct
   * that holds exactly one. It must be in the namespace of the Job, and have as many replicas as the wanted cluster has nodes.
   *
   * @default - the one of the name `statefulSetName`
   */
  readonly statefulSet?: IConstruct;

  /**
   * Name of the StatefulSet whose pods become the cluster, if it is not in this app. A DNS label of at most 52 characters.
   *
   * @default 'redis-cluster'; with `statefulSet` its name
   */
  readonly statefulSetName?: string;

  /**
   * Name of the StatefulSet's headless Service, for `PodDiscovery.DNS`; it must publish addresses that are not ready.
   *
   * @default - that of `statefulSet`; else the StatefulSet's name and `-headless`
   */
  readonly serviceName?: string;

  /**
   * Masters of the wanted cluster, from 3 to 1000.
   *
   * @default 3
   */
  readonly masters?: number;

  /**
   * Replicas of each master, from 0; at most 1000 pods.
   *
   * @default 1
   */
  readonly replicasPerMaster?: number;

  /**
   * Port of Redis, from 1 to 55535; the cluster bus is 10000 above it.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Image with a shell, awk and redis-cli or valkey-cli: the servers' own image, so that both have the same version.
   *
   * @default 'redis:6.2'
   */
  readonly image?: string;

  /**
   * The Secret and its key with the password of Redis.
   *
   * @default - no password
   */
  readonly password?: RedisSecretKey;

  /**
   * The user that the password belongs to; it must be allowed to call CLUSTER, INFO and CONFIG GET.
   *
   * @default 'default'
   */
  readonly user?: string;

  /**
   * Where the certificate comes from, if Redis speaks TLS.
   *
   * @default - no TLS
   */
  readonly tls?: RedisTls;

  /**
   * Labels that the Kubernetes node of the Job's pod must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints that the Job's pod tolerates.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * When the kubelet pulls the images.
   *
   * @default - Kubernetes decides: if the image is not there, always for the tag `latest`
   */
  readonly imagePullPolicy?: ImagePullPolicy;

  /**
   * Names of the Secrets with which the kubelet pulls the images.
   *
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * Warnings that you know about; they are not printed.
   *
   * @default - none
   */
  readonly acknowledgedWarnings?: RedisClusterWarning[];

  /**
   * Name of the cluster's ConfigMap, which has the Job's scripts already.
   *
   * @default - the Job brings a ConfigMap of its own
   * @internal
   */
  readonly _scriptsName?: string;

  /**
   * What all objects of the cluster have.
   *
   * @default - nothing
   * @internal
   */
  readonly _metadata?: ObjectMetadata;
}

/**
 * The Job that makes the pods of a StatefulSet one Redis Cluster, with the rights that it needs.
 *
 * It brings the cluster from whatever state it finds to the wanted one and issues only what is missing, so that it can be run
 * at any time: fresh pods become a cluster, an interrupted creation is completed, a formed cluster is left alone.
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { ClusterInitJob } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'redis');
 * new ClusterInitJob(chart, 'Init', { statefulSetName: 'cache', masters: 5, replicasPerMaster: 1 });
 * ```
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class ClusterInitJob extends Construct {
  /** Name of the Job; with `contentHashInName` it ends with the hash. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: ClusterInitJobProps = {}) {
    super(scope, id);
    const { named, problems } = ownStatefulSet(this, given(props));
    const wanted = { ...given(props), ...named };
    throwProblems(this, [...problems, ...validateInitJob(wanted)]);
    const settings = resolveInitJob(wanted);
    const spec = initJobSpec(settings);
    const hash = checksum({ scripts: scriptsChecksum('job'), spec: JSON.stringify(spec) }).slice(0, 8);
    this.name = settings.contentHashInName ? `${settings.name}-${hash}` : settings.name;

    if (props._scriptsName === undefined) {
      addScriptsConfigMap(this, settings.scriptsName, 'job');
    }
    initJobPermissions(this, settings);
    const job = new ApiObject(this, 'Resource', KubeJob.manifest({ metadata: { name: this.name }, spec }));
    addMetadata(this, props._metadata ?? {});
    addMetadata(job, props);
    claimNames(this, [settings.podLabel]);
    if (props._scriptsName === undefined) { // otherwise the cluster says it
      const images = { image: settings.image, ...settings.discovery === PodDiscovery.DNS ? {} : { kubectlImage: settings.kubectlImage } };
      warn(this, Object.entries(images).flatMap(([prop, image]) => movingTag(prop, image)), props.acknowledgedWarnings);
    }
  }
}
