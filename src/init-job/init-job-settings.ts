import { Duration } from 'cdk8s';
import { PodDiscovery } from './pod-discovery';
import { RedisResharding } from './redis-resharding';
import { Access } from '../access/access-settings';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { ObjectMetadata } from '../metadata/object-metadata';
import { Toleration } from '../placement/toleration';
import { ContainerResources } from '../resources/container-resources';
import { RedisLogFormat } from '../scripts/redis-log-format';

/** What users choose about the Job, whosever it is. */
export interface InitJobChoices {
  readonly kubectlImage: string;
  readonly discovery: PodDiscovery;
  readonly timeout: Duration;
  readonly backoffLimit: number;
  readonly activeDeadline: Duration;
  readonly contentHashInName: boolean;
  readonly ttlAfterFinished?: Duration;
  readonly resources?: ContainerResources;
  readonly resharding: RedisResharding;
  /** What the Job has beside its name; its pod has the labels, too. */
  readonly jobMetadata: ObjectMetadata;
}

/** What the Job is made of. */
export interface InitJobSettings extends InitJobChoices, Access {
  /** Name of the Job, and the label `app` of its pod. */
  readonly name: string;
  readonly scriptsName: string;
  readonly statefulSetName: string;
  readonly serviceName: string;
  readonly masters: number;
  readonly replicasPerMaster: number;
  /** The pods that there are; with `scaleInFrom` more than the shape needs. */
  readonly pods: number;
  readonly members: number;
  /** Whether it only says what it would do. */
  readonly isPlan?: boolean;
  /** Whether the Job writes to the StatefulSet how many pods are needed. */
  readonly scaleInGuard: boolean;
  /** The user that reads and writes keys when slots move. */
  readonly mover: string;
  readonly port: number;
  readonly image: string;
  /** What all of its objects have. */
  readonly objectMetadata: ObjectMetadata;
  readonly nodeSelector?: Record<string, string>;
  readonly tolerations?: Toleration[];
  readonly imagePullPolicy?: ImagePullPolicy;
  readonly imagePullSecrets?: string[];
  readonly logFormat?: RedisLogFormat;
}
