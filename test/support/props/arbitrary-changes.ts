import { Duration, Size } from 'cdk8s';
import type { ISecret, SecretValue } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { MaxmemoryPolicy, RedisAuthentication, RedisClusterPreset, RedisClusterProps, RedisConfigSettings, RedisDirective, RedisMonitoring, RedisStorage, RedisTls } from '../../../src';

export type Change = (props: RedisClusterProps) => RedisClusterProps;

/** Texts that mean something to YAML, redis.conf, a shell or Kubernetes, between texts that do not. */
const text = fc.oneof(
  fc.constantFrom('a\nport 1', '"', "'", '$(id)', '`id`', '${HOME}', '#', ': ', '- x', '{}', '\\', '\u0000', '\u2028', 'yes', '~', '%', '*', ' ', ''),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/),
);
const long = (...lengths: number[]) => fc.constantFrom(...lengths.map(length => 'a'.repeat(length)));

const secret = { name: 'redis-auth' } as ISecret;
const secretValue: fc.Arbitrary<SecretValue> = fc.oneof(
  fc.constantFrom('password', '.hidden', 'a.b_c-d', '..', '.', 'a b', '', undefined).map(key => ({ secret, key: key as string })),
  long(253, 254).map(key => ({ secret, key })),
  fc.constantFrom('auth', 'my.auth', 'Auth', '', undefined).map(name => ({ secret: { name } as ISecret, key: 'password' })),
);

/** Whole props in the places of those that are there. */
const put = (props: fc.Arbitrary<Partial<RedisClusterProps>>) => props.map((changed): Change => before => ({ ...before, ...changed }));
const one = <P extends keyof RedisClusterProps>(prop: P, value: fc.Arbitrary<RedisClusterProps[P]>) => put(value.map(of => ({ [prop]: of })));
const setting = (settings: fc.Arbitrary<RedisConfigSettings>) => settings.map((changed): Change => before =>
  ({ ...before, config: { ...before.config, ...changed } }));

/** Keys and values of labels, the keys also of annotations. */
const labels = fc.oneof(
  fc.constantFrom('team', 'example.com/team', 'app', '/team', 'example.com/', 'a/b/c', 'Example.com/team', 'a b', '-a').map(key => ({ [key]: 'x' })),
  long(63, 64).map(key => ({ [key]: 'x' })),
  fc.oneof(text, long(63, 64), fc.constantFrom('', 'a.b_c', '-a', 'a-', 'A')).map(value => ({ team: value })),
);

const toleration = fc.record({
  key: fc.constantFrom('dedicated', 'example.com/dedicated', 'a b', ''),
  operator: fc.constantFrom('Equal', 'Exists', 'In', ''),
  value: fc.constantFrom('redis', '', 'a b'),
  effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute', '', 'NoRun'),
  tolerationSeconds: fc.constantFrom(30, 0, -1, 0.5),
}, { requiredKeys: [] });

/** maxmemory, and a limit and a claim that are some part of what it needs. */
const sizes = fc.record({
  maxmemory: fc.integer({ min: 1, max: 4000 }),
  limit: fc.constantFrom(0, 1, 1.24, 1.25, 2),
  disk: fc.constantFrom(0, 1, 1.99, 2, 4),
  isFolder: fc.boolean(),
}).map(({ maxmemory, limit, disk, isFolder }): Change => before => {
  const size = disk > 0 ? Size.kibibytes(Math.max(1024, Math.ceil(disk * maxmemory * 1024))) : undefined;
  return {
    ...before,
    config: { ...before.config, maxmemory: Size.mebibytes(maxmemory), maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LFU },
    resources: limit > 0 ? { memory: { limit: Size.kibibytes(Math.ceil(limit * maxmemory * 1024)) } } : undefined,
    storage: isFolder ? RedisStorage.ephemeral({ sizeLimit: size }) : RedisStorage.persistentVolumeClaim({ size }),
  };
});

const directive: fc.Arbitrary<RedisDirective> = fc.oneof(
  fc.tuple(fc.constantFrom('hz', 'hash-max-listpack-entries', 'maxmemory-samples'), fc.constantFrom<string[]>(['1'], ['10'], [], ['1', '2']))
    .map(([name, values]) => ({ name, values })), // the number of words is checked; what they say is Redis' to judge
  fc.constantFrom('requirepass', 'dir', 'cluster-enabled', 'hzz', 'HZ', 'a b').map(name => ({ name, values: ['1'] })),
  text.map(value => ({ name: 'proc-title-template', values: [`{title} ${value.replaceAll(/[{}]/g, '')}`] })),
);

