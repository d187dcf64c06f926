import { RestoreSettings } from './restore-settings';
import { BACKUP_FOLDER, backupVolume, rcloneEnv, rcloneImage } from './target';
import { accessEnv, accessMounts } from '../access/container-access';
import { ClusterSettings } from '../cluster/cluster-settings';
import { configMount } from '../config/config-mount';
import { fromPod } from '../kubernetes/from-pod';
import * as k8s from '../kubernetes/objects';
import { containerSecurityContext } from '../kubernetes/pod-security';
import { resourceRequirements } from '../resources/resource-requirements';
import { SCRIPTS } from '../scripts/scripts-config-map';
import { DATA_VOLUME } from '../storage/storage';

/** Containers that end before the server starts; on a disk that is not new they do nothing. */
export function restoreContainers(settings: ClusterSettings): k8s.Container[] | undefined {
  const { restore, peersName, port, image } = settings;
  if (!restore) {
    return undefined;
  }
  const { bucket } = restore.target;
  const cluster = [
    { name: 'PEERS', value: peersName },
    { name: 'PORT', value: String(port) },
    ...accessEnv(settings),
  ];
  return [
    ...bucket ? [container(settings, restore, 'restore-fetch', rcloneImage(restore.target)!, ['backup-bucket.sh', 'fetch'], rcloneEnv(bucket))] : [],
    container(settings, restore, 'restore', image, ['backup-load.sh', 'restore'], cluster, [configMount, ...accessMounts(settings)]),
  ];
}

function container(
  settings: ClusterSettings, { name, time }: RestoreSettings, id: string, image: string, [script, word]: string[], env: k8s.EnvVar[],
  mounts: k8s.VolumeMount[] = [],
): k8s.Container {
  return {
    name: id,
    image,
    imagePullPolicy: settings.imagePullPolicy,
    command: ['sh', `${SCRIPTS}/${script}`, word],
    env: [
      fromPod('POD_NAME', 'metadata.name'),
      { name: 'NAME', value: name },
      { name: 'TIME', value: time },
      ...env,
    ],
    resources: resourceRequirements(settings.resources),
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: 'backup', mountPath: BACKUP_FOLDER },
      { name: DATA_VOLUME, mountPath: '/data' },
      { name: 'restore-tmp', mountPath: '/tmp' },
      { name: 'scripts', mountPath: SCRIPTS },
      ...mounts,
    ],
  };
}

export function restoreVolumes({ restore }: ClusterSettings): k8s.Volume[] {
  return restore ? [backupVolume(restore.target, true), { name: 'restore-tmp', emptyDir: {} }] : [];
}
