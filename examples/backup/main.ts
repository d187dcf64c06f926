/** Backups: every night to a bucket, encrypted, and tried every Sunday; every six hours to a claim. Create Secrets and claim first. */
import { Duration } from 'cdk8s';
import { BackupTarget, RedisBackup, RedisClusterApp, RedisClusterChart, RedisClusterPreset, RedisRestoreDrill, RedisTls } from 'cdk8s-redis-cluster';

// As your registry has them.
const DIGEST = '@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const key = (name: string, of: string) => ({ secret: { name }, key: of });

const bucket = BackupTarget.s3({
  bucket: 'backups',
  prefix: 'data',
  endpoint: 'https://s3.example.com',
  accessKeyId: key('sessions-backup', 'access-key-id'),
  secretAccessKey: key('sessions-backup', 'secret-access-key'),
  encryptionPassword: key('sessions-backup', 'encryption'),
  rcloneImage: `rclone/rclone:1.75.2${DIGEST}`,
});

const app = new RedisClusterApp();
const chart = new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  preset: RedisClusterPreset.PRODUCTION,
  image: `redis:8.0${DIGEST}`,
  initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` },
  tls: RedisTls.fromIssuer('internal-authority'),
  backupPassword: key('sessions-auth', 'backup'),
});
const { cluster } = chart;
new RedisBackup(chart, 'Nightly', { cluster, schedule: '15 3 * * *', target: bucket, retention: { count: 30, age: Duration.days(90) } });
new RedisBackup(chart, 'OnClaim', { cluster, name: 'sessions-daytime', schedule: '0 */6 * * *', target: BackupTarget.claim('sessions-backups') });
new RedisRestoreDrill(chart, 'Drill', { cluster, schedule: '0 6 * * 0', target: bucket });
app.synth();
