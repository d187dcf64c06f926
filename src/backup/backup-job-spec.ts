import { BackupJobSettings } from './backup-job';
import { BACKUP_FOLDER, backupVolume } from './target';
import * as k8s from '../kubernetes/objects';
import { containerSecurityContext, podSecurityContext } from '../kubernetes/pod-security';
import { tolerationsSpec } from '../placement/tolerations';
import { resourceRequirements } from '../resources/resource-requirements';
import { withLogFormat } from '../scripts/log-format';
import { SCRIPTS } from '../scripts/scripts-config-map';

/** What differs between a backup and a drill. */
export interface BackupPod {
  readonly initContainers?: k8s.Container[];
  readonly containers: k8s.Container[];
  readonly volumes: k8s.Volume[];
  /** Whether the pod only reads the backups. */
  readonly readOnly?: true;
}

export function backupJobSpec(settings: BackupJobSettings, pod: BackupPod): k8s.CronJobSpec {
  const { cluster } = settings;
  return {
    schedule: settings.schedule,
    timeZone: settings.timeZone,
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: settings.startingDeadline.toSeconds(),
    successfulJobsHistoryLimit: settings.successfulJobsHistoryLimit,
    failedJobsHistoryLimit: settings.failedJobsHistoryLimit,
    jobTemplate: {
      spec: {
        backoffLimit: settings.backoffLimit,
        activeDeadlineSeconds: settings.timeout.toSeconds(),
        template: {
          metadata: { labels: { ...cluster.objectMetadata.labels, app: settings.name } },
          spec: withLogFormat({
            restartPolicy: 'Never', // the log of a try that failed stays
            automountServiceAccountToken: false,
            securityContext: podSecurityContext,
            nodeSelector: cluster.placement?.nodeSelector,
            tolerations: tolerationsSpec(cluster.placement?.tolerations),
            imagePullSecrets: cluster.imagePullSecrets?.map(name => ({ name })),
            initContainers: pod.initContainers,
            containers: pod.containers,
            volumes: [
              backupVolume(settings.target, pod.readOnly),
              { name: 'tmp', emptyDir: {} },
              { name: 'scripts', configMap: { name: settings.name } },
              ...pod.volumes,
            ],
          }, settings.logFormat),
        },
      },
    },
  };
}

/** A container that runs a script, with what all of them have. */
export function scriptContainer(
  name: string, image: string, script: string[], env: k8s.EnvVar[], { cluster, resources }: BackupJobSettings, mounts: k8s.VolumeMount[] = [],
): k8s.Container {
  return {
    name,
    image,
    imagePullPolicy: cluster.imagePullPolicy,
    command: ['sh', `${SCRIPTS}/${script[0]}`, ...script.slice(1)],
    env: [{ name: 'NAME', value: cluster.name }, ...env],
    resources: resourceRequirements(resources) ?? defaultResources,
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: 'backup', mountPath: BACKUP_FOLDER },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'scripts', mountPath: SCRIPTS },
      ...mounts,
    ],
  };
}

const defaultResources = {
  requests: { cpu: k8s.Quantity.fromString('50m'), memory: k8s.Quantity.fromString('64Mi') },
  limits: { memory: k8s.Quantity.fromString('512Mi') },
};
