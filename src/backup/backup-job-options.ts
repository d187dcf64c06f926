import { Duration } from 'cdk8s';
import { BackupTarget } from './backup-target';
import { IRedisCluster } from '../clients/redis-connection';
import { ContainerResources } from '../resources/container-resources';
import { RedisLogFormat } from '../scripts/redis-log-format';
import { RedisClusterWarning } from '../warnings/redis-cluster-warning';

/** What `RedisBackup` and `RedisRestoreDrill` have in common. */
export interface BackupJobOptions {
  /** The cluster, in the namespace of the CronJob: one of this app, or one of another app by `RedisCluster.fromAttributes`. */
  readonly cluster: IRedisCluster;

  /**
   * When it runs, as cron writes it: minute, hour, day of the month, month and day of the week.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule: string;

  /** Where the backups are kept. */
  readonly target: BackupTarget;

  /**
   * Time zone of the schedule, such as `Europe/Berlin` or `Etc/UTC`.
   *
   * @default - that of Kubernetes' controllers
   */
  readonly timeZone?: string;

  /**
   * Name of the CronJob and of what belongs to it: a DNS label of at most 52 characters.
   *
   * @default - the cluster's name and `-backup`, or `-restore-drill`
   */
  readonly name?: string;

  /**
   * Image of the servers, whose programs are used.
   *
   * @default - that of the cluster; required for one of another app
   */
  readonly image?: string;

  /**
   * How long all tries of a run together may take, in whole seconds from 60.
   *
   * @default Duration.hours(2)
   */
  readonly timeout?: Duration;

  /**
   * How many times a failed run is repeated, from 0.
   *
   * @default 2
   */
  readonly backoffLimit?: number;

  /**
   * How late a run may begin, in whole seconds from 10; a later one is left out.
   *
   * @default Duration.minutes(30)
   */
  readonly startingDeadline?: Duration;

  /**
   * How many runs that succeeded Kubernetes keeps with their logs, from 0.
   *
   * @default 3
   */
  readonly successfulJobsHistoryLimit?: number;

  /**
   * How many runs that failed Kubernetes keeps with their logs, from 0.
   *
   * @default 3
   */
  readonly failedJobsHistoryLimit?: number;

  /**
   * Resources of each container. Snapshots are checked key by key: there must be memory for the largest key.
   *
   * @default - requests 50m and 64Mi, limit 512Mi of memory; for a drill, which loads a whole shard, those of the cluster's pods,
   * and none where these have none or are of another app
   */
  readonly resources?: ContainerResources;

  /**
   * Format of the log lines of the library's scripts.
   *
   * @default - that of the cluster; text for one of another app
   */
  readonly logFormat?: RedisLogFormat;

  /**
   * Warnings that are not printed, because you have considered them.
   *
   * @default - none
   */
  readonly acknowledgedWarnings?: RedisClusterWarning[];
}
