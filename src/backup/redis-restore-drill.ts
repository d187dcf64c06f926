import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { backupImages, BackupJobSettings, parseBackupJob } from './backup-job';
import { BackupJobOptions } from './backup-job-options';
import { BackupPod, backupJobSpec, scriptContainer } from './backup-job-spec';
import { rcloneEnv, rcloneImage } from './target';
import { given } from '../checks/given';
import { settingsOf } from '../checks/problem';
import { movingTags } from '../image/image';
import { KubeCronJob } from '../kubernetes/objects';
import { claimNames } from '../kubernetes/unique-names';
import { addMetadata } from '../metadata/object-metadata';
import { drillNetworkPolicy } from '../network/network-policy';
import { addScriptsConfigMap } from '../scripts/scripts-config-map';
import { warn } from '../warnings/warn';

/** Properties of `RedisRestoreDrill`. */
export interface RedisRestoreDrillProps extends BackupJobOptions {}

/**
 * A CronJob that tries the newest backup: it compares every file with the manifest, loads one shard after the other into a server that
 * only its own pod reaches, and compares slots and numbers of keys. It fails when anything differs, and never connects to the cluster.
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { BackupTarget, RedisCluster, RedisRestoreDrill } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'redis');
 * const cluster = new RedisCluster(chart, 'Sessions', { name: 'sessions' });
 * new RedisRestoreDrill(chart, 'Drill', { cluster, schedule: '0 6 * * 0', target: BackupTarget.claim('redis-backups') });
 * ```
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class RedisRestoreDrill extends Construct {
  /** Name of the CronJob. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: RedisRestoreDrillProps) {
    super(scope, id);
    const parsed = settingsOf(this, parseBackupJob(this, given(props), '-restore-drill'));
    const settings = { ...parsed, resources: parsed.resources ?? parsed.cluster.resources ?? {} };
    const { name, cluster, image, target } = settings;
    this.name = name;
    addScriptsConfigMap(this, name, 'restore');
    new ApiObject(this, 'Resource', KubeCronJob.manifest({ metadata: { name }, spec: backupJobSpec(settings, drillPod(settings)) }));
    if (cluster.networkPolicy) {
      drillNetworkPolicy(this, name, target);
    }
    addMetadata(this, cluster.objectMetadata);
    claimNames(this, [name]);
    warn(this, movingTags(backupImages(image, target)), props.acknowledgedWarnings);
  }
}

function drillPod(settings: BackupJobSettings): BackupPod {
  const { target, image } = settings;
  return {
    initContainers: target.bucket
      && [scriptContainer('fetch', rcloneImage(target)!, ['backup-bucket.sh', 'fetch'], rcloneEnv(target.bucket), settings)],
    containers: [scriptContainer('drill', image, ['backup-load.sh', 'drill'], [{ name: 'PORT', value: '6379' }], settings)],
    volumes: [],
    readOnly: true,
  };
}
