import { Duration, Size } from 'cdk8s';
import {
  BackupTarget, RedisBackup, RedisBackupProps, RedisCluster, RedisClusterProps, RedisClusterWarning, RedisRestoreDrill, RedisTls, RedisVersion,
} from '../../src';
import { synth, Synthesized } from '../support/synth';

const key = (name: string) => ({ secret: { name: 'storage' }, key: name });
const keys = { accessKeyId: key('id'), secretAccessKey: key('secret') };
const claim = BackupTarget.claim('backups');

type Changes = Partial<RedisBackupProps>;

const withBackup = (props: Changes = {}, cluster: RedisClusterProps = {}): Synthesized => synth(scope =>
  new RedisBackup(scope, 'Backup', { cluster: new RedisCluster(scope, 'Cluster', cluster), schedule: '15 3 * * *', target: claim, ...props }), { namespace: 'data' });

function problems(props: Changes, cluster: RedisClusterProps = {}): string[] {
  try {
    withBackup(props, cluster);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map(line => line.replace('[test/Backup] ', ''));
  }
}

const podOf = (objects: Synthesized) => objects.one('CronJob').spec.jobTemplate.spec.template.spec;
const envOf = ({ env }: any) => Object.fromEntries(env.map(({ name, value, valueFrom }: any) => [name, value ?? valueFrom.secretKeyRef]));

describe('a backup to a claim', () => {
  const objects = withBackup({}, { name: 'orders', config: { port: 7000 } });
  const pod = podOf(objects);

  test('is a CronJob beside the cluster, named after it, of which one runs at a time', () => {
    const { metadata, spec } = objects.one('CronJob');
    expect(metadata.name).toBe('orders-backup');
    expect(spec).toMatchObject({ schedule: '15 3 * * *', concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 1800, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3 });
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 7200, template: { metadata: { labels: { app: 'orders-backup' } } } });
  });

  test('needs no image beside that of the servers, and no right at the API', () => {
    expect(pod.containers.map(({ image }: any) => image)).toEqual(['redis:6.2']);
    expect(pod.initContainers).toBeUndefined();
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.volumes).toContainEqual({ name: 'backup', persistentVolumeClaim: { claimName: 'backups' } });
    expect(envOf(pod.containers[0])).toEqual({ NAME: 'orders', HOST: 'orders-headless.data.svc', PORT: '7000', TIMEOUT: '7170', KEEP: '7' });
  });

  test('runs where `restricted` is enforced', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 999, fsGroup: 999, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.containers[0].securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  });

  test('has all scripts that it runs in a ConfigMap of its own, which the cluster does not have', () => {
    expect(Object.keys(objects.one('ConfigMap', 'orders-backup').data)).toEqual(
      ['backup-bucket.sh', 'backup-files.sh', 'backup.awk', 'backup.sh', 'common.sh', 'nodes.awk', 'rules.awk']);
    expect(Object.keys(objects.one('ConfigMap', 'orders-scripts').data).filter(name => name.startsWith('backup'))).toEqual([]);
  });
});

