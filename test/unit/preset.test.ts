import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  BackupTarget, ClaimRetention, ClusterInitJob, ContainerResources, PodDiscovery, RedisAuthentication, RedisBackup, RedisCluster, RedisClusterChart,
  RedisClusterChartProps, RedisClusterPreset, RedisClusterProps, RedisConfig, RedisConfigProps, RedisMonitoring, RedisRestoreDrill, RedisStorage,
  RedisTls,
} from '../../src';
import { containerOf, synth, synthCluster, Synthesized } from '../support/synth';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const key = (name: string): kplus.SecretValue => ({ secret: { name: 'redis-auth' } as kplus.ISecret, key: name });
const initJob = { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` };
const production: RedisClusterProps = { preset: RedisClusterPreset.PRODUCTION, image: `redis:7.0${DIGEST}`, initJob };
const tls = RedisTls.fromSecret({ name: 'nodes-tls' } as kplus.ISecret);

const configOf = (objects: Synthesized) => objects.one('ConfigMap', 'redis-cluster-config').data;
const refused = (props: RedisClusterProps) => () => synthCluster(props);

describe('a prop that is undefined was not given', () => {
  /** Every prop, as code does that passes on what it may or may not have. */
  const UNDEFINED: { [Prop in keyof Required<RedisClusterProps>]: undefined } = {
    name: undefined,
    masters: undefined,
    replicasPerMaster: undefined,
    scaleInFrom: undefined,
    scaleInGuard: undefined,
    planJob: undefined,
    image: undefined,
    version: undefined,
    acknowledgedFormerImage: undefined,
    config: undefined,
    storage: undefined,
    restoreFrom: undefined,
    acceptDataLoss: undefined,
    resources: undefined,
    authentication: undefined,
    password: undefined,
    alternatePassword: undefined,
    users: undefined,
    backupPassword: undefined,
    tls: undefined,
    announceHostnames: undefined,
    networkPolicy: undefined,
    monitoring: undefined,
    requireImageDigests: undefined,
    preset: undefined,
    spread: undefined,
    nodeSelector: undefined,
    tolerations: undefined,
    affinity: undefined,
    priorityClassName: undefined,
    podLabels: undefined,
    labels: undefined,
    annotations: undefined,
    recommendedLabels: undefined,
    podAnnotations: undefined,
    imagePullPolicy: undefined,
    logFormat: undefined,
    imagePullSecrets: undefined,
    handoverTimeout: undefined,
    terminationGracePeriod: undefined,
    startupTimeout: undefined,
    initJob: undefined,
    acknowledgedWarnings: undefined,
  };

  test('of the default', () => {
    expect(synthCluster(UNDEFINED).objects).toEqual(synthCluster().objects);
  });

  test('of the production preset, which keeps every protection', () => {
    expect(synthCluster({ ...UNDEFINED, ...production }).objects).toEqual(synthCluster(production).objects);
    expect(refused({ ...UNDEFINED, preset: RedisClusterPreset.PRODUCTION })).toThrow('be pinned by its digest');
  });

  test('of the production preset when it is null, as other languages say it', () => {
    const nulls = Object.fromEntries(Object.keys(UNDEFINED).map(prop => [prop, null])) as RedisClusterProps;
    expect(synthCluster({ ...nulls, ...production }).objects).toEqual(synthCluster(production).objects);
  });

  test('of the chart', () => {
    const objects = (props: RedisClusterChartProps) => new RedisClusterChart(new App(), 'test', props).toJson();
    expect(objects({ ...UNDEFINED, namespace: undefined, labels: undefined, disableResourceNameHashes: undefined })).toEqual(objects({}));
  });

  test.each([undefined, null])('of redis.conf and of its ConfigMap, when it is %p', nothing => {
    const all = Object.fromEntries(['name', 'version', 'port', 'tls', 'appendonly', 'protectedMode', 'maxmemory', 'save', 'bind', 'extraDirectives']
      .map(prop => [prop, nothing])) as RedisConfigProps;
    const config = (props: RedisConfigProps) => synth(scope => new RedisConfig(scope, 'Config', props)).objects;
    expect(config(all)).toEqual(config({}));
    expect(synthCluster({ config: all }).objects).toEqual(synthCluster().objects);
  });

  test.each([undefined, null])('of the init Job, in a cluster or alone, when it is %p', nothing => {
    const none = Object.fromEntries(['kubectlImage', 'discovery', 'timeout', 'backoffLimit', 'activeDeadline', 'ttlAfterFinished', 'contentHashInName',
      'resources'].map(prop => [prop, nothing]));
    expect(synthCluster({ initJob: none }).objects).toEqual(synthCluster().objects);
    const placed = { nodeSelector: { disk: 'ssd' } };
    expect(synthCluster({ ...placed, initJob: { ...none, nodeSelector: undefined } as any }).objects).toEqual(synthCluster(placed).objects);
    const alone = (props: {}) => synth(scope => new ClusterInitJob(scope, 'Init', props)).objects;
    expect(alone({ ...none, name: nothing, statefulSetName: nothing, port: nothing, tls: nothing, user: nothing })).toEqual(alone({}));
  });

  test.each<any>([undefined, null])('of storage, TLS and users, when it is %p', nothing => {
    const storage = RedisStorage.persistentVolumeClaim({ size: nothing, storageClassName: nothing, copyOf: nothing, whenDeleted: nothing });
    expect(synthCluster({ storage }).objects).toEqual(synthCluster().objects);
    const retained = RedisStorage.persistentVolumeClaim({ whenDeleted: ClaimRetention.DELETE, whenScaled: nothing });
    expect(synthCluster({ storage: retained }).one('StatefulSet').spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Delete' });
    const issued = (options: {}) => synthCluster({ tls: RedisTls.fromIssuer('authority', options) }).objects;
    expect(issued({ authClients: nothing, issuerKind: nothing, duration: nothing })).toEqual(issued({}));
    const users = (rights: {}) => synthCluster({ password: key('own'), users: [{ name: 'app', password: key('app'), ...rights }] }).objects;
    expect(users({ keys: nothing, channels: nothing, commands: nothing })).toEqual(users({}));
  });

  test.each<any>([undefined, null])('of resources, two levels deep, when it is %p', nothing => {
    const amounts = { request: nothing, limit: nothing };
    const none = [nothing, { memory: { limit: nothing } }, { cpu: amounts, memory: nothing }, { ephemeralStorage: amounts }];
    const places: [string, (resources: ContainerResources) => Synthesized][] = [
      ['the cluster', resources => synthCluster({ ...production, resources })],
      ['the cluster of the original YAML', resources => synthCluster({ resources })],
      ['the init Job of a cluster', resources => synthCluster({ ...production, initJob: { ...initJob, resources } })],
      ['the init Job alone', resources => synth(scope => new ClusterInitJob(scope, 'Init', { resources }))],
      ['the exporter', resources => synthCluster({ monitoring: RedisMonitoring.annotations({ resources }) })],
      ['backup and drill', resources => synth(scope => {
        const run = { cluster: new RedisCluster(scope, 'Cluster'), schedule: '@daily', target: BackupTarget.claim('backups'), resources };
        new RedisBackup(scope, 'Backup', run);
        new RedisRestoreDrill(scope, 'Drill', run);
      })],
    ];
    for (const [place, build] of places) {
      const byDefault = build(undefined as any).objects;
      none.forEach(resources => expect([place, build(resources).objects]).toEqual([place, byDefault]));
      expect([place, build({}).objects]).not.toEqual([place, byDefault]);
    }
    const given = synthCluster({ ...production, resources: { cpu: nothing, memory: { request: Size.mebibytes(64), limit: nothing } } });
    expect(containerOf(given.one('StatefulSet'), 'redis').resources).toEqual({ requests: { memory: '64Mi' } });
  });

  test.each<any>([undefined, null])('of a toleration, when it is %p', nothing => {
    const toleration = { key: 'dedicated', operator: 'Exists', value: nothing, effect: nothing, tolerationSeconds: nothing };
    const objects = synthCluster({ tolerations: [toleration] });
    expect(['StatefulSet', 'Job'].map(kind => objects.one(kind).spec.template.spec.tolerations))
      .toEqual([[{ key: 'dedicated', operator: 'Exists' }], [{ key: 'dedicated', operator: 'Exists' }]]);
  });

  test.each<any>([undefined, null])('of the options of a connection and of the tuning, when it is %p', nothing => {
    const granted = (options: any) => synth(scope => {
      const cluster = new RedisCluster(scope, 'Cluster', { ...production, tls });
      cluster.grantAccess(new kplus.Deployment(scope, 'App', { containers: [{ image: 'app' }] }), options);
      expect(cluster.connection(options)).toEqual(cluster.connection());
    }).objects;
    const options = { user: nothing, variablePrefix: nothing, password: nothing, authority: nothing, containers: nothing };
    expect(granted(options)).toEqual(granted({}));
    expect(granted(nothing)).toEqual(granted({}));
    expect(RedisConfig.documentedTuning(nothing)).toEqual(RedisConfig.documentedTuning());
  });

  test('of labels and annotations, which keep what the chart or the library says', () => {
    const undefinedLabel = { team: undefined } as unknown as Record<string, string>;
    const { metadata } = synthCluster({ podLabels: undefinedLabel }, { labels: { team: 'payments' } }).one('StatefulSet').spec.template;
    expect(metadata.labels).toEqual({ app: 'redis-cluster', team: 'payments' });
    const undefinedAnnotation = { 'kubectl.kubernetes.io/default-container': undefined } as unknown as Record<string, string>;
    expect(synthCluster({ podAnnotations: undefinedAnnotation }).objects).toEqual(synthCluster().objects);
  });
});

describe('a protection of the production preset', () => {
  const off = (props: RedisClusterProps) => synthCluster({ ...production, ...props });

  test('TLS is turned off by its own word', () => {
    const objects = off({ tls: RedisTls.disabled() });
    expect(configOf(objects)['redis.conf']).toContain('\nport 6379\n');
    expect(configOf(objects)['redis.conf']).not.toContain('tls');
    expect(JSON.stringify([objects.one('StatefulSet'), objects.one('Job')])).not.toContain('tls');
  });

  test('users are given up for one password', () => {
    const objects = off({ authentication: RedisAuthentication.PASSWORD });
    expect(configOf(objects)['users.acl']).toBe('default ~* &* +@all\n');
    expect(JSON.stringify(objects.one('StatefulSet'))).toContain('"path":"default/password"');
  });

  test('passwords are given up', () => {
    const objects = off({ authentication: RedisAuthentication.NONE });
    expect(configOf(objects)).not.toHaveProperty(['users.acl']);
    expect(JSON.stringify(objects.objects)).not.toContain('redis-cluster-auth');
  });

  test('the NetworkPolicy and digests are turned off by false, resources by none', () => {
    const objects = synthCluster({ preset: RedisClusterPreset.PRODUCTION, networkPolicy: false, requireImageDigests: false, resources: {} });
    expect(objects.all('NetworkPolicy')).toEqual([]);
    expect(containerOf(objects.one('StatefulSet'), 'redis').resources).toEqual({});
  });

  test.each<[string, RedisClusterProps, string]>([
    ['an empty list of users', { ...production, users: [] },
      "'users' must name at least one user, got 0; no client could log in: leave it out, or set 'authentication' to RedisAuthentication.PASSWORD"],
    ['a preset that is none', { preset: 'prod' as RedisClusterPreset },
      "'preset' must be one of documented, production, got 'prod'; an unknown preset would protect nothing"],
    ['an authentication that is none', { authentication: 'acl' as RedisAuthentication },
      "'authentication' must be one of none, password, users, got 'acl'; the wrong clients might be let in"],
    ['no authentication with a password', { authentication: RedisAuthentication.NONE, password: key('own') },
      "'authentication' must be RedisAuthentication.PASSWORD with a 'password', got 'none'; clients without it could log in"],
    ['one password with users', { authentication: RedisAuthentication.PASSWORD, password: key('own'), users: [{ name: 'app', password: key('app') }] },
      "'authentication' must be RedisAuthentication.USERS with 'users', got 'password'; their rights would be ignored"],
    ['a password that is not named', { authentication: RedisAuthentication.PASSWORD },
      "'authentication' must come with a 'password', got 'password'; nobody would be asked for one"],
    ['users that are not named', { authentication: RedisAuthentication.USERS, password: key('own') },
      "'authentication' must come with 'users', got 'users'; clients would be the default user, who may do anything"],
  ])('%s is refused', (_, props, message) => {
    expect(refused(props)).toThrow(new Error(`[test/Cluster] ${message}`));
  });

  test('TLS is off, too, for redis.conf and the init Job alone', () => {
    const build = (certificate?: RedisTls) => synth(scope => {
      new RedisConfig(scope, 'Config', { tls: certificate });
      new ClusterInitJob(scope, 'Init', { tls: certificate, discovery: PodDiscovery.DNS });
    }).objects;
    expect(build(RedisTls.disabled())).toEqual(build());
    expect(build(tls)).not.toEqual(build());
  });

  test('each stays when the others are turned off', () => {
    const cluster = new RedisCluster(new Chart(new App(), 'test'), 'Cluster', { ...production, tls: RedisTls.disabled(), networkPolicy: false });
    expect(cluster.config._data['users.acl']).toContain('maintenance -@all');
    expect(off({ authentication: RedisAuthentication.NONE, resources: { memory: { limit: Size.gibibytes(2) } } }).all('NetworkPolicy')).toHaveLength(2);
  });
});

describe('every container has requests, and a limit of memory', () => {
  const containers = (props: RedisClusterProps) => {
    const objects = synthCluster(props);
    return [objects.one('StatefulSet'), objects.one('Job')].flatMap(workload => workload.spec.template.spec.containers);
  };
  const memory = expect.any(String);
  const everything = { requests: { cpu: expect.any(String), memory }, limits: expect.objectContaining({ memory }) };

  test('with the production preset', () => {
    expect(containers(production).map(container => [container.name, container.resources])).toEqual(
      ['heal', 'redis', 'kubectl', 'redis-init'].map(name => [name, everything]));
  });

  test('by default, but for the original YAML\'s own', () => {
    expect(containers({}).map(container => [container.name, container.resources])).toEqual(
      ['heal', 'redis', 'kubectl', 'redis-init'].map(name => [name, name === 'redis' ? undefined : everything]));
  });

  test('where those of Redis are taken away', () => {
    expect(containers({ resources: {} }).map(({ name, resources }) => [name, resources])).toContainEqual(
      ['heal', { requests: { cpu: '1m', memory: '16Mi' }, limits: { memory: '64Mi' } }]);
  });
});
