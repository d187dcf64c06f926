import { BackupTarget } from './backup-target';

/** Which backup a new cluster begins with. */
export interface RestoreSource {
  /** Where the backup is. A claim must be readable by all pods at once, from wherever they run. */
  readonly target: BackupTarget;

  /** When it was taken, as its folder is called: `20260131T031500Z`. */
  readonly time: string;

  /**
   * Name of the cluster that it was taken of.
   *
   * @default - that of the new cluster
   */
  readonly name?: string;
}
