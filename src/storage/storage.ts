import { Size } from 'cdk8s';
import { dataLoss } from './data-loss';
import { ClaimRetention, EphemeralStorageOptions, PersistentVolumeClaimOptions, RedisStorage } from './redis-storage';
import { dnsLabel, dnsSubdomain } from '../checks/names';
import { Parsed, problem } from '../checks/problem';
import { isMade, notMade, oneOf } from '../checks/values';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { ConfigSettings } from '../config/config-settings';
import * as k8s from '../kubernetes/objects';
import { kibibytes, storageQuantity } from '../resources/quantity';

/** Where the pods keep their data: a claim for each of them, or a folder that goes with the pod. */
export interface StorageSettings {
  readonly claim?: ClaimSettings;
  readonly folder?: EphemeralStorageOptions;
}

interface ClaimSettings extends PersistentVolumeClaimOptions {
  readonly size: Size;
}

/** Name of the volume with the data. */
export const DATA_VOLUME = 'redis-data';

/** As in the original YAML. */
const DEFAULT_SIZE = Size.gibibytes(1);

export function parseStorage(
  props: Pick<RedisClusterProps, 'storage' | 'acceptDataLoss'>, replicasPerMaster: number, config: ConfigSettings,
): Parsed<StorageSettings> {
  const storage = props.storage ?? RedisStorage.persistentVolumeClaim();
  const { claim, folder } = storage;
  const settings = { claim: claim && { ...claim, size: claim.size ?? DEFAULT_SIZE }, folder };
  return {
    settings,
    problems: [
      ...isMade(storage, 'claim') ? []
        : [notMade('storage', 'RedisStorage.persistentVolumeClaim or RedisStorage.ephemeral', storage, 'the data would have no place')],
      ...dnsSubdomain('storage.storageClassName', claim?.storageClassName || undefined), // an empty one stands for none
      ...roomForFiles('storage.size', claim?.size),
      ...copyOf(claim?.copyOf),
      ...retention('storage.whenDeleted', claim?.whenDeleted),
      ...retention('storage.whenScaled', claim?.whenScaled),
      ...roomForFiles('storage.sizeLimit', folder?.sizeLimit),
      ...dataLoss(props.acceptDataLoss === true, replicasPerMaster, folder !== undefined, config),
    ],
  };
}

function roomForFiles(prop: string, size: Size | undefined): string[] {
  return size === undefined || kibibytes(size) >= 1024 && Number.isInteger(kibibytes(size)) ? []
    : [problem(prop, 'be at least 1 MiB, in whole kibibytes', size, 'Redis must be able to write its data and the table of nodes')];
}

function retention(prop: string, value: ClaimRetention | undefined): string[] {
  return oneOf(prop, value, Object.values(ClaimRetention), 'the API server takes no other');
}

function copyOf(cluster: string | undefined): string[] {
  const [namespace, name, ...rest] = cluster?.split('/') ?? ['namespace', 'name'];
  return rest.length === 0 && name !== undefined && dnsLabel('', namespace).length === 0 && dnsLabel('', name).length === 0 ? []
    : [problem('storage.copyOf', "be the copied cluster's namespace/name", cluster, 'the disks are marked with it')];
}

/** The volume of the pods; that of a claim comes with its template. */
export function dataVolumes({ folder }: StorageSettings): k8s.Volume[] {
  return folder ? [{ name: DATA_VOLUME, emptyDir: folder.sizeLimit ? { sizeLimit: storageQuantity(folder.sizeLimit) } : {} }] : [];
}

/**
 * What the API server adds to a claim template; the typed templates have no place for it. Tools that compare the StatefulSet with
 * the object in the cluster find no difference, and server-side apply no conflict, as it compares claim templates as a whole.
 */
const CLAIM_DEFAULTS = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };

/** The claims of the StatefulSet. */
export function claims({ claim }: StorageSettings): Pick<k8s.StatefulSetSpec, 'persistentVolumeClaimRetentionPolicy' | 'volumeClaimTemplates'> {
  if (!claim) {
    return {};
  }
  const { whenDeleted, whenScaled } = claim;
  return {
    persistentVolumeClaimRetentionPolicy: whenDeleted || whenScaled ? { whenDeleted, whenScaled } : undefined,
    volumeClaimTemplates: [{
      ...CLAIM_DEFAULTS,
      metadata: { name: DATA_VOLUME },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        storageClassName: claim.storageClassName,
        resources: { requests: { storage: storageQuantity(claim.size) } },
      },
    }],
  };
}
