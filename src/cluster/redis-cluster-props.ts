import { Duration } from 'cdk8s';
import { RedisClusterPreset } from './redis-cluster-preset';
import { RedisAuthentication } from '../access/redis-authentication';
import { RedisSecretKey } from '../access/redis-secret';
import { RedisTls } from '../access/redis-tls';
import { RedisUser } from '../access/redis-user';
import { RestoreSource } from '../backup/restore-source';
import { RedisConfigSettings } from '../config/redis-config-settings';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { ClusterInitJobOptions } from '../init-job/cluster-init-job-props';
import { RedisMonitoring } from '../monitoring/redis-monitoring';
import { Affinity } from '../placement/affinity';
import { PodSpread } from '../placement/pod-spread';
import { Toleration } from '../placement/toleration';
import { ContainerResources } from '../resources/container-resources';
import { RedisLogFormat } from '../scripts/redis-log-format';
import { RedisClusterShape } from '../shape/redis-cluster-shape';
import { RedisStorage } from '../storage/redis-storage';
import { RedisVersion } from '../versions/redis-version';
import { RedisClusterWarning } from '../warnings/redis-cluster-warning';

/** Properties of `RedisCluster`. */
export interface RedisClusterProps {
  /**
   * Name of the StatefulSet and prefix of all other names: a DNS label of at most 52 characters that begins with a letter.
   * It is also the value of the pods' label `app`, by which they are selected.
   *
   * @default 'redis-cluster'
   */
  readonly name?: string;

  /**
   * Number of masters, from 3 to 1000; with fewer, no replica can be elected when one fails.
   *
   * @default 3
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
   */
  readonly masters?: number;

  /**
   * Number of replicas of each master, from 0. Pods = masters × (1 + replicasPerMaster), at most 1000.
   *
   * @default 1
   * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
   */
  readonly replicasPerMaster?: number;

  /**
   * The present shape of a cluster that is to have fewer pods: first of two steps. With it, the pods stay, and the init Job makes those
   * that `masters` and `replicasPerMaster` need the complete cluster by themselves: slots and roles of the others go to them. When
   * the Job is complete, leave this out and apply again: the others go. Without the first step a StatefulSet deletes its last
   * pods at once, whatever slots they hold.
   *
   * @default - no pod is to leave
   */
  readonly scaleInFrom?: RedisClusterShape;

  /**
   * Whether there is a second Job, `<name>-plan`, whose log says what the init Job would do: which slots, keys and roles would move.
   * It changes nothing, and can be applied alone before the rest: a `RedisClusterApp` writes it to `redis-cluster-plan.yaml`. It uses the
   * scripts and the ServiceAccount of the cluster that is there.
   *
   * @default false
   */
  readonly planJob?: boolean;

  /**
   * Whether the API server refuses to lower the StatefulSet's replicas before the init Job has emptied the pods that would go: by a
   * ValidatingAdmissionPolicy, for which whoever applies needs rights for the whole Kubernetes cluster (1.30 and later). The chart
   * must have a namespace.
   *
   * @default false
   * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
   */
  readonly scaleInGuard?: boolean;

  /**
   * Image of Redis or Valkey, laid out like the official ones. Bitnami's are refused: their user, folders and entry point differ.
   *
   * @default 'redis:6.2'
   */
  readonly image?: string;

  /**
   * Version of Redis in the image: it decides which directives and commands exist and which features are used. It must agree
   * with the image's tag, if the tag tells a version.
   *
   * @default - read from the image's tag; Redis 6.2 if the tag names no version
   */
  readonly version?: RedisVersion;

  /**
   * The image of the former YAML, if `image` may replace it although the new servers cannot use the disks of the former ones: you have
   * considered that, or that cluster is gone together with its claims. It has no effect any more once the YAML is written.
   *
   * @default - an image whose servers cannot use the disks of the former ones is refused
   */
  readonly acknowledgedFormerImage?: string;

  /**
   * Settings of redis.conf beside those that make it a cluster.
   *
   * @default - the seven lines of the original YAML
   */
  readonly config?: RedisConfigSettings;

  /**
   * Where the data is kept.
   *
   * @default RedisStorage.persistentVolumeClaim(): 1Gi of the default storage class for each pod
   */
  readonly storage?: RedisStorage;

  /**
   * The backup that a new cluster begins with. Each pod whose disk is new loads the shard of its number, before its server starts, and
   * the init Job makes one cluster of them; it must have at least as many masters as the backup has shards. On disks that are not new,
   * and in a cluster that is there, it does nothing: remove it at the next opportunity, which rolls the pods once.
   *
   * @default - the cluster begins empty
   */
  readonly restoreFrom?: RestoreSource;

  /**
   * Whether a crash of one pod may lose keys for good. Unless true, props with which it would are refused: ephemeral storage or
   * no append-only file, together with no replica that takes over.
   *
   * @default false
   */
  readonly acceptDataLoss?: boolean;