describe('a backup to a bucket', () => {
  const target = BackupTarget.s3({ bucket: 'backups', prefix: 'data/eu', endpoint: 'http://store.example:9000', region: 'eu-west-1', ...keys });

  test('is taken first, and then moved by rclone, which has its keys from the Secret', () => {
    const { initContainers, containers, volumes } = podOf(withBackup({ target, retention: { count: 3, age: Duration.days(2) } }));
    expect([...initContainers, ...containers].map(({ image, command }: any) => [image, ...command])).toEqual([
      ['redis:6.2', 'sh', '/scripts/backup.sh'], ['rclone/rclone:1.75.2', 'sh', '/scripts/backup-bucket.sh', 'upload'],
    ]);
    expect(volumes).toContainEqual({ name: 'backup', emptyDir: {} });
    expect(envOf(initContainers[0])).not.toHaveProperty('KEEP');
    expect(envOf(containers[0])).toEqual({
      NAME: 'redis-cluster',
      BUCKET: 's3:backups/data/eu',
      KEEP: '3',
      KEEP_SECONDS: '172800',
      RCLONE_LOG_LEVEL: 'ERROR',
      RCLONE_CONFIG_S3_TYPE: 's3',
      RCLONE_CONFIG_S3_PROVIDER: 'Other',
      RCLONE_CONFIG_S3_ENDPOINT: 'http://store.example:9000',
      RCLONE_CONFIG_S3_REGION: 'eu-west-1',
      RCLONE_CONFIG_S3_NO_CHECK_BUCKET: 'true',
      RCLONE_CONFIG_S3_ACCESS_KEY_ID: { name: 'storage', key: 'id' },
      RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: { name: 'storage', key: 'secret' },
    });
  });

  test('is encrypted with the password of a Secret', () => {
    const encrypted = BackupTarget.s3({ bucket: 'backups', encryptionPassword: key('phrase'), rcloneImage: 'registry.example/rclone:1', ...keys });
    const [{ image, ...upload }] = podOf(withBackup({ target: encrypted })).containers;
    expect(image).toBe('registry.example/rclone:1');
    expect(envOf(upload)).toMatchObject({
      BUCKET: 'crypt:',
      CRYPT_PASSWORD: { name: 'storage', key: 'phrase' },
      RCLONE_CONFIG_CRYPT_TYPE: 'crypt',
      RCLONE_CONFIG_CRYPT_REMOTE: 's3:backups',
      RCLONE_CONFIG_S3_PROVIDER: 'AWS',
    });
  });

  test('passes the NetworkPolicy of the cluster, and reaches the bucket', () => {
    const objects = withBackup({ target }, { networkPolicy: true });
    expect(objects.one('NetworkPolicy', 'redis-cluster-client-redis-cluster-backup').spec).toMatchObject({
      podSelector: { matchLabels: { app: 'redis-cluster' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'redis-cluster-backup' } } }], ports: [{ port: 6379 }] }],
    });
    expect(objects.one('NetworkPolicy', 'redis-cluster-backup').spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ port: 6379 }] }, { ports: [{ port: 53 }, { port: 53 }] }, { ports: [{ port: 9000 }] }],
    });
    expect(withBackup({ target }).all('NetworkPolicy')).toEqual([]);
  });

  test('passes by a rule whose name no other client has', () => {
    expect(() => synth(scope => {
      const cluster = new RedisCluster(scope, 'Cluster', { networkPolicy: true });
      cluster.grantAccessByLabels('redis-cluster-backup', { podLabels: { app: 'shop' } });
      new RedisBackup(scope, 'Backup', { cluster, schedule: '@daily', target });
    })).toThrow("[test/Backup] the NetworkPolicy 'redis-cluster-client-redis-cluster-backup' is that of 'test/Cluster/Client-redis-cluster-backup' too");
  });

  test.each([['https://s3.example.com', 443], ['http://s3.example.com/', 80], [undefined, 443]])('at %s is behind port %i', (endpoint, port) => {
    const objects = withBackup({ target: BackupTarget.s3({ bucket: 'backups', endpoint, ...keys }) }, { networkPolicy: true });
    expect(objects.one('NetworkPolicy', 'redis-cluster-backup').spec.egress[2]).toEqual({ ports: [{ port, protocol: 'TCP' }] });
  });
});

describe('who takes it', () => {
  const password = key('password');

  test('is the default user where there are no others', () => {
    const [container] = podOf(withBackup({}, { password, tls: RedisTls.fromSecret({ name: 'nodes' }) })).containers;
    expect(envOf(container)).toMatchObject({ REDIS_PASSWORD_FILE: '/etc/redis-passwords/default/password', REDISCLI_OPTIONS: '--tls --cacert /etc/redis-tls/ca.crt' });
    expect(container.volumeMounts).toContainEqual({ name: 'redis-tls', mountPath: '/etc/redis-tls', readOnly: true });
  });

  test('is a user of its own beside others, who may only copy', () => {
    const objects = withBackup({}, { password, users: [{ name: 'app', password: key('app') }], backupPassword: key('copies') });
    expect(objects.one('ConfigMap', 'redis-cluster-config').data['users.acl'])
      .toContain('\nbackup -@all +sync +replconf +info +cluster|nodes +cluster|info resetchannels\n');
    expect(objects.one('StatefulSet').spec.template.spec.volumes.find(({ name }: any) => name === 'redis-passwords').projected.sources)
      .toContainEqual({ secret: { name: 'storage', items: [{ key: 'copies', path: 'backup/password' }] } });
    expect(envOf(podOf(objects).containers[0])).toMatchObject({ REDIS_PASSWORD_FILE: '/etc/redis-passwords/backup/password', REDISCLI_OPTIONS: '--user backup' });
    expect(podOf(objects).volumes).toContainEqual({
      name: 'redis-passwords',
      projected: { defaultMode: 0o440, sources: [{ secret: { name: 'storage', items: [{ key: 'copies', path: 'backup/password' }] } }] },
    });
  });

  test('must be there', () => {
    expect(problems({}, { password, users: [{ name: 'app', password: key('app') }] })).toEqual(["'cluster' must have a 'backupPassword' beside its 'users',"
      + " got 'none'; none of its users may copy all keys: name a key of the Secret, and the cluster gets a user that may do only that"]);
    expect(problems({}, { backupPassword: key('copies') })).toEqual(["[test/Cluster] 'backupPassword' must come with 'users', got 'copies'; without them, backups are taken by the default user"]);
    expect(problems({}, { password, users: [{ name: 'backup', password: key('app') }], backupPassword: key('copies') }))
      .toEqual(["[test/Cluster] 'users' must leave the name 'backup' to 'backupPassword', got 'backup'; it is that of the user that takes backups"]);
  });
});

