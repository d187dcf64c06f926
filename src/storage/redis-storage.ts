import { Size } from 'cdk8s';
import { given } from '../checks/given';

/** What happens to the claims of pods that are no longer there. */
export enum ClaimRetention {
  /** The claim and its data stay, for a pod of the same name to come. */
  RETAIN = 'Retain',

  /** The claim is deleted, and with most storage classes its data. */
  DELETE = 'Delete',
}

/** Options of `RedisStorage.persistentVolumeClaim`. None of them can be changed once the StatefulSet exists, but for the retention and `copyOf`. */
export interface PersistentVolumeClaimOptions {
  /**
   * Size of each pod's volume, from 1 MiB; at least twice `config.maxmemory`.
   *
   * @default Size.gibibytes(1)
   */
  readonly size?: Size;

  /**
   * Name of the StorageClass. An empty one stands for none: the claims bind to PersistentVolumes that exist.
   *
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * The cluster, as `namespace/name`, whose disks were copied to the claims of this one: restored VolumeSnapshots, cloned
   * claims, or the claims themselves under another name. A server does not start on the disk of another cluster, because the
   * nodes there would accept it as one of theirs; with this, its nodes get new ids once, and they form a cluster of their own.
   * Each disk must go to the pod with the same number. Needed only until all pods have started.
   *
   * @default - the disks are new, or this cluster's own
   */
  readonly copyOf?: string;

  /**
   * What happens to the claims when the StatefulSet is deleted.
   *
   * @default ClaimRetention.RETAIN
   */
  readonly whenDeleted?: ClaimRetention;

  /**
   * What happens to the claim of a pod that is scaled away.
   *
   * @default ClaimRetention.RETAIN
   */
  readonly whenScaled?: ClaimRetention;
}

/** Options of `RedisStorage.ephemeral`. */
export interface EphemeralStorageOptions {
  /**
   * How much a pod may write before it is evicted, from 1 MiB; at least twice `config.maxmemory`.
   *
   * @default - as much as its Kubernetes node has
   */
  readonly sizeLimit?: Size;
}

/** Where the pods keep their data. */
export class RedisStorage {
  /** A volume of its own for each pod, which comes back with it. */
  public static persistentVolumeClaim(options: PersistentVolumeClaimOptions = {}): RedisStorage {
    return new RedisStorage(given(options), undefined);
  }

  /** A folder that is deleted with the pod: the pod comes back empty and copies its data from the rest of its shard. */
  public static ephemeral(options: EphemeralStorageOptions = {}): RedisStorage {
    return new RedisStorage(undefined, given(options));
  }

  private constructor(
    /** Options of the claim; undefined when the storage is ephemeral. */
    public readonly claim: PersistentVolumeClaimOptions | undefined,
    /** Options of the folder; undefined when the storage is a claim. */
    public readonly folder: EphemeralStorageOptions | undefined,
  ) {}
}
