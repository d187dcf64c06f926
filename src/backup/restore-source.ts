import { BackupTarget } from './backup-target';

/** Which backup a new cluster begins with. */
export interface RestoreSource {
  /** Where the backup is. A claim must be readable by all pods at once, from wherever they run. */
  readonly target: BackupTarget;

  /** When the backup was taken: the name of its folder, such as `20260131T031500Z`. */
  readonly time: string;

  /**
   * Name of the cluster that it was taken from.
   *
   * @default - that of the new cluster
   */
  readonly name?: string;
}
