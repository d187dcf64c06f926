import { Duration, Size } from 'cdk8s';
import type { ISecret } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { Change, CHANGES } from './arbitrary-changes';
import { PodSpread, RedisClusterProps, RedisStorage, RedisTls } from '../../../src';

const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)), minLength: 1, maxLength: 12 });
const free = fc.oneof(printable, fc.constantFrom('"', "'", '$(id)', '`id`', '${HOME}', '#', ': x', '- x', '{}', '\\', '\u2028', 'é', 'yes', ' ', 'a  b'));
/** Redis takes no pattern beside one for all. */
const patterns = fc.array(printable.filter(pattern => pattern !== '*'), { minLength: 1, maxLength: 2 });
const secret = fc.record({ secret: fc.constant({ name: 'redis-auth' } as ISecret), key: fc.constantFrom('password', 'other') });
const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z0-9]{0,5}$/), { maxKeys: 2 });

/** Props that are within their bounds, with every free text that there is as odd as it may be. */
export const acceptableProps: fc.Arbitrary<RedisClusterProps> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9]$/),
  masters: fc.integer({ min: 3, max: 5 }),
  replicasPerMaster: fc.integer({ min: 0, max: 2 }),
  image: fc.constantFrom('redis:7.0', 'redis:8.0', 'valkey/valkey:8.1'), // Redis 6.2 has no directive with a free text
  config: fc.record({
    port: fc.integer({ min: 1024, max: 55535 }),
    clusterNodeTimeout: fc.integer({ min: 1, max: 60000 }).map(Duration.millis),
    maxmemory: fc.integer({ min: 12, max: 512 }).map(Size.mebibytes), // 2 MiB more than Valkey's backlog, and half of the default claim at most
    save: fc.array(fc.record({
      after: fc.integer({ min: 1, max: 999 }).map(Duration.seconds), changes: fc.integer({ min: 1, max: 999 }),
    }), { maxLength: 2 }),
    extraDirectives: free.map(value => [{ name: 'proc-title-template', values: [`redis {title} ${value.replaceAll(/[{}]/g, '')}`] }]),
  }, { requiredKeys: [] }),
  storage: fc.constantFrom(RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(1536) }), RedisStorage.ephemeral()),
  acceptDataLoss: fc.constant(true),
  resources: fc.constant({ memory: { limit: Size.mebibytes(640) } }),
  password: secret,
  users: fc.record({ keys: patterns, channels: patterns }, { requiredKeys: ['keys'] })
    .map(rights => [{ name: 'app', password: { secret: { name: 'redis-auth' } as ISecret, key: 'app' }, ...rights }]),
  tls: fc.constant(RedisTls.fromIssuer('issuer')),
  networkPolicy: fc.boolean(),
  spread: fc.constantFrom(...Object.values(PodSpread)),
  podLabels: labels,
  podAnnotations: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), free, { maxKeys: 2 }),
}, { requiredKeys: ['acceptDataLoss', 'image', 'password'] });

/** Acceptable props with one change, which may be on either side of a bound. */
export function changedProps(change: fc.Arbitrary<Change>): fc.Arbitrary<RedisClusterProps> {
  return fc.tuple(acceptableProps, change).map(([props, apply]) => apply(props));
}

/** Acceptable props with several changes: most are refused, for several reasons. */
export const propsAtBounds: fc.Arbitrary<RedisClusterProps> = fc
  .tuple(acceptableProps, fc.array(fc.oneof(...Object.values(CHANGES)), { minLength: 2, maxLength: 6 }))
  .map(([props, changes]) => changes.reduce((changed, apply) => apply(changed), props));
