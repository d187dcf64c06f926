import { Duration } from 'cdk8s';
import { RedisClusterProps, RedisStorage } from '../../src';
import { containerOf, synthCluster } from '../support/synth';

const envOf = (props: RedisClusterProps, container: string) => Object.fromEntries(
  containerOf(synthCluster(props).one('StatefulSet'), container).env.map(({ name, ...value }: any) => [name, value.value ?? value.valueFrom.fieldRef.fieldPath]));
const redisConf = (props: RedisClusterProps) => synthCluster(props).one('ConfigMap', 'redis-cluster-config').data['redis.conf'].split('\n');
const ephemeral = RedisStorage.ephemeral();

describe('a combination in which one crash loses keys', () => {
  const ADD = 'a crash of one pod would lose keys that no other pod has: add replicas';

  test.each<[string, RedisClusterProps, string]>([
    ['ephemeral storage without replicas', { storage: ephemeral, replicasPerMaster: 0 },
      `'replicasPerMaster' must be at least 1 with ephemeral storage, got 0; ${ADD}, use RedisStorage.persistentVolumeClaim()`],
    ['no append-only file without replicas', { config: { appendonly: false }, replicasPerMaster: 0 },
      `'replicasPerMaster' must be at least 1 when 'config.appendonly' is false, got 0; ${ADD}, set 'config.appendonly' to true`],
  ])('%s: is refused, unless the props accept that', (_, props, message) => {
    expect(() => synthCluster(props)).toThrow(new Error(`[test/Cluster] ${message}, or set 'acceptDataLoss' to true`));
    expect(() => synthCluster({ ...props, acceptDataLoss: true })).not.toThrow();
    expect(() => synthCluster({ ...props, acceptDataLoss: 'no' as any })).toThrow("or set 'acceptDataLoss' to true");
  });

  test.each<[string, RedisClusterProps]>([
    ['ephemeral storage', { storage: ephemeral }],
    ['no append-only file', { config: { appendonly: false } }],
    ['no replicas', { replicasPerMaster: 0 }],
  ])('%s alone is none', (_, props) => {
    expect(() => synthCluster(props)).not.toThrow();
  });

  test('a crashed master without an append-only file has time to wait for its replica', () => {
    const props = { config: { appendonly: false, clusterNodeTimeout: Duration.seconds(15) }, startupTimeout: Duration.seconds(31) };
    expect(() => synthCluster(props)).toThrow("'startupTimeout' must be longer than twice 'config.clusterNodeTimeout' (30 s) and 1 s without 'config.appendonly',"
      + " got '31 seconds'; a crashed master lets its replica take over before it starts");
    expect(() => synthCluster({ ...props, startupTimeout: Duration.seconds(32) })).not.toThrow();
    expect(() => synthCluster({ ...props, config: { ...props.config, appendonly: true } })).not.toThrow();
  });
});

describe('disks', () => {
  test('a server knows whose disk it is to have', () => {
    expect(envOf({}, 'redis')).toMatchObject({ NAMESPACE: 'metadata.namespace', POD_NAME: 'metadata.name' });
    expect(envOf({}, 'redis')).not.toHaveProperty('COPY_OF');
  });

  test('copied disks are named', () => {
    expect(envOf({ storage: RedisStorage.persistentVolumeClaim({ copyOf: 'data/sessions' }) }, 'redis').COPY_OF).toBe('data/sessions');
  });

  test.each(['sessions', 'data/sessions/redis-data', 'data/', 'Data/sessions', '/sessions'])('copyOf %p is refused', copyOf => {
    expect(() => synthCluster({ storage: RedisStorage.persistentVolumeClaim({ copyOf }) })).toThrow(
      `'storage.copyOf' must be the copied cluster's namespace/name, got '${copyOf}'; the disks are marked with it`);
  });
});

describe('full copies', () => {
  const DIRECTIVE = 'repl-diskless-sync-max-replicas';

  test.each<[string, RedisClusterProps, string | undefined, string]>([
    ['of 6.2 go through a file', { image: 'redis:6.2' }, undefined, 'no 5 -'],
    ['of 6.2 as configured', { config: { replDisklessSync: true, replDisklessSyncDelay: Duration.seconds(3) } }, undefined, 'yes 3 -'],
    ['begin when the replica is there', { image: 'redis:7.0' }, undefined, 'yes 5 all'],
    ['begin when both replicas are there', { image: 'valkey/valkey:8.1', replicasPerMaster: 2 }, undefined, 'yes 5 all'],
    ['without replicas are left to Redis', { image: 'redis:7.0', replicasPerMaster: 0 }, undefined, 'yes 5 all'],
    ['through a file begin at once', { image: 'redis:7.0', config: { replDisklessSync: false } }, undefined, 'no 5 0'],
    ['wait as configured', { image: 'redis:8.0', config: { replDisklessSyncDelay: Duration.seconds(0), replDisklessSyncMaxReplicas: 0 } }, '0', 'yes 0 0'],
  ])('%s, and the heal container restores that', (_, props, maxReplicas, restored) => {
    expect(redisConf(props).filter((line: string) => line.startsWith(DIRECTIVE))).toEqual(maxReplicas === undefined ? [] : [`${DIRECTIVE} ${maxReplicas}`]);
    expect(envOf(props, 'heal').REPL_DISKLESS_SYNC).toBe(restored);
  });
});
