import { RedisVersion } from '../src';

describe('the version in an image', () => {
  test.each([
    ['redis:6.2', RedisVersion.V6_2],
    ['redis:6.2.14', RedisVersion.V6_2],
    ['redis:7.0.15-alpine', RedisVersion.V7_0],
    ['registry.example/redis:7.2-bookworm', RedisVersion.V7_2],
    ['registry.example:5000/team/redis:7.4.1', RedisVersion.V7_4],
    ['docker.io/library/redis:8.0', RedisVersion.V8_0],
    ['redis:v7.2.4', RedisVersion.V7_2],
    ['redis/redis-stack-server:7.2.0-v10', RedisVersion.V7_2],
    ['valkey/valkey:7.2', RedisVersion.VALKEY_7_2],
    ['valkey/valkey:8.0.2-alpine', RedisVersion.VALKEY_8_0],
    [`valkey/valkey:8.1@sha256:${'a'.repeat(64)}`, RedisVersion.VALKEY_8_1],
  ])('is read from the tag of %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    ['redis:6', RedisVersion.V6_2],
    ['redis:7-alpine', RedisVersion.V7_4],
    ['docker.io/library/redis:8', RedisVersion.V8_0],
    ['valkey/valkey:8', RedisVersion.VALKEY_8_1],
  ])('is the newest known one of a tag that moves, %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    ['redis:7.1', RedisVersion.V7_0],
    ['redis:8.4', RedisVersion.V8_0],
    ['redis:10.0', RedisVersion.V8_0],
    ['valkey/valkey:9.1', RedisVersion.VALKEY_8_1],
  ])('is the newest known one that is not newer than %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    'redis',
    'redis:latest',
    'redis:alpine',
    'redis:20240101',
    'valkey/valkey:unstable',
    `redis@sha256:${'a'.repeat(64)}`,
    'valkey.example/team/cache:8.1',
    'eqalpha/keydb:7.2',
  ])('is Redis 6.2 where it cannot be told, as in %s', image => {
    expect(RedisVersion.fromImage(image)).toBe(RedisVersion.V6_2);
  });

  test.each(['redis:6.0', 'redis:5', 'library/redis:6.0.20-alpine', 'valkey/valkey:7.0'])('may not be too old, as in %s', image => {
    expect(() => RedisVersion.fromImage(image)).toThrow(new Error(
      `'image' must hold Redis 6.2, Valkey 7.2 or a later version, got '${image}'; older ones lack directives and commands by which the cluster is run`,
    ));
  });
});

test('versions are named as people call them', () => {
  expect(RedisVersion.V7_4.name).toBe('Redis 7.4');
  expect(RedisVersion.VALKEY_8_1.name).toBe('Valkey 8.1');
});

test('versions compare by their first number, then by their second', () => {
  expect(RedisVersion.V7_2.atLeast(7, 2)).toBe(true);
  expect(RedisVersion.V7_2.atLeast(7, 4)).toBe(false);
  expect(RedisVersion.V7_2.atLeast(6, 4)).toBe(true);
  expect(RedisVersion.V8_0.atLeast(7, 2)).toBe(true);
  expect(RedisVersion.V6_2.atLeast(7, 0)).toBe(false);
});

test('host names can be announced since Redis 7.0', () => {
  expect(RedisVersion.V6_2.supportsHostnames).toBe(false);
  expect(RedisVersion.V7_0.supportsHostnames).toBe(true);
  expect(RedisVersion.VALKEY_7_2.supportsHostnames).toBe(true);
});
