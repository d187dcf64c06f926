import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { BackupJobOptions } from './backup-job-options';
import { BackupTarget } from './backup-target';
import { scheduleProblems } from './schedule';
import { rcloneImage, targetProblems } from './target';
import { Access } from '../access/access-settings';
import { BACKUP } from '../access/users';
import { dnsLabel } from '../checks/names';
import { Parsed, problem } from '../checks/problem';
import { integer, LARGEST_INT32, wholeSeconds } from '../checks/values';
import { BackedUpCluster, backedUpCluster } from '../clients/backed-up-cluster';
import { IRedisCluster } from '../clients/redis-connection';
import { imageOfPrograms, pinnedImages, readsSnapshotsOf } from '../image/image';
import { ContainerResources } from '../resources/container-resources';
import { givenResources } from '../resources/given-resources';
import { resourceProblems } from '../resources/resource-requirements';
import { logFormatProblems } from '../scripts/log-format';
import { RedisLogFormat } from '../scripts/redis-log-format';
import { clusterNames } from '../shape/cluster-names';

/** What a CronJob that has to do with backups is made of. */
export interface BackupJobSettings {
  readonly name: string;
  readonly cluster: BackedUpCluster;
  readonly target: BackupTarget;
  readonly schedule: string;
  readonly timeZone?: string;
  readonly image: string;
  readonly timeout: Duration;
  readonly backoffLimit: number;
  readonly startingDeadline: Duration;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
  readonly resources?: ContainerResources;
  readonly logFormat?: RedisLogFormat;
}

/** What the name of a `RedisBackup` ends with, unless it is given. */
export const BACKUP_SUFFIX = '-backup';

export function parseBackupJob(job: Construct, props: BackupJobOptions, suffix: string): Parsed<BackupJobSettings> {
  const { schedule, target, timeZone, timeout = Duration.hours(2), backoffLimit = 2, startingDeadline = Duration.minutes(30) } = props;
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 3 } = props;
  const resources = givenResources(props.resources);
  const cluster = backedUpCluster(props.cluster);
  const { name = `${cluster?.name ?? 'redis-cluster'}${suffix}`, image = cluster?.image ?? '', logFormat = cluster?.logFormat } = props;
  const runs = { min: 0, max: LARGEST_INT32, reason: 'Kubernetes counts runs in 32 bits' };
  return {
    settings: {
      name,
      cluster: cluster!,
      target,
      schedule,
      timeZone,
      image,
      timeout,
      backoffLimit,
      startingDeadline,
      successfulJobsHistoryLimit,
      failedJobsHistoryLimit,
      resources,
      logFormat,
    },
    problems: [
      ...cluster ? inNamespace(job, cluster) : notKnown(props.cluster),
      ...dnsLabel('name', name, 52, 'Kubernetes adds the time of each run to it'),
      ...cluster ? namesElsewhere(name, cluster) : [],
      ...scheduleProblems(schedule, timeZone),
      ...targetProblems('target', target),
      ...imageProblems(image, cluster),
      ...cluster?.requireImageDigests ? pinnedImages(backupImages(image, target)) : [],
      ...wholeSeconds('timeout', timeout, 60),
      ...wholeSeconds('startingDeadline', startingDeadline, 10),
      ...integer('backoffLimit', backoffLimit, runs),
      ...integer('successfulJobsHistoryLimit', successfulJobsHistoryLimit, runs),
      ...integer('failedJobsHistoryLimit', failedJobsHistoryLimit, runs),
      ...resourceProblems('resources', resources),
      ...logFormatProblems(props.logFormat),
    ],
  };
}

/** Its programs take the snapshots, and its server loads them in a drill. That of the cluster has been checked. */
function imageProblems(image: string, cluster: BackedUpCluster | undefined): string[] {
  if (image === '') {
    return cluster ? [problem('image', 'be given for the cluster of another app', 'none', 'the snapshots are taken by the programs of the servers')] : [];
  }
  return image === cluster?.image ? [] : [...imageOfPrograms('image', image), ...readsSnapshotsOf(cluster?.toldVersion, 'image', image)];
}

/** The images of a CronJob, by their props. */
export function backupImages(image: string, target: BackupTarget): Record<string, string> {
  const rclone = rcloneImage(target);
  return { image, ...rclone ? { 'target.rcloneImage': rclone } : {} };
}

/** Callers without types may give anything. */
function notKnown(cluster: Partial<IRedisCluster> | undefined): string[] {
  const got = cluster?.node?.path ?? (cluster === undefined ? undefined : 'something else');
  return [problem('cluster', 'be a RedisCluster, or come from RedisCluster.fromAttributes', got, 'no more is known of others')];
}

function inNamespace(job: Construct, { namespace }: BackedUpCluster): string[] {
  const own = Chart.of(job).namespace;
  return own === namespace ? []
    : [problem('cluster', `be in the namespace of the CronJob (${own ?? 'none'})`, namespace ?? 'none', 'pods can read no Secret and no claim of another one')];
}

/** Objects of this app claim their names; those of another one are only known by what the cluster is called. */
function namesElsewhere(name: string, { name: cluster, namespace, members, isImported }: BackedUpCluster): string[] {
  const { initJobName, configName, scriptsName, alertsName } = clusterNames(cluster, namespace);
  return isImported && members > 0 && [cluster, initJobName, configName, scriptsName, alertsName].includes(name)
    ? [problem('name', "differ from the names of the cluster's pods and ConfigMaps", name, 'one would replace the other, or clients would be sent here')] : [];
}

/** Who takes backups: with users one of its own, or the default user. */
export function backupAccess({ users, password, backupPassword, tls }: BackedUpCluster): Access {
  return users ? { user: BACKUP, password: backupPassword, tls } : { user: 'default', password, tls };
}

/** With users, there must be one that may copy everything. */
export function backupUserProblems(cluster: BackedUpCluster | undefined): string[] {
  return !cluster?.users || cluster.backupPassword ? []
    : [problem('cluster', "have a 'backupPassword' beside its 'users'", 'none',
      'none of its users may copy all keys: name a key of the Secret, and the cluster gets a user that may do only that')];
}
