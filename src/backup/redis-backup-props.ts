import { Duration } from 'cdk8s';
import { BackupJobOptions } from './backup-job-options';

/** Which backups stay. Others are deleted once a new one is complete; the newest complete one always stays. */
export interface BackupRetention {
  /**
   * How many complete backups stay, from 1.
   *
   * @default 7
   */
  readonly count?: number;

  /**
   * How old they may get, in whole seconds from an hour: older ones are deleted, although there are fewer than `count`.
   *
   * @default - any age
   */
  readonly age?: Duration;
}

/** Properties of `RedisBackup`. */
export interface RedisBackupProps extends BackupJobOptions {
  /**
   * Which backups stay.
   *
   * @default - the newest seven
   */
  readonly retention?: BackupRetention;
}
