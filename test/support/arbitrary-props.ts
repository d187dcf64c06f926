import { Duration, Size } from 'cdk8s';
import type { ISecret } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { MaxmemoryPolicy, PodSpread, RedisClusterPreset, RedisClusterProps, RedisStorage, RedisTls } from '../../src';

/** Texts that mean something to YAML, redis.conf, a shell or Kubernetes, between texts that do not. */
const text = fc.oneof(
  fc.constantFrom('a\nport 1', '"', "'", '$(id)', '`id`', '${HOME}', '#', ': ', '- x', '{}', '\\', '\u0000', '\u2028', 'yes', '~', '%', '*', ' ', ''),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/),
);

const count = fc.oneof(fc.integer({ min: -2, max: 8 }), fc.constantFrom(0.5, NaN, Infinity, 16385));
const duration = fc.oneof(fc.integer({ min: 0, max: 200 }).map(Duration.seconds), fc.integer({ min: 0, max: 5000 }).map(Duration.millis));
const size = fc.oneof(fc.integer({ min: 0, max: 4000 }).map(Size.mebibytes), fc.constantFrom(Size.kibibytes(1), Size.gibibytes(0.3)));
const secret = fc.record({ secret: fc.constant({ name: 'redis-auth' } as ISecret), key: fc.constantFrom('password', 'app') });
const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z0-9]{0,5}$/), { maxKeys: 2 });

const config = fc.record({
  port: fc.oneof(count, fc.integer({ min: 1024, max: 60000 })),
  clusterNodeTimeout: duration,
  maxmemory: size,
  maxmemoryPolicy: fc.constantFrom(...Object.values(MaxmemoryPolicy)),
  appendonly: fc.boolean(),
  bind: fc.array(fc.oneof(text, fc.constantFrom('0.0.0.0', '::', '*')), { maxLength: 2 }),
  save: fc.array(fc.record({ after: duration, changes: count }), { maxLength: 2 }),
  notifyKeyspaceEvents: fc.oneof(text, fc.constant('KEA')),
  extraDirectives: fc.array(fc.record({
    name: fc.oneof(text, fc.constantFrom('hz', 'proc-title-template', 'client-output-buffer-limit', 'requirepass', 'hash-max-listpack-entries')),
    values: fc.array(text, { maxLength: 2 }),
  }), { maxLength: 2 }),
}, { requiredKeys: [] });

const user = fc.record({
  name: fc.oneof(text, fc.constant('app')),
  password: secret,
  keys: fc.array(fc.oneof(text, fc.constant('app:*')), { maxLength: 2 }),
  channels: fc.array(text, { maxLength: 1 }),
  commands: fc.array(fc.oneof(text, fc.constantFrom('+@read', '-flushdb')), { maxLength: 2 }),
}, { requiredKeys: ['name', 'password'] });

/** Props as anybody might give them, most of them bad in one way or another. */
export const arbitraryProps: fc.Arbitrary<RedisClusterProps> = fc.record({
  name: text,
  masters: count,
  replicasPerMaster: count,
  image: fc.oneof(text, fc.constantFrom('redis:6.2', 'redis:7.0', 'redis:8.0', 'valkey/valkey:8.1', 'redis:5.0')),
  config,
  storage: fc.oneof(size.map(value => RedisStorage.persistentVolumeClaim({ size: value })), fc.constant(RedisStorage.ephemeral())),
  acceptDataLoss: fc.boolean(),
  resources: fc.record({ memory: fc.record({ request: size, limit: size }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  password: secret,
  users: fc.array(user, { maxLength: 2 }),
  tls: fc.constantFrom(RedisTls.fromSecret({ name: 'tls' } as ISecret), RedisTls.fromIssuer('issuer')),
  networkPolicy: fc.boolean(),
  preset: fc.constantFrom(...Object.values(RedisClusterPreset)),
  requireImageDigests: fc.constant(false),
  spread: fc.constantFrom(...Object.values(PodSpread)),
  podLabels: labels,
  podAnnotations: labels,
  handoverTimeout: duration,
  terminationGracePeriod: duration,
  startupTimeout: duration,
}, { requiredKeys: [] });

const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)), minLength: 1, maxLength: 12 });
const free = fc.oneof(printable, fc.constantFrom('"', "'", '$(id)', '`id`', '${HOME}', '#', ': x', '- x', '{}', '\\', '\u2028', 'é', 'yes', ' ', 'a  b'));
/** Redis takes no pattern beside one for all. */
const patterns = fc.array(printable.filter(pattern => pattern !== '*'), { minLength: 1, maxLength: 2 });

/** Props that are within their bounds, with every free text that there is as odd as it may be. */
export const acceptableProps: fc.Arbitrary<RedisClusterProps> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9]$/),
  masters: fc.integer({ min: 3, max: 5 }),
  replicasPerMaster: fc.integer({ min: 0, max: 2 }),
  image: fc.constantFrom('redis:6.2', 'redis:7.0', 'redis:8.0', 'valkey/valkey:8.1'),
  config: fc.record({
    port: fc.integer({ min: 1024, max: 55535 }),
    clusterNodeTimeout: fc.integer({ min: 1, max: 60000 }).map(Duration.millis),
    maxmemory: fc.integer({ min: 1, max: 1000 }).map(Size.mebibytes),
    save: fc.array(fc.record({
      after: fc.integer({ min: 1, max: 999 }).map(Duration.seconds), changes: fc.integer({ min: 1, max: 999 }),
    }), { maxLength: 2 }),
    extraDirectives: free.map(value => [{ name: 'proc-title-template', values: [`redis {title} ${value.replaceAll(/[{}]/g, '')}`] }]),
  }, { requiredKeys: [] }),
  storage: fc.constantFrom(RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(1536) }), RedisStorage.ephemeral()),
  acceptDataLoss: fc.constant(true),
  password: secret,
  users: fc.record({ keys: patterns, channels: patterns }, { requiredKeys: ['keys'] })
    .map(rights => [{ name: 'app', password: { secret: { name: 'redis-auth' } as ISecret, key: 'app' }, ...rights }]),
  tls: fc.constant(RedisTls.fromIssuer('issuer')),
  networkPolicy: fc.boolean(),
  spread: fc.constantFrom(...Object.values(PodSpread)),
  podLabels: labels,
  podAnnotations: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), free, { maxKeys: 2 }),
}, { requiredKeys: ['acceptDataLoss', 'password'] })
  // Redis 6.2 has no directive with a free text.
  .map(props => ({ ...props, image: !props.image || props.image === 'redis:6.2' ? 'redis:7.0' : props.image }));