test('choices reach the CronJob', () => {
  const objects = withBackup({
    name: 'copies',
    timeZone: 'Europe/Berlin',
    image: 'redis:7.0',
    timeout: Duration.minutes(5),
    backoffLimit: 0,
    startingDeadline: Duration.seconds(20),
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 0,
    resources: { memory: { limit: Size.mebibytes(100) } },
  }, { nodeSelector: { disk: 'fast' }, imagePullSecrets: ['registry'], labels: { team: 'a' } });
  expect(objects.one('CronJob')).toMatchObject({
    metadata: { name: 'copies', labels: { team: 'a' } },
    spec: {
      timeZone: 'Europe/Berlin',
      startingDeadlineSeconds: 20,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 0,
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          activeDeadlineSeconds: 300,
          template: {
            metadata: { labels: { team: 'a', app: 'copies' } },
            spec: { nodeSelector: { disk: 'fast' }, imagePullSecrets: [{ name: 'registry' }], containers: [{ image: 'redis:7.0', resources: { limits: { memory: '100Mi' } } }] },
          },
        },
      },
    },
  });
});

test('the cluster of another app needs to be told its image', () => {
  const backup = (image?: string) => synth(scope => new RedisBackup(scope, 'Backup', {
    cluster: RedisCluster.fromAttributes(scope, 'Elsewhere', { name: 'orders' }), schedule: '@daily', target: claim, image,
  }), { namespace: 'data' });
  expect(podOf(backup('redis:8.0')).containers[0].image).toBe('redis:8.0');
  expect(() => backup()).toThrow("'image' must be given for the cluster of another app, got 'none'; the snapshots are taken by the programs of the servers");
});

describe('the image', () => {
  const laterThan = (version: string, image: string) => `'image' must hold ${version} or later, as the cluster does, got '${image}'; `
    + 'an older server, or one of the other family, may not read its snapshots';

  test.each([
    ['redis:8.2', 'redis:6.2', 'Redis 8.2'],
    ['redis:8.2', 'redis:8.0-alpine', 'Redis 8.2'],
    ['redis:7.2', 'valkey/valkey:8.1', 'Redis 7.2'],
    ['valkey/valkey:8.1', 'redis:8.2', 'Valkey 8.1'],
    ['valkey/valkey:9.1', 'valkey/valkey:8.1', 'Valkey 9.1'],
  ])('of a cluster with %s is not %s', (cluster, image, version) => {
    expect(problems({ image }, { image: cluster })).toEqual([laterThan(version, image)]);
    expect(() => synth(scope => new RedisRestoreDrill(scope, 'Drill', {
      cluster: new RedisCluster(scope, 'Cluster', { image: cluster }), schedule: '@daily', target: claim, image,
    }))).toThrow(`[test/Drill] ${laterThan(version, image)}`);
  });

  test('is compared with the version that a cluster is told', () => {
    const image = 'registry.example/team/redis:1.4.0';
    expect(problems({}, { image, version: RedisVersion.V8_2 })).toEqual([]);
    expect(problems({ image }, { image, version: RedisVersion.V8_2 })).toEqual([]);
    expect(problems({ image: 'redis:8.0' }, { image, version: RedisVersion.V8_2 })).toEqual([laterThan('Redis 8.2', 'redis:8.0')]);
  });

  test.each([['redis:8.2', 'redis:8.2.1-alpine'], ['redis:8.2', 'redis:8.4'], ['redis:8.2', 'redis:latest'], ['redis:8.2', 'registry.example/tools:1'], ['redis:latest', 'redis:6.2']])(
    'of a cluster with %s may be %s', (cluster, image) => {
      expect(problems({ image }, { image: cluster, acknowledgedWarnings: [RedisClusterWarning.MOVING_TAG] })).toEqual([]);
    });

  test.each([
    ['bitnami/redis:7.0', "'image' must be laid out like the official images, got 'bitnami/redis:7.0'"],
    ['redis:5', "'image' must hold Redis 6.2, Valkey 7.2 or a later version, got 'redis:5'; older ones lack directives and commands that this library needs"],
  ])('of the cluster of another app is not %s', (image, message) => {
    expect(() => synth(scope => new RedisBackup(scope, 'Backup', {
      cluster: RedisCluster.fromAttributes(scope, 'Elsewhere', { name: 'orders' }), schedule: '@daily', target: claim, image,
    }))).toThrow(`[test/Backup] ${message}`);
  });
});

