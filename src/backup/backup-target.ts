import { RedisSecretKey } from '../access/redis-secret';
import { given } from '../checks/given';

/** Options of `BackupTarget.s3`. */
export interface S3Options {
  /** Name of the bucket, which exists. */
  readonly bucket: string;

  /** The Secret and its key with the id of the access key. It must be allowed to list, read, write and delete the bucket's objects. */
  readonly accessKeyId: RedisSecretKey;

  /** The Secret and its key with the secret access key. */
  readonly secretAccessKey: RedisSecretKey;

  /**
   * What the names of all objects begin with: parts of letters, digits, `-`, `_`, `.` and `=`, with `/` between them. Clusters of
   * the same name need different ones, or each would delete the other's backups.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /**
   * URL of the service, if it is not that of AWS.
   *
   * @default - that of AWS
   */
  readonly endpoint?: string;

  /**
   * Region of the bucket.
   *
   * @default - rclone's: us-east-1
   */
  readonly region?: string;

  /**
   * Provider of the service, as rclone names it: rclone knows the peculiarities of each.
   *
   * @default 'AWS'; with `endpoint` 'Other'
   * @see https://rclone.org/s3/#configuration
   */
  readonly provider?: string;

  /**
   * The Secret and its key with a password: files and their names are encrypted by rclone's crypt before they leave the pod. Without
   * this password no backup can be read, so keep it elsewhere too.
   *
   * @default - not encrypted
   * @see https://rclone.org/crypt/
   */
  readonly encryptionPassword?: RedisSecretKey;

  /**
   * Image with a shell and rclone.
   *
   * @default 'rclone/rclone:1.75.2'
   */
  readonly rcloneImage?: string;
}

/** Where backups are kept. A backup is the folder `NAME/TIME` there: the cluster's name, and when it was taken in UTC. */
export class BackupTarget {
  /**
   * A PersistentVolumeClaim that exists, in the namespace of the cluster.
   *
   * @param claimName its name
   */
  public static claim(claimName: string): BackupTarget {
    return new BackupTarget(claimName, undefined);
  }

  /**
   * A bucket of AWS S3 or of a service with the same interface.
   *
   * @param options the bucket, and the keys to it
   */
  public static s3(options: S3Options): BackupTarget {
    return new BackupTarget(undefined, given(options));
  }

  private constructor(
    /** Name of the claim; undefined for a bucket. */
    public readonly claimName: string | undefined,
    /** The bucket; undefined for a claim. */
    public readonly bucket: S3Options | undefined,
  ) {}
}
