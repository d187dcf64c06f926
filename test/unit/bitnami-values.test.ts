import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { BitnamiValues, RedisClusterProps } from '../../src';
import { synthCluster } from '../support/synth';

const parse = (yaml: string, release = 'shop') => BitnamiValues.parse(yaml, release);

/** What a release with nothing told needs to be decided. */
const UNTOLD = [
  "image.tag: is not given: set 'image' to the version that runs, such as redis:7.2.7, or a later one",
  "existingSecret: the release's Secret 'shop-redis-cluster' goes with the release: keep a copy of it",
];

test('a release without values is the chart\'s defaults', () => {
  const { props, withoutCounterpart } = parse('');
  expect(props).toMatchObject({
    name: 'shop-redis-cluster', masters: 3, replicasPerMaster: 1, password: { secret: { name: 'shop-redis-cluster' }, key: 'redis-password' },
  });
  expect(props.storage!.claim!.size!.asString()).toBe('8Gi');
  expect(withoutCounterpart).toEqual(UNTOLD);
  expect(readdirSync(tmpdir()).filter(name => name.startsWith('bitnami-values-'))).toEqual([]);
});

const EVERYTHING = `
image: { registry: registry.example, repository: bitnami/redis-cluster, tag: 7.2.5-debian-12-r0, pullPolicy: Always, pullSecrets: [pull] }
commonLabels: { team: payments }
commonAnnotations: { note: x }
existingSecret: auth
existingSecretPasswordKey: pass
tls: { enabled: true, authClients: false, existingSecret: certificates, certFilename: tls.crt, certKeyFilename: key.pem }
persistence: { storageClass: fast, size: 20Gi, accessModes: [ReadWriteOnce] }
persistentVolumeClaimRetentionPolicy: { enabled: true, whenDeleted: Retain, whenScaled: Delete }
networkPolicy: { enabled: true, allowExternal: false }
metrics: { enabled: true, image: { tag: '1' } }
sysctlImage: { enabled: true }
volumePermissions: { enabled: false, image: { tag: '2' } }
redis:
  useAOFPersistence: "no"
  containerPorts: { redis: 7000, bus: 17000 }
  configmap: |
    # memory
    maxmemory 512mb
    maxmemory-policy allkeys-lru
    client-output-buffer-limit pubsub 64mb 16mb 90
    hz 20
    io-threads 4
    requirepass hunter2
  resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { cpu: 2, memory: 2Gi } }
  priorityClassName: high
  podLabels: { tier: data }
  podAnnotations: { scrape: 'yes' }
  nodeSelector: { disk: ssd }
  tolerations: [{ key: redis, operator: Exists }]
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: gpu, operator: DoesNotExist }] }] } } }
  sidecars: [{ name: extra, image: busybox }]
  livenessProbe: { periodSeconds: 7 }
cluster: { nodes: 15, replicas: 2, externalAccess: { enabled: true, service: { type: LoadBalancer } } }
`;

test('what has a counterpart becomes a prop, and the rest is listed with what takes its place', () => {
  const { props, withoutCounterpart } = parse(EVERYTHING, 'redis-cluster');
  const { storage, config, resources, tls, affinity, ...others } = props;
  expect(others).toEqual({
    name: 'redis-cluster',
    masters: 5,
    replicasPerMaster: 2,
    image: 'redis:7.2.5',
    password: { secret: { name: 'auth' }, key: 'pass' },
    networkPolicy: true,
    imagePullPolicy: 'Always',
    imagePullSecrets: ['pull'],
    labels: { team: 'payments' },
    annotations: { note: 'x' },
    priorityClassName: 'high',
    podLabels: { tier: 'data' },
    podAnnotations: { scrape: 'yes' },
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'redis', operator: 'Exists' }],
  });
  expect({ ...storage!.claim, size: storage!.claim!.size!.asString() })
    .toEqual({ size: '20Gi', storageClassName: 'fast', whenDeleted: 'Retain', whenScaled: 'Delete' });
  expect({ ...config, maxmemory: config!.maxmemory!.toMebibytes() }).toEqual({
    port: 7000,
    appendonly: false,
    maxmemory: 512,
    maxmemoryPolicy: 'allkeys-lru',
    extraDirectives: [{ name: 'client-output-buffer-limit', values: ['pubsub', '64mb', '16mb', '90'] }, { name: 'hz', values: ['20'] }],
  });
  const { cpu, memory } = resources!;
  expect([cpu!.request!.amount, cpu!.limit!.amount, memory!.request!.asString(), memory!.limit!.asString()])
    .toEqual(['500m', '2', '1Gi', '2Gi']);
  expect([tls!.secretName, tls!.options.authClients]).toEqual(['certificates', false]);
  expect(affinity!.nodeAffinity).toBeDefined();
  expect(withoutCounterpart).toEqual([
    "redis.configmap: 'io-threads' is config.ioThreads",
    "redis.configmap: 'requirepass' is left out: passwords come from Secrets",
    "tls.certKeyFilename: the Secret's key must be tls.key",
    "networkPolicy.allowExternal: clients are let in by 'grantAccess' or 'grantAccessByLabels', not by the label <name>-client",
    'image.registry: its images are laid out in another way: use redis or valkey/valkey, from a registry of yours',
    'image.repository: its images are laid out in another way: use redis or valkey/valkey, from a registry of yours',
    "metrics.enabled: use \'monitoring\' (docs/monitor.md)",
    "metrics.image.tag: use \'monitoring\' (docs/monitor.md)",
    'sysctlImage.enabled: pods have no privileges: set sysctls on the Kubernetes nodes',
    'redis.containerPorts.bus: has no counterpart',
    'redis.sidecars: add it by a patch (docs/escape-hatches.md)',
    'redis.livenessProbe.periodSeconds: has no counterpart',
    'cluster.externalAccess.enabled: nodes announce the addresses of their pods: clients outside Kubernetes are not served',
    'cluster.externalAccess.service.type: nodes announce the addresses of their pods: clients outside Kubernetes are not served',
  ]);
  expect(JSON.stringify([props, withoutCounterpart])).not.toContain('hunter2');
});

