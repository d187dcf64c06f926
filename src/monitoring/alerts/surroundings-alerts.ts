import { Alert, Watched } from './alert';
import { BACKUP_SUFFIX } from '../../backup/backup-job';
import { BackupAlertOptions } from '../redis-alert-options';

/** What others know of the cluster: its Jobs and its certificate. */
export function surroundingsAlerts(watched: Watched): Alert[] {
  const { cluster, alerts } = watched;
  return [
    ...alerts.kubeStateMetrics ? [initJobAlert(watched)] : [],
    ...alerts.kubeStateMetrics && alerts.backup ? backupAlerts(watched, alerts.backup) : [],
    ...alerts.certManagerMetrics && cluster.tls?.issuer ? [certificateAlert(watched)] : [],
  ];
}

const failed = (watched: Watched, jobs: string) => `${watched.inNamespace('kube_job_failed', `job_name=~"${jobs}",condition="true"`)} == 1`;

function initJobAlert(watched: Watched): Alert {
  const { name, namespace, initJobName } = watched.cluster;
  return {
    name: 'RedisInitJobFailed',
    severity: 'warning',
    expr: failed(watched, `${initJobName}(-[0-9a-f]+)?`),
    for: '0m',
    summary: `The init Job of Redis Cluster ${name} failed`,
    description: `The cluster does not have the shape that was applied. The log went with the Job's pod: delete the Job, apply again, and follow \`kubectl logs -n ${namespace} -f job/{{ $labels.job_name }}\`.`,
  };
}

function backupAlerts(watched: Watched, { maximumAge, name = `${watched.cluster.name}${BACKUP_SUFFIX}` }: BackupAlertOptions): Alert[] {
  const { namespace } = watched.cluster;
  const ofJobs = (metric: string) => watched.inNamespace(metric, `job_name=~"${name}-[0-9]+"`);
  const ofCronJob = (metric: string) => `max(${watched.inNamespace(metric, `cronjob="${name}"`)})`;
  const lastSuccess = ofCronJob('kube_cronjob_status_last_successful_time');
  return [
    {
      name: 'RedisBackupFailed',
      severity: 'warning',
      expr: `max(${ofJobs('kube_job_status_start_time')} and on (namespace, job_name) ${failed(watched, `${name}-[0-9]+`)})`
        + ` > (${lastSuccess} or vector(0))`,
      for: '0m',
      summary: `A backup of ${name} failed, and none has succeeded since`,
      description: `\`kubectl logs -n ${namespace} -l app=${name} --all-containers --tail=-1\` says why.`,
    },
    {
      name: 'RedisBackupTooOld',
      severity: 'critical',
      expr: `time() - (${lastSuccess} or ${ofCronJob('kube_cronjob_created')}) > ${maximumAge.toSeconds()}`,
      for: '0m',
      summary: `The newest backup of ${name} is {{ $value | humanizeDuration }} old`,
      description: `Look whether the CronJob runs and is not suspended: \`kubectl get cronjob,jobs -n ${namespace}\`.`,
    },
  ];
}

function certificateAlert({ cluster: { tls, name, namespace, certificateName }, alerts }: Watched): Alert {
  const { duration, renewBefore } = tls?.issuer ?? {};
  const remaining = alerts.certificateRemaining?.toSeconds()
    ?? (renewBefore ? Math.floor(renewBefore.toSeconds() / 2) : duration ? Math.floor(duration.toSeconds() / 6) : 15 * 24 * 3600);
  const end = (label: string) => `certmanager_certificate_expiration_timestamp_seconds{${label}="${namespace}",name="${certificateName}"}`;
  return {
    name: 'RedisCertificateEnding',
    severity: 'critical',
    // Prometheus calls the label exported_namespace, unless it is told to honour it.
    expr: `(${end('exported_namespace')} or ${end('namespace')}) - time() < ${remaining}`,
    for: '0m',
    summary: `The certificate of Redis Cluster ${name} ends in {{ $value | humanizeDuration }}`,
    description: `It should have been renewed; when it ends, nodes lose each other. \`kubectl describe certificate -n ${namespace} ${certificateName}\` says what cert-manager waits for.`,
  };
}