test('a cluster or a single server that is none of this library is found by its host', () => {
  const backup = synth(scope => new RedisBackup(scope, 'Backup', {
    cluster: RedisCluster.fromAttributes(scope, 'Elsewhere', { name: 'old', host: 'redis.example.com', port: 7000 }), schedule: '@daily', target: claim, image: 'redis:8.0',
  }), { namespace: 'data' });
  expect(podOf(backup).containers[0].env).toEqual(expect.arrayContaining([
    { name: 'HOST', value: 'redis.example.com' }, { name: 'PORT', value: '7000' }, { name: 'NAME', value: 'old' },
  ]));
});

test.each<[string, Changes, RedisClusterProps, string]>([
  ['a name that Kubernetes cannot lengthen', { name: 'b'.repeat(53) }, {}, "'name' must be a DNS label of at most 52"],
  ['a schedule that is none', { schedule: 'every night' }, {}, "'schedule' must be five fields as cron has them, such as 15 3 * * *, got 'every night'"],
  ['no backup that stays', { retention: { count: 0 } }, {}, "'retention.count' must be a whole number of at least 1, got 0; the newest backup always stays"],
  ['backups that are too old at once', { retention: { age: Duration.minutes(5) } }, {}, "'retention.age' must be whole seconds, at least 3600"],
  ['no cluster', { cluster: undefined }, {}, "'cluster' must be a RedisCluster, or come from RedisCluster.fromAttributes, got undefined; no more is known of others"],
  ['a cluster that is none', { cluster: { name: 'redis' } as any }, {}, "'cluster' must be a RedisCluster, or come from RedisCluster.fromAttributes, got 'something else'"],
  ['no target', { target: undefined }, {}, "'target' must be made by BackupTarget.claim or BackupTarget.s3, got undefined; nobody would know where the backups are"],
  ['a target that no factory has made', { target: { bucket: 'backups' } as any }, {}, "'target' must be made by BackupTarget.claim or BackupTarget.s3, got 'something else'"],
  ['a bucket without the id of a key', { target: BackupTarget.s3({ bucket: 'backups', secretAccessKey: keys.secretAccessKey } as any) }, {},
    "'target.accessKeyId' must name a Secret and a key in it, got undefined; the service would refuse every request"],
  ['a bucket without a key', { target: BackupTarget.s3({ bucket: 'backups', accessKeyId: keys.accessKeyId } as any) }, {},
    "'target.secretAccessKey' must name a Secret and a key in it, got undefined; the service would refuse every request"],
  ['a claim that cannot be', { target: BackupTarget.claim('My_Backups') }, {}, "'target' must be lower-case letters"],
  ['a claim without a name', { target: BackupTarget.claim(undefined as any) }, {}, "'target' must name a claim, got undefined; backups would be kept in the pod alone, and be gone with it"],
  ['a bucket without a name', { target: BackupTarget.s3({ bucket: undefined as any, prefix: 'data', ...keys }) }, {}, "'target.bucket' must be 3 to 63 lower-case letters, digits, hyphens and dots, got undefined"],
  ['an endpoint whose port is none', { target: BackupTarget.s3({ bucket: 'backups', endpoint: 'https://s3.example.com:99999', ...keys }) }, {},
    "'target.endpoint' must have a port from 1 to 65535, got 'https://s3.example.com:99999'; there is no other"],
  ['a bucket that cannot be', { target: BackupTarget.s3({ bucket: 'A', ...keys }) }, {}, "'target.bucket' must be 3 to 63 lower-case letters"],
  ['a prefix with an empty part', { target: BackupTarget.s3({ bucket: 'backups', prefix: 'a//b', ...keys }) }, {}, "'target.prefix' must be parts of letters"],
  ['an endpoint that is no URL', { target: BackupTarget.s3({ bucket: 'backups', endpoint: 's3.example.com', ...keys }) }, {}, "'target.endpoint' must be a URL"],
  ['an image that may change', { target: BackupTarget.s3({ bucket: 'backups', ...keys }) }, {
    requireImageDigests: true,
    image: `redis:8.0@sha256:${'0'.repeat(64)}`,
    initJob: { kubectlImage: `k:1@sha256:${'0'.repeat(64)}` },
  }, "'target.rcloneImage' must be pinned by its digest"],
  ['more repetitions than Kubernetes can count', { backoffLimit: 2 ** 31 }, {}, "'backoffLimit' must be a whole number from 0 to 2147483647, got 2147483648; Kubernetes counts runs in 32 bits"],
  ['more good runs than Kubernetes can count', { successfulJobsHistoryLimit: 2 ** 31 }, {}, "'successfulJobsHistoryLimit' must be a whole number from 0 to 2147483647"],
  ['more failed runs than Kubernetes can count', { failedJobsHistoryLimit: 2 ** 31 }, {}, "'failedJobsHistoryLimit' must be a whole number from 0 to 2147483647"],
  ['more than a lifetime', { timeout: Duration.days(30000) }, {}, "'timeout' must be at most 2147483647 seconds, got '2592000000 seconds'"],
  ['no time to run', { timeout: Duration.seconds(59) }, {}, "'timeout' must be whole seconds, at least 60"],
  ['a deadline before which nothing starts', { startingDeadline: Duration.seconds(5) }, {}, "'startingDeadline' must be whole seconds, at least 10"],
])('%s is refused', (_, props, cluster, message) => {
  expect(problems(props, cluster)).toEqual([expect.stringContaining(message)]);
});