test.each([
  ['global: { defaultStorageClass: slow }\n', 'slow'],
  ['global: { defaultStorageClass: slow }\npersistence: { storageClass: fast }\n', 'fast'],
  ['global: { defaultStorageClass: slow, storageClass: all }\npersistence: { storageClass: fast }\n', 'all'],
  ['global: { defaultStorageClass: slow }\npersistence: { storageClass: "-" }\n', ''],
])('%p is of the class %p, as in the chart', (yaml, storageClassName) => {
  const { props } = parse(`${yaml}image: { tag: 7.2.5 }\n`);
  expect(props.storage!.claim!.storageClassName).toBe(storageClassName);
  expect(() => synthCluster(props)).not.toThrow();
});

test('no limit of memory, which is 0 to Redis, is none here', () => {
  const { props } = parse('image: { tag: 7.2.5 }\nredis: { configmap: "maxmemory 0\\nmaxclients 5000" }\n');
  expect(props.config).toEqual({ maxclients: 5000 });
  expect(() => synthCluster(props)).not.toThrow();
});

test('the claims are those of the release', () => {
  const { props } = parse(EVERYTHING, 'cache');
  const statefulSet = synthCluster({ ...props, acceptDataLoss: true }, { namespace: 'data' }).one('StatefulSet');
  expect(statefulSet.metadata.name).toBe('cache-redis-cluster');
  expect(statefulSet.spec.volumeClaimTemplates.map(({ metadata }: any) => metadata.name)).toEqual(['redis-data']);
  expect(statefulSet.spec.replicas).toBe(15);
});

test.each<[string, string, Partial<RedisClusterProps>, string[]]>([
  ['another name', 'fullnameOverride: cache', { name: 'cache' }, []],
  ['a part of the name', 'nameOverride: redis', { name: 'shop-redis' }, []],
  ['no password', 'usePassword: false', { password: undefined }, []],
  ['no persistence', 'persistence: { enabled: false, size: 1Gi }', {}, []],
  ['files in a folder', 'persistence: { subPath: data, size: 1G, accessModes: [ReadWriteMany] }', {}, [
    'persistence.subPath: the data must be at the root of the volume: move it there, before the first pod starts',
    'persistence.accessModes: is always ReadWriteOnce',
    "persistence.size: '1G' has no binary unit: set the size that the claims have",
  ]],
  ['certificates of the release', 'tls: { enabled: true, autoGenerated: true }', {}, [
    "tls.existingSecret: the release's Secret 'shop-redis-cluster-crt' goes with the release, and names no Service of this library: make another",
  ]],
  ['a policy that lets everybody in', 'networkPolicy: { enabled: true }', { networkPolicy: undefined }, []],
  ['no policy', 'networkPolicy: { enabled: false, allowExternal: false }', { networkPolicy: undefined }, []],
  ['a policy that is there by default', 'networkPolicy: { allowExternal: false }', { networkPolicy: true }, [
    "networkPolicy.allowExternal: clients are let in by 'grantAccess' or 'grantAccessByLabels', not by the label <name>-client",
  ]],
  ['a directive without a value', 'redis: { configmap: "maxmemory" }', { config: {} }, [
    "redis.configmap: 'maxmemory' has no value, and is left out",
  ]],
  ['no class of storage', 'persistence: { storageClass: "-" }', {}, []],
])('%s', (_, yaml, props, remarks) => {
  const found = parse(`${yaml}\n`);
  expect(found.props).toMatchObject(Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)));
  const absent = Object.keys(props).filter(name => props[name as keyof RedisClusterProps] === undefined);
  expect(absent.filter(name => found.props[name as keyof RedisClusterProps] !== undefined)).toEqual([]);
  expect(found.withoutCounterpart.filter(line => !/^(image\.tag|existingSecret): /.test(line))).toEqual(remarks);
});

test('a password in plain text and an uneven shape are refused, both at once, and the password is not shown', () => {
  const parsing = () => parse('password: hunter2\nglobal: { redis: { password: hunter3 } }\ncluster: { nodes: 7 }\n');
  expect(parsing).toThrow([
    "'password' must be left out, got '(not shown)'; "
      + "a password does not belong in props: leave it in the release's Secret, or name another by 'existingSecret'",
    "'global.redis.password' must be left out, got '(not shown)'; "
      + "a password does not belong in props: leave it in the release's Secret, or name another by 'existingSecret'",
    "'cluster.nodes' must be a multiple of 1 + cluster.replicas (2), got 7; every master has the same number of replicas here",
  ].join('\n'));
  expect(parsing).not.toThrow(/hunter/);
});

test('a word in the place of a list is refused', () => {
  expect(() => parse('image: { pullSecrets: regcred }\n')).toThrow("'image.pullSecrets' must be a list, got 'regcred'; the chart goes through its entries");
});

test('what is no mapping is refused', () => {
  const parsing = () => parse('- a\n- b\n');
  expect(parsing).toThrow("'yaml' must be a mapping of values, got 'something else'; helm get values RELEASE --output yaml prints one");
});
