import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { InitJobSettings } from './init-job-settings';
import { PodDiscovery } from './pod-discovery';
import { RedisResharding } from './redis-resharding';
import { RedisSecretKey } from '../access/redis-secret';
import { RedisTls } from '../access/redis-tls';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { Toleration } from '../placement/toleration';
import { ContainerResources } from '../resources/container-resources';
import { RedisLogFormat } from '../scripts/redis-log-format';
import { RedisClusterShape } from '../shape/redis-cluster-shape';
import { RedisClusterWarning } from '../warnings/redis-cluster-warning';

/** Options of a cluster's init Job. */
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
   * How long one run may take before it fails and names what is missing, in whole seconds from 10. While slots move, it is the time
   * since the last of them did.
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
   * When Kubernetes ends the Job, all runs together; longer than `timeout`. Raise it where slots with much data move: a Job that was
   * ended goes on where it was when it is made again.
   *
   * @default - time for all runs and the pauses between them: 30 minutes with the other defaults
   */
  readonly activeDeadline?: Duration;

  /**
   * When Kubernetes deletes the finished Job. As long as it is there, `kubectl apply` refuses a change of its image or of another part of
   * its pod, as a Job's pod template is immutable; once it is gone, the next apply creates it again, and it checks the cluster again.
   *
   * @default Duration.minutes(10); never with `contentHashInName`
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
   */
  readonly ttlAfterFinished?: Duration;

  /**
   * Ends the Job's name with a hash of its content: a changed Job gets a new name and runs, an unchanged one does not run
   * again. Suits GitOps, which would otherwise make the Job again whenever its time to live has deleted it.
   *
   * @default false
   */
  readonly contentHashInName?: boolean;

  /**
   * How slots move from one master to another when the number of masters changes.
   *
   * @default - 2000 keys at a time, as fast as possible, and no key larger than 32 MiB
   */
  readonly resharding?: RedisResharding;

  /**
   * Resources of each of the Job's containers.
   *
   * @default - requests 20m and 32Mi, limit 128Mi of memory
   */
  readonly resources?: ContainerResources;

  /**
   * Annotations of the Job, and of no other object: what Argo CD or Flux are to do with it, such as
   * `argocd.argoproj.io/sync-options: Force=true,Replace=true` or `kustomize.toolkit.fluxcd.io/force: enabled`.
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
   * @default - the one named `statefulSetName`
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
   * The present shape of a cluster of which some pods are to leave; the StatefulSet must have that many.
   *
   * @default - no pod is to leave
   */
  readonly scaleInFrom?: RedisClusterShape;

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
   * The user that the password belongs to; it must be allowed to call CLUSTER, INFO and CONFIG GET, and, where slots are to move, PING,
   * WAIT, SELECT, MIGRATE, RESTORE-ASKING, EVAL, MEMORY USAGE and FUNCTION on all keys.
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
   * Format of the log lines of the library's scripts.
   *
   * @default RedisLogFormat.TEXT
   */
  readonly logFormat?: RedisLogFormat;

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
   * Warnings that are not printed, because you have considered them.
   *
   * @default - none
   */
  readonly acknowledgedWarnings?: RedisClusterWarning[];

  /**
   * What the cluster that makes the Job has checked already, in the place of all other props. It has the Job's scripts in a
   * ConfigMap, and warns about the Job's images.
   *
   * @default - the other props are checked, and the Job brings its scripts
   * @internal
   */
  readonly _settings?: InitJobSettings;
}
