import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { BACKUP_SUFFIX, BackupJobSettings, backupAccess, backupImages, backupUserProblems, parseBackupJob } from './backup-job';
import { BackupPod, backupJobSpec, scriptContainer } from './backup-job-spec';
import { RedisBackupProps } from './redis-backup-props';
import { backupFolder, rcloneEnv, rcloneImage } from './target';
import { accessEnv, accessMounts, accessVolumes } from '../access/container-access';
import { given } from '../checks/given';
import { Parsed, settingsOf } from '../checks/problem';
import { integer, wholeSeconds } from '../checks/values';
import { movingTags } from '../image/image';
import { EnvVar, KubeCronJob } from '../kubernetes/objects';
import { claimFolder, claimNames } from '../kubernetes/unique-names';
import { addMetadata } from '../metadata/object-metadata';
import { backupNetworkPolicies } from '../network/network-policy';
import { addScriptsConfigMap } from '../scripts/scripts-config-map';
import { warn } from '../warnings/warn';

interface BackupSettings extends BackupJobSettings {
  readonly count: number;
  readonly age?: Duration;
}

/**
 * A CronJob that backs a cluster up: a snapshot of each shard, all taken at the same time from replicas in sync, and a manifest with
 * their checksums, slots and numbers of keys, written last. A run in which slots or masters change fails. Shards have no common point
 * in time: they differ by what was written between their snapshots.
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { BackupTarget, RedisBackup, RedisCluster } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'redis');
 * const cluster = new RedisCluster(chart, 'Sessions', { name: 'sessions' });
 * new RedisBackup(chart, 'Backup', { cluster, schedule: '15 3 * * *', target: BackupTarget.claim('redis-backups') });
 * ```
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class RedisBackup extends Construct {
  /** Name of the CronJob. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: RedisBackupProps) {
    super(scope, id);
    const settings = settingsOf(this, parseBackup(this, given(props)));
    const { name, cluster, image, target } = settings;
    this.name = name;
    addScriptsConfigMap(this, name, 'backup');
    new ApiObject(this, 'Resource', KubeCronJob.manifest({ metadata: { name }, spec: backupJobSpec(settings, backupPod(settings)) }));
    if (cluster.networkPolicy) {
      backupNetworkPolicies(this, name, cluster, target);
    }
    addMetadata(this, cluster.objectMetadata);
    claimNames(this, [name]);
    claimFolder(this, backupFolder(target, cluster.name, Chart.of(this).namespace));
    warn(this, movingTags(backupImages(image, target)), props.acknowledgedWarnings);
  }
}

function parseBackup(backup: Construct, props: RedisBackupProps): Parsed<BackupSettings> {
  const { settings, problems } = parseBackupJob(backup, props, BACKUP_SUFFIX);
  const { count = 7, age } = given(props.retention ?? {});
  return {
    settings: { ...settings, count, age },
    problems: [
      ...problems,
      ...backupUserProblems(settings.cluster),
      ...integer('retention.count', count, { min: 1, reason: 'the newest backup always stays' }),
      ...wholeSeconds('retention.age', age, 3600, 'backups take a while'),
    ],
  };
}

function backupPod(settings: BackupSettings): BackupPod {
  const { cluster, image, target, timeout, count, age } = settings;
  const access = backupAccess(cluster);
  const retention: EnvVar[] = [
    { name: 'KEEP', value: String(count) },
    ...age ? [{ name: 'KEEP_SECONDS', value: String(age.toSeconds()) }] : [],
  ];
  const env = [
    { name: 'HOST', value: cluster.domain },
    { name: 'PORT', value: String(cluster.port) },
    { name: 'TIMEOUT', value: String(timeout.toSeconds() - 30) }, // so that the log says why, before Kubernetes ends the run
    ...target.bucket ? [] : retention,
    ...accessEnv(access),
  ];
  const snapshots = scriptContainer('backup', image, ['backup.sh'], env, settings, accessMounts(access));
  const { bucket } = target;
  return {
    ...bucket ? {
      initContainers: [snapshots],
      containers: [scriptContainer('upload', rcloneImage(target)!, ['backup-bucket.sh', 'upload'], [...rcloneEnv(bucket), ...retention], settings)],
    } : { containers: [snapshots] },
    volumes: accessVolumes(access),
  };
}