const user = fc.oneof(
  fc.oneof(text, fc.constantFrom('app', 'my_app', 'default', 'maintenance'), long(64, 65)).map(name => ({ name })),
  fc.array(fc.oneof(text, fc.constantFrom('app:*', '*')), { maxLength: 2 }).map(keys => ({ keys: [...new Set(keys)] })),
  fc.array(fc.oneof(text, fc.constantFrom('news.*', '*')), { maxLength: 2 }).map(channels => ({ channels: [...new Set(channels)] })),
  fc.array(fc.constantFrom('+@read', '-flushdb', '+cluster|slots', '-config|set', '+get', 'nopass', '+@read +@write', '@all', '>a'), { maxLength: 2 })
    .map(commands => ({ commands })),
  secretValue.map(password => ({ password })),
);

const tls = fc.constantFrom(
  RedisTls.disabled(), RedisTls.fromSecret({ name: 'tls' } as ISecret), RedisTls.fromSecret({ name: 'TLS' } as ISecret), RedisTls.fromSecret({} as ISecret),
  RedisTls.fromIssuer('issuer', { authClients: true }), RedisTls.fromIssuer('my issuer'),
  ...[59, 60].map(minutes => RedisTls.fromIssuer('issuer', { duration: Duration.minutes(minutes), renewBefore: Duration.minutes(5) })),
  ...[60, 61].map(minutes => RedisTls.fromIssuer('issuer', { duration: Duration.minutes(61), renewBefore: Duration.minutes(minutes) })),
);

const seconds = (...values: number[]) => fc.constantFrom(...values).map(value => Duration.millis(value * 1000));

/** Neither password nor NetworkPolicy. */
const OPEN = { authentication: undefined, password: undefined, alternatePassword: undefined, users: undefined, networkPolicy: false };