  /**
   * Resources of the container that runs Redis. A memory limit must be at least 1.25 times `config.maxmemory`.
   *
   * @default - none; `RedisCluster.DOCUMENTED_RESOURCES`, those of the original YAML, with the production preset
   */
  readonly resources?: ContainerResources;

  /**
   * Who may log in. It must agree with `password` and `users`, if you give them. With the production preset,
   * RedisAuthentication.PASSWORD turns its users off, and RedisAuthentication.NONE its passwords as well.
   *
   * @default - what `users` and `password` say: USERS, PASSWORD, or NONE without both; USERS with the production preset
   */
  readonly authentication?: RedisAuthentication;

  /**
   * The Secret and its key with the password. Without `users`, clients and the cluster itself log in with it as the default
   * user; with them it is that of the cluster's own user, `maintenance`, and there is no default user.
   *
   * @default - no password; with the production preset key `password` of the Secret `<name>-auth`
   */
  readonly password?: RedisSecretKey;

  /**
   * A second password that is also accepted, for rotation.
   *
   * @default - none
   */
  readonly alternatePassword?: RedisSecretKey;

  /**
   * ACL users for clients, each with the rights it needs.
   *
   * @default - none: clients are the default user; with the production preset the user `app`, with key `app` of the Secret
   * `<name>-auth`
   */
  readonly users?: RedisUser[];

  /**
   * The Secret and its key with the password of the user `backup`, which takes backups and may call nothing else. `RedisBackup`
   * needs it where there are `users`.
   *
   * @default - none: there is no such user
   */
  readonly backupPassword?: RedisSecretKey;

  /**
   * Turns TLS on, for clients, replication, cluster bus and scripts, and the plaintext port off. `RedisTls.disabled()` turns off
   * that of the production preset.
   *
   * @default - no TLS; with the production preset the Secret `<name>-tls`
   */
  readonly tls?: RedisTls;

  /**
   * Whether nodes announce the names of their pods beside their addresses, from Redis 7.0 on. Nodes of Redis 6.2 do not
   * understand the messages of those that do: change this only when all pods run 7.0 or later.
   *
   * @default false; true with TLS, whose certificates hold names, where the version has it
   * @see https://redis.io/docs/latest/commands/cluster-slots/
   */
  readonly announceHostnames?: boolean;

  /**
   * Whether only the cluster itself and workloads with access may connect to the pods.
   *
   * @default false; true with the production preset
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly networkPolicy?: boolean;

  /**
   * Monitoring by Prometheus: redis_exporter beside each server, and a PodMonitor or annotations by which it is scraped.
   *
   * @default - not at all
   */
  readonly monitoring?: RedisMonitoring;

  /**
   * Whether images must be pinned by a digest.
   *
   * @default false; true with the production preset
   */
  readonly requireImageDigests?: boolean;

  /**
   * Defaults for props you omit.
   *
   * @default RedisClusterPreset.DOCUMENTED
   */
  readonly preset?: RedisClusterPreset;

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
  readonly tolerations?: Toleration[];

  /**
   * Further rules for the choice of nodes.
   *
   * @default - none
   */
  readonly affinity?: Affinity;

  /**
   * Name of the PriorityClass of the pods.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Labels of all objects and of the pods, beside those of the chart. The pods' label `app` is the library's own. Selectors and
   * claim templates, which Kubernetes cannot change, have none of them.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of all objects, for tools that apply or watch them; `cdk8s-redis-cluster/…` are the library's own. Those of the pods
   * are `podAnnotations`, those of the Job alone `initJob.annotations`.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Whether all objects and the pods have the labels that Kubernetes recommends: `app.kubernetes.io/name`, `instance`,
   * `version`, `component` and `managed-by`. `labels` may replace any of them, or add `part-of`.
   *
   * @default false
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
   */
  readonly recommendedLabels?: boolean;

  /**
   * Labels of the pods beside those of all objects; `app` is the library's own.
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
   * Format of the log lines of the library's scripts: those of the init Job, of the heal containers, and of the start and stop of the
   * servers. The servers' own lines stay as they are. With `RedisLogFormat.JSON` the exporter of `monitoring` writes JSON, too. The pods
   * roll when it changes.
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
   * How long a stopping master waits for a replica to take over, in whole seconds from 1.
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
   * How long a pod may take to start, in whole seconds from 10; a server that accepts no connections by then is started again.
   * Loading its data does not count: Redis accepts connections before.
   *
   * @default Duration.minutes(30)
   */
  readonly startupTimeout?: Duration;

  /**
   * Options of the init Job.
   *
   * @default - those of `ClusterInitJob`
   */
  readonly initJob?: ClusterInitJobOptions;

  /**
   * Warnings that are not printed, because you have considered them.
   *
   * @default - none
   */
  readonly acknowledgedWarnings?: RedisClusterWarning[];
}