test.each(['orders', 'orders-init', 'orders-config', 'orders-scripts', 'orders-alerts'])('the name %p is refused, as the cluster of another app has it', name => {
  const backup = (host?: string) => synth(scope => new RedisBackup(scope, 'Backup', {
    cluster: RedisCluster.fromAttributes(scope, 'Elsewhere', { name: 'orders', host }), schedule: '@daily', target: claim, image: 'redis:8.0', name,
  }), { namespace: 'data' });
  expect(() => backup()).toThrow(`[test/Backup] 'name' must differ from the names of the cluster's pods and ConfigMaps, got '${name}'; one would replace the other, or clients would be sent here`);
  expect(() => backup('redis.example.com')).not.toThrow();
});

describe('a schedule', () => {
  test.each([
    '0 3 * * *', '*/15 0-6,20-23 1,15 * MON-FRI', '59 23 31 12 6', '5/10 */2 ? jan,JUL 0', '00 03 * * sun', '0  3 *\t* *', ' 0 3 1 feb-Dec 0-sat/2 ',
    '@hourly', '@every 1h', '@every 1h30m',
  ])('%p is accepted', schedule => {
    expect(problems({ schedule })).toEqual([]);
  });

  test.each<[string, string]>([
    ['six fields', '0 15 3 * * *'],
    ['an hour that no day has', '0 24 * * *'],
    ['a minute that no hour has', '60 3 * * *'],
    ['a day that no month has', '0 3 32 * *'],
    ['a month that no year has', '0 3 1 0 *'],
    ['a Sunday that Kubernetes counts as 0', '0 3 * * 7'],
    ['a step of nothing', '*/0 3 * * *'],
    ['a name that no month has', '0 0 * foo *'],
    ['a name that no day has', '0 0 * * xyz'],
    ['the whole name of a day', '0 0 * * monday'],
    ['a month in the place of a day', '* * * * jan'],
    ['a day in the place of a month', '0 0 * mon *'],
    ['a name where there are none', 'jan * * * *'],
    ['a range to nowhere', '0 0 * * 1-foo'],
    ['a range that descends', '5-3 * * * *'],
    ['a range that descends, in steps', '10-5/2 * * * *'],
    ['a week that ends on Sunday', '0 0 * * fri-sun'],
    ['a range of three', '1-2-3 * * * *'],
    ['two steps', '*/2/3 * * * *'],
    ['a part that is empty', '1, 3 * * *'],
    ['an interval of nothing', '@every '],
    ['an interval without a unit', '@every 5'],
    ['an unknown word', '@often'],
    ['a time zone', 'TZ=Europe/Berlin 0 3 * * *'],
  ])('with %s is refused', (_, schedule) => {
    expect(problems({ schedule })).toEqual(["'schedule' must be five fields as cron has them, such as 15 3 * * *, "
      + `got '${schedule}'; Kubernetes would refuse it; its Sunday is 0, not 7, and ranges ascend`]);
  });
});

