import { Size } from 'cdk8s';
import { BackupTarget, RedisClusterProps, RedisCluster, RedisRestoreDrill, RedisRestoreDrillProps, RedisStorage } from '../../src';
import { synth, synthCluster, Synthesized } from '../support/synth';

const key = (name: string) => ({ secret: { name: 'storage' }, key: name });
const bucket = BackupTarget.s3({ bucket: 'backups', endpoint: 'http://store.example:9000', accessKeyId: key('id'), secretAccessKey: key('secret') });
const claim = BackupTarget.claim('backups');
const time = '20260131T031500Z';

const envOf = ({ env }: any) => Object.fromEntries(env.map(({ name, value, valueFrom }: any) =>
  [name, value ?? valueFrom.secretKeyRef ?? valueFrom.fieldRef.fieldPath]));
const commandsOf = (containers: any[]) => containers.map(({ image, command }) => [image, ...command]);
const refused = (props: RedisClusterProps) => () => synthCluster(props);

describe('a cluster that begins with a backup', () => {
  const podOf = (objects: Synthesized) => objects.one('StatefulSet').spec.template.spec;

  test('on a claim reads it before its server starts, with what it takes to see whether there is a cluster', () => {
    const pod = podOf(synthCluster({ masters: 4, name: 'orders', password: key('password'), restoreFrom: { target: claim, time, name: 'shop' } }));
    expect(commandsOf(pod.initContainers)).toEqual([['redis:6.2', 'sh', '/scripts/backup-load.sh', 'restore']]);
    expect(envOf(pod.initContainers[0])).toEqual({
      NAME: 'shop', TIME: time, POD_NAME: 'metadata.name', PEERS: 'orders-peers', PORT: '6379', REDIS_PASSWORD_FILE: '/etc/redis-passwords/default/password',
    });
    expect(pod.volumes).toContainEqual({ name: 'backup', persistentVolumeClaim: { claimName: 'backups', readOnly: true } });
    expect(pod.initContainers[0].volumeMounts).toContainEqual({ name: 'redis-data', mountPath: '/data' });
    expect(pod.initContainers[0].volumeMounts).toContainEqual({ name: 'redis-config', mountPath: '/etc/redis' }); // with the shape
    expect(pod.initContainers[0].securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  });

  test('in a bucket fetches its shard first, and may reach the bucket', () => {
    const objects = synthCluster({ networkPolicy: true, restoreFrom: { target: bucket, time } });
    const { initContainers, volumes } = podOf(objects);
    expect(commandsOf(initContainers)).toEqual([
      ['rclone/rclone:1.75.2', 'sh', '/scripts/backup-bucket.sh', 'fetch'], ['redis:6.2', 'sh', '/scripts/backup-load.sh', 'restore'],
    ]);
    expect(envOf(initContainers[0])).toMatchObject({ NAME: 'redis-cluster', TIME: time, POD_NAME: 'metadata.name', BUCKET: 's3:backups', RCLONE_CONFIG_S3_ACCESS_KEY_ID: { key: 'id' } });
    expect(volumes).toContainEqual({ name: 'backup', emptyDir: {} });
    expect(objects.one('NetworkPolicy', 'redis-cluster').spec.egress).toContainEqual({ ports: [{ port: 9000, protocol: 'TCP' }] });
  });

  test('of the same name needs none', () => {
    const pod = podOf(synthCluster({ name: 'orders', restoreFrom: { target: claim, time, name: null as any } }));
    expect(envOf(pod.initContainers[0])).toMatchObject({ NAME: 'orders' });
  });

  test('restarts no pod when its shape changes, as a cluster without a backup', () => {
    const templateOf = (masters: number) => synthCluster({ masters, restoreFrom: { target: bucket, time } }).one('StatefulSet').spec.template;
    expect(templateOf(6)).toEqual(templateOf(3));
  });

  test('has the scripts for that, which no other cluster has, and which roll no pod when they change', () => {
    const [plain, restored] = [synthCluster(), synthCluster({ restoreFrom: { target: claim, time } })];
    const scripts = (objects: Synthesized) => Object.keys(objects.one('ConfigMap', 'redis-cluster-scripts').data).filter(name => name.startsWith('backup'));
    expect([scripts(plain), scripts(restored)]).toEqual([[], ['backup-bucket.sh', 'backup-files.sh', 'backup-load.sh']]);
    const checksums = (objects: Synthesized) => objects.one('StatefulSet').spec.template.metadata.annotations;
    expect(checksums(restored)).toEqual(checksums(plain));
  });

  test.each<[string, RedisClusterProps, string]>([
    ['a time that is none', { restoreFrom: { target: claim, time: '2026-01-31' } }, "'restoreFrom.time' must be a time such as 20260131T031500Z, got '2026-01-31'"],
    ['no target', { restoreFrom: { time } as any }, "'restoreFrom.target' must be made by BackupTarget.claim or BackupTarget.s3, got undefined; nobody would know where the backups are"],
    ['no time', { restoreFrom: { target: claim } as any }, "'restoreFrom.time' must be a time such as 20260131T031500Z, got undefined"],
    ['a name that is none', { restoreFrom: { target: claim, time, name: 'A' } }, "'restoreFrom.name' must be a DNS label"],
    ['a claim that cannot be', { restoreFrom: { target: BackupTarget.claim('A'), time } }, "'restoreFrom.target' must be lower-case letters"],
    ['a claim without a name', { restoreFrom: { target: BackupTarget.claim(null as any), time } }, "'restoreFrom.target' must name a claim, got null"],
    ['an image that may change', {
      requireImageDigests: true, image: `redis:8.0@sha256:${'0'.repeat(64)}`, initJob: { kubectlImage: `k:1@sha256:${'0'.repeat(64)}` }, restoreFrom: { target: bucket, time },
    }, "'restoreFrom.target.rcloneImage' must be pinned by its digest"],
    ['copied disks', { storage: RedisStorage.persistentVolumeClaim({ copyOf: 'data/shop' }), restoreFrom: { target: claim, time } },
      "'restoreFrom.target' must be left out beside 'storage.copyOf', got 'data/shop'; disks that were copied are not new, and nothing would be restored"],
  ])('%s is refused', (_, props, message) => {
    expect(refused(props)).toThrow(message);
  });
});

describe('a drill', () => {
  const withDrill = (props: Partial<RedisRestoreDrillProps> = {}, cluster: RedisClusterProps = {}): Synthesized => synth(scope =>
    new RedisRestoreDrill(scope, 'Drill', { cluster: new RedisCluster(scope, 'Cluster', cluster), schedule: '0 6 * * 0', target: claim, ...props }), { namespace: 'data' });
  const podOf = (objects: Synthesized) => objects.one('CronJob').spec.jobTemplate.spec.template.spec;

  test.each<[string, RedisClusterProps, Partial<RedisRestoreDrillProps>, unknown]>([
    ['as much memory as the pods, as it loads what they hold', { resources: { memory: { limit: Size.gibibytes(2) } } }, {}, { limits: { memory: '2Gi' } }],
    ['no limit beside pods without one', {}, {}, {}],
    ['what it is given', { resources: { memory: { limit: Size.gibibytes(2) } } }, { resources: { memory: { limit: Size.gibibytes(3) } } }, { limits: { memory: '3Gi' } }],
  ])('has %s', (_, cluster, props, resources) => {
    expect(podOf(withDrill(props, cluster)).containers[0].resources).toEqual(resources);
  });

  test('reads the claim, and has neither a password nor a way to the cluster', () => {
    const objects = withDrill({}, { password: key('password'), networkPolicy: true });
    const pod = podOf(objects);
    expect(objects.one('CronJob').metadata.name).toBe('redis-cluster-restore-drill');
    expect(commandsOf(pod.containers)).toEqual([['redis:6.2', 'sh', '/scripts/backup-load.sh', 'drill']]);
    expect(envOf(pod.containers[0])).toEqual({ NAME: 'redis-cluster', PORT: '6379' });
    expect(pod.volumes).toContainEqual({ name: 'backup', persistentVolumeClaim: { claimName: 'backups', readOnly: true } });
    expect(JSON.stringify(pod)).not.toContain('password');
    expect(objects.one('NetworkPolicy', 'redis-cluster-restore-drill').spec).toEqual({
      podSelector: { matchLabels: { app: 'redis-cluster-restore-drill' } }, policyTypes: ['Ingress', 'Egress'], egress: [],
    });
    expect(withDrill().all('NetworkPolicy')).toEqual([]);
  });

  test('fetches all of the newest backup from a bucket', () => {
    const objects = withDrill({ target: bucket }, { networkPolicy: true });
    const [{ env, ...fetch }] = podOf(objects).initContainers;
    expect(commandsOf([fetch])).toEqual([['rclone/rclone:1.75.2', 'sh', '/scripts/backup-bucket.sh', 'fetch']]);
    expect(envOf({ env })).not.toHaveProperty('POD_NAME');
    expect(objects.one('NetworkPolicy', 'redis-cluster-restore-drill').spec.egress).toContainEqual({ ports: [{ port: 9000, protocol: 'TCP' }] });
  });

  test('has the memory of a pod of the cluster, as it loads a whole shard', () => {
    const resources = { memory: { limit: Size.gibibytes(3) } };
    expect(podOf(withDrill({}, { resources })).containers[0].resources).toEqual({ limits: { memory: '3Gi' } });
    expect(podOf(withDrill({ resources: { memory: { limit: Size.gibibytes(4) } } }, { resources })).containers[0].resources).toEqual({ limits: { memory: '4Gi' } });
  });

  test('needs no user that may copy, and its problems are told like those of backups', () => {
    const users = { password: key('password'), users: [{ name: 'app', password: key('app') }] };
    expect(() => withDrill({}, users)).not.toThrow();
    expect(() => withDrill({ schedule: 'now' })).toThrow("[test/Drill] 'schedule' must be five fields");
  });
});
