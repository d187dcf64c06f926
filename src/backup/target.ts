import { BackupTarget, S3Options } from './backup-target';
import { requiredSecretReference, secretKey, secretReference } from '../access/secret-reference';
import { dnsSubdomain } from '../checks/names';
import { problem } from '../checks/problem';
import { isMade, notMade } from '../checks/values';
import { imageReference } from '../image/image';
import * as k8s from '../kubernetes/objects';

/** Where containers have the backups, or the one that is on its way. */
export const BACKUP_FOLDER = '/backup';

const REFUSED = 'the service would refuse every request';
const DEFAULT_RCLONE = 'rclone/rclone:1.75.2';

/** The image for a bucket; a target that is missing is reported by the checks. */
export function rcloneImage(target: BackupTarget | undefined): string | undefined {
  const bucket = target?.bucket;
  return bucket && (bucket.rcloneImage ?? DEFAULT_RCLONE);
}

/** The volume of the backups: the claim, or a folder in which a backup waits for its way. */
export function backupVolume({ claimName }: BackupTarget, readOnly?: true): k8s.Volume {
  return { name: 'backup', ...claimName ? { persistentVolumeClaim: { claimName, readOnly } } : { emptyDir: {} } };
}

const pathOf = ({ bucket, prefix }: S3Options): string => [bucket, prefix].filter(part => part).join('/');

/** Where a cluster's backups are, as all constructs of an app would call it. */
export function backupFolder({ bucket, claimName }: BackupTarget, cluster: string, namespace: string | undefined): string {
  const place = bucket ? `${bucket.endpoint ?? 's3:/'}/${pathOf(bucket)}` : `${namespace ? `${namespace}, ` : ''}claim ${claimName}`;
  return `${place}/${cluster}`;
}

/** What rclone is told: all of it by the environment, as arguments would be shown. */
export function rcloneEnv(bucket: S3Options): k8s.EnvVar[] {
  const { endpoint, region, provider = endpoint ? 'Other' : 'AWS', accessKeyId, secretAccessKey, encryptionPassword } = bucket;
  const path = `s3:${pathOf(bucket)}`;
  return [
    { name: 'BUCKET', value: encryptionPassword ? 'crypt:' : path },
    ...encryptionPassword ? [
      { name: 'CRYPT_PASSWORD', valueFrom: fromSecret(encryptionPassword) },
      { name: 'RCLONE_CONFIG_CRYPT_TYPE', value: 'crypt' },
      { name: 'RCLONE_CONFIG_CRYPT_REMOTE', value: path },
    ] : [],
    { name: 'RCLONE_LOG_LEVEL', value: 'ERROR' },
    { name: 'RCLONE_CONFIG_S3_TYPE', value: 's3' },
    { name: 'RCLONE_CONFIG_S3_PROVIDER', value: provider },
    ...endpoint ? [{ name: 'RCLONE_CONFIG_S3_ENDPOINT', value: endpoint }] : [],
    ...region ? [{ name: 'RCLONE_CONFIG_S3_REGION', value: region }] : [],
    { name: 'RCLONE_CONFIG_S3_NO_CHECK_BUCKET', value: 'true' }, // which would need the right to create it
    { name: 'RCLONE_CONFIG_S3_ACCESS_KEY_ID', valueFrom: fromSecret(accessKeyId) },
    { name: 'RCLONE_CONFIG_S3_SECRET_ACCESS_KEY', valueFrom: fromSecret(secretAccessKey) },
  ];
}

function fromSecret(reference: S3Options['accessKeyId']): k8s.EnvVar['valueFrom'] {
  const { secretName, key } = secretKey(reference);
  return { secretKeyRef: { name: secretName, key } };
}

/** The port at which the bucket is reached. */
export function bucketPort({ endpoint = 'https://' }: S3Options): number {
  const [, scheme, port] = /^(https?):\/\/[^/]*?(?::(\d+))?(?:\/|$)/.exec(endpoint) ?? [];
  return Number(port ?? (scheme === 'http' ? 80 : 443));
}

export function targetProblems(prop: string, target: BackupTarget): string[] {
  if (!isMade(target, 'claimName')) {
    return [notMade(prop, 'BackupTarget.claim or BackupTarget.s3', target, 'nobody would know where the backups are')];
  }
  const { claimName, bucket } = target;
  return bucket ? bucketProblems(prop, bucket)
    : claimName ? dnsSubdomain(prop, claimName)
      : [problem(prop, 'name a claim', claimName, 'backups would be kept in the pod alone, and be gone with it')];
}

function bucketProblems(prop: string, bucket: S3Options): string[] {
  const matching = (name: keyof S3Options, pattern: RegExp, requirement: string) => {
    const value = bucket[name] as string | undefined;
    return value === undefined && name !== 'bucket' || pattern.test(value ?? '') ? [] : [problem(`${prop}.${name}`, requirement, value, 'rclone would look elsewhere')];
  };
  const port = bucketPort(bucket);
  return [
    ...matching('bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'be 3 to 63 lower-case letters, digits, hyphens and dots'),
    ...matching('prefix', /^[\w.=-]+(\/[\w.=-]+)*$/, 'be parts of letters, digits, -, _, . and =, with / between them'),
    ...matching('endpoint', /^https?:\/\/[^\s/:]+(:\d{1,5})?\/?$/, 'be a URL such as https://s3.example.com'),
    ...port >= 1 && port <= 65535 ? [] : [problem(`${prop}.endpoint`, 'have a port from 1 to 65535', bucket.endpoint, 'there is no other')],
    ...matching('region', /^[\w-]+$/, 'be letters, digits and hyphens'),
    ...matching('provider', /^\w+$/, "be one of rclone's names, such as AWS or Minio"),
    ...requiredSecretReference(`${prop}.accessKeyId`, bucket.accessKeyId, REFUSED),
    ...requiredSecretReference(`${prop}.secretAccessKey`, bucket.secretAccessKey, REFUSED),
    ...secretReference(`${prop}.encryptionPassword`, bucket.encryptionPassword),
    ...imageReference(`${prop}.rcloneImage`, bucket.rcloneImage),
  ];
}