test('a schedule that is missing is refused, too', () => {
  expect(problems({ schedule: undefined as any })).toEqual([expect.stringContaining('got undefined; Kubernetes would refuse it')]);
});

describe('a time zone', () => {
  test.each([
    'UTC', 'GMT', 'CET', 'EST5EDT', 'W-SU', 'NZ-CHAT', 'GB-Eire', 'Etc/UTC', 'Etc/GMT-14', 'Etc/GMT+5', 'US/Eastern', 'Asia/Calcutta', 'Asia/Kolkata', 'Europe/Kiev',
    'Europe/Kyiv', 'America/Port-au-Prince', 'Africa/Dar_es_Salaam', 'Europe/Isle_of_Man', 'America/Argentina/ComodRivadavia', 'America/North_Dakota/New_Salem', 'America/Knox_IN',
  ])('%p is accepted', timeZone => {
    expect(problems({ timeZone })).toEqual([]);
  });

  test.each([
    'Europe Berlin', '', 'Foo/Bar', 'CEST', 'PST', 'SystemV/PST8PDT', 'US/Pacific-New', '+01:00', 'Local', 'local', 'utc', 'europe/berlin', 'EUROPE/BERLIN', 'ETC/UTC', 'GB-EIRE', 'America/New_york',
    'Asia/kolkata', 'Asia/KOLKATA', 'us/Eastern',
  ])('%p is refused', timeZone => {
    expect(problems({ timeZone })).toEqual([`'timeZone' must be the name of a time zone, such as Europe/Berlin, got '${timeZone}'; Kubernetes has those of the IANA database,`
      + ' in their case; one that is newer than this Node.js is unknown here']);
  });
});

test('a cluster in another namespace is refused', () => {
  expect(() => synth(scope => new RedisBackup(scope, 'Backup', {
    cluster: RedisCluster.fromAttributes(scope, 'Elsewhere', { namespace: 'other' }), schedule: '@daily', target: claim, image: 'redis:8.0',
  }), { namespace: 'data' })).toThrow("'cluster' must be in the namespace of the CronJob (data), got 'other'; pods can read no Secret and no claim of another one");
});

test('two backups do not keep theirs in one folder, where each would delete those of the other', () => {
  const twice = (...targets: BackupTarget[]) => synth(scope => {
    const cluster = new RedisCluster(scope, 'Cluster');
    targets.forEach((target, index) => new RedisBackup(scope, `Backup${index}`, { cluster, name: `backup-${index}`, schedule: '15 3 * * *', target }));
  }, { namespace: 'data' });
  const bucket = (prefix?: string) => BackupTarget.s3({ bucket: 'backups', prefix, ...keys });

  expect(() => twice(bucket(), bucket())).toThrow("[test/Backup1] 'target' must be used by one backup alone, got 's3://backups/redis-cluster'; "
    + "'test/Backup0' keeps its backups there and would delete these: give one of the two another prefix or claim");
  expect(() => twice(claim, claim)).toThrow("got 'data, claim backups/redis-cluster'");
  expect(() => twice(claim, bucket(), bucket('weekly'), BackupTarget.claim('others'))).not.toThrow();
});
