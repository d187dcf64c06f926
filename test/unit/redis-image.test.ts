import { RedisVersion } from '../../src';
import { synthCluster } from '../support/synth';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const refused = (image: string, version?: RedisVersion) => () => synthCluster({ image, version });

describe('a version that contradicts the tag of the image is refused', () => {
  test.each<[string, RedisVersion, string]>([
    ['redis:7.0', RedisVersion.V8_0, 'Redis 7.0'],
    ['redis:8.2.3-alpine', RedisVersion.V8_4, 'Redis 8.2'],
    [`registry.example:5000/team/redis:7.2${DIGEST}`, RedisVersion.V7_0, 'Redis 7.2'],
    ['valkey/valkey:8.0', RedisVersion.V8_0, 'Valkey 8.0'],
    ['redis:8', RedisVersion.V7_4, 'Redis 8.10'],
    ['redis:8.12', RedisVersion.V8_10, 'Redis 8.12'],
    ['redis:5.0', RedisVersion.V7_0, 'an older version'],
    ['docker.io/library/redis:6.0', RedisVersion.V6_2, 'an older version'],
  ])('%s and %s', (image, version, told) => {
    expect(refused(image, version)).toThrow(new Error(
      `[test/Cluster] 'version' must agree with 'image', whose tag is that of ${told} ('${image}'), got '${version.name}'; redis.conf would not `
      + 'fit the server: leave it out to have it read from the tag, or pin an image with numbers of its own by its digest alone',
    ));
  });

  test.each<[string, RedisVersion]>([
    ['redis:7.0', RedisVersion.V7_0],
    ['redis:8', RedisVersion.V8_2],
    ['redis:latest', RedisVersion.V8_10],
    [`redis${DIGEST}`, RedisVersion.V8_0],
    ['registry.example/team/redis:1.4.0', RedisVersion.V7_2],
    ['registry.example/team/cache:8.1', RedisVersion.V7_2],
    ['redis:8.12', RedisVersion.of('8.12')],
  ])('%s and %s agree', (image, version) => {
    expect(refused(image, version)).not.toThrow();
  });
});

describe('an image that is laid out in another way than the official ones is refused', () => {
  test.each([
    'bitnami/redis-cluster:7.0',
    'bitnami/redis:8.0',
    'bitnamilegacy/redis-cluster:7.2.4-debian-12-r9',
    'bitnamisecure/redis:latest',
    'docker.io/bitnami/valkey-cluster:8.1',
    `registry.example:5000/mirror/bitnami/redis:7.0${DIGEST}`,
    'registry.example/mirror/redis-cluster:7.2.4-debian-12-r9',
    'public.ecr.aws/bitnami/valkey:8.0',
  ])('%s', image => {
    expect(refused(image)).toThrow(new Error(
      `[test/Cluster] 'image' must be laid out like the official images, got '${image}'; Bitnami's have another user, other folders and an entry `
      + 'point of their own: use redis or valkey/valkey of the same version',
    ));
  });

  test.each(['redis:7.2-bookworm', 'redis:8.0-alpine3.21', 'registry.example/team/redis-cluster:7.0', 'registry.example/notbitnami/redis:7.0'])('but not %s', image => {
    expect(refused(image)).not.toThrow();
  });
});