/** One change each of props that were good: its values lie on both sides of a bound. */
export const CHANGES: Record<string, fc.Arbitrary<Change>> = {
  name: one('name', fc.oneof(text, fc.constantFrom('a', '3-masters', '-a', 'a-', 'a.b', 'a_b', 'A'), long(52, 53))),
  shape: put(fc.record({ masters: fc.constantFrom(2, 3, 4, 3.5, NaN, 100, 101, 1001), replicasPerMaster: fc.constantFrom(0, 1, 0.5, -1, 9) })),
  image: one('image', fc.constantFrom('redis:7.2-alpine', `registry.example:5000/team/redis:8.0@sha256:${'0'.repeat(64)}`, 'redis:5.0', 'Redis:7.0',
    'redis: 7.0', 'redis:7.0@sha256:0', '', 'valkey/valkey:7.1', 'valkey/valkey:8.0')),
  port: setting(fc.constantFrom(0, 1, 1023, 1024, 6379, 55535, 55536, 6379.5, NaN).map(port => ({ port }))),
  clusterNodeTimeout: setting(fc.constantFrom(0, 0.5, 1, 15000).map(milliseconds => ({ clusterNodeTimeout: Duration.millis(milliseconds) }))),
  sizes,
  persistence: fc.record({ appendonly: fc.boolean(), acceptDataLoss: fc.boolean(), replicasPerMaster: fc.constantFrom(0, 1), isFolder: fc.boolean() })
    .map(({ appendonly, isFolder, ...props }): Change => before => ({
      ...before, ...props, config: { appendonly }, storage: isFolder ? RedisStorage.ephemeral() : RedisStorage.persistentVolumeClaim(),
    })),
  claim: one('storage', fc.oneof(
    fc.constantFrom(1023, 1024, 1024.5, 2048).map(kibibytes => RedisStorage.persistentVolumeClaim({ size: Size.kibibytes(kibibytes) })),
    fc.constantFrom('data/sessions', 'sessions', 'Data/sessions').map(copyOf => RedisStorage.persistentVolumeClaim({ copyOf })),
    fc.constantFrom('fast', 'Fast').map(storageClassName => RedisStorage.persistentVolumeClaim({ storageClassName })),
  )).map((apply): Change => before => apply({ ...before, config: undefined })),
  save: setting(fc.record({ after: seconds(0, 0.5, 1, 60), changes: fc.constantFrom(0, 1, 1.5) }).map(point => ({ save: [point] }))),
  bind: setting(fc.array(fc.oneof(text, fc.constantFrom('0.0.0.0', '-::', '*')), { maxLength: 2 }).map(bind => ({ bind }))),
  notifyKeyspaceEvents: setting(fc.oneof(text, fc.constantFrom('KEA', 'K', 'E$', 'A', 'KEn', 'KEq')).map(notifyKeyspaceEvents => ({ notifyKeyspaceEvents }))),
  extraDirectives: setting(directive.map(value => ({ extraDirectives: [value] }))),
  resources: one('resources', fc.record({ request: fc.constantFrom(512, 0, 64), limit: fc.constantFrom(512, 64) }).map(({ request, limit }) => ({
    memory: { request: Size.mebibytes(request), limit: Size.mebibytes(limit) }, cpu: { request: { amount: `${request}m` }, limit: { amount: `${limit}m` } },
  }))).map((apply): Change => before => apply({ ...before, config: undefined })),
  password: one('password', secretValue),
  alternatePassword: one('alternatePassword', secretValue),
  users: user.map((rights): Change => before => ({ ...before, users: [{ name: 'app', password: { secret, key: 'app' }, ...rights }] })),
  authentication: fc.record({ authentication: fc.constantFrom(...Object.values(RedisAuthentication)), has: fc.constantFrom('neither', 'password', 'both') })
    .map(({ authentication, has }): Change => ({ password, users, ...before }) => ({
      ...before,
      authentication,
      ...has === 'neither' ? {} : { password },
      ...has === 'both' ? { users: users ?? [{ name: 'app', password: { secret, key: 'app' } }] } : {},
    })),
  tls: one('tls', tls),
  preset: put(fc.record({
    preset: fc.constantFrom(RedisClusterPreset.PRODUCTION, RedisClusterPreset.PRODUCTION, 'prod' as RedisClusterPreset),
    requireImageDigests: fc.constantFrom(false, undefined),
    tls: fc.constantFrom(undefined, RedisTls.disabled()),
    resources: fc.constant(undefined),
  })),
  announceHostnames: put(fc.record({ announceHostnames: fc.boolean(), image: fc.constantFrom('redis:6.2', 'redis:7.0') }))
    .map((apply): Change => before => apply({ ...before, config: undefined })),
  monitoring: put(fc.oneof(
    fc.constantFrom('redis_exporter:v1', 'redis exporter').map(image => ({ ...OPEN, monitoring: RedisMonitoring.annotations({ image }) })),
    secretValue.map(password => ({ ...OPEN, password, monitoring: RedisMonitoring.annotations({ password }) })),
    labels.map(podLabels => ({ ...OPEN, networkPolicy: true, monitoring: RedisMonitoring.annotations({ prometheus: { podLabels } }) })),
    fc.constant({ networkPolicy: true, monitoring: RedisMonitoring.annotations() }),
  )),
  podLabels: one('podLabels', labels),
  podAnnotations: one('podAnnotations', labels),
  nodeSelector: one('nodeSelector', labels),
  tolerations: one('tolerations', toleration.map(value => [value])),
  priorityClassName: one('priorityClassName', fc.oneof(text, fc.constantFrom('high', 'High', 'a.b', '-a'), long(253, 254))),
  imagePullSecrets: one('imagePullSecrets', fc.constantFrom('registry', 'Registry', 'my.registry', '').map(name => [name])),
  stopping: put(fc.record({ handoverTimeout: seconds(0, 0.5, 1, 15), terminationGracePeriod: seconds(24, 25, 25.5, 60) })),
  startupTimeout: one('startupTimeout', seconds(9, 10, 10.5, 121)),
  initJob: one('initJob', fc.oneof(
    fc.record({ timeout: seconds(9, 10, 60), activeDeadline: seconds(60, 61) }),
    fc.record({ backoffLimit: fc.constantFrom(-1, 0, 1.5), contentHashInName: fc.boolean() }),
    fc.record({ ttlAfterFinished: seconds(0, 0.5, 60) }),
    fc.record({ kubectlImage: fc.constantFrom('kubectl:1.34', 'kubectl 1.34') }),
  )),
};
