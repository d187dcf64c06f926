import { RedisVersion } from '../../src';
import { notChecked } from '../../src/image/image';
import { LINES } from '../../src/versions/version-table';

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
    ['redis:8.2', RedisVersion.V8_2],
    ['redis:8.4.1', RedisVersion.V8_4],
    ['redis:8.6-alpine', RedisVersion.V8_6],
    ['redis:8.8', RedisVersion.V8_8],
    ['redis:8.10.2-trixie', RedisVersion.V8_10],
    ['valkey/valkey:9.0', RedisVersion.VALKEY_9_0],
    ['valkey/valkey:9.1.2', RedisVersion.VALKEY_9_1],
  ])('is read from the tag of %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    ['redis:6', RedisVersion.V6_2],
    ['redis:7-alpine', RedisVersion.V7_4],
    ['docker.io/library/redis:8', RedisVersion.V8_10],
    ['valkey/valkey:8', RedisVersion.VALKEY_8_1],
    ['valkey/valkey:9', RedisVersion.VALKEY_9_1],
  ])('is the newest known one of a tag that moves, %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    ['redis:7.1', RedisVersion.V7_0],
    ['redis:8.9', RedisVersion.V8_8],
    ['valkey/valkey:8.2', RedisVersion.VALKEY_8_1],
  ])('is the newest known one that is not newer than %s', (image, version) => {
    expect(RedisVersion.fromImage(image)).toBe(version);
  });

  test.each([
    ['redis:8.12-rc1', 'Redis 8.12'],
    ['redis:9', 'Redis 9.0'],
    ['redis:10.2', 'Redis 10.2'],
    ['valkey/valkey:9.2', 'Valkey 9.2'],
  ])('keeps its own numbers where it is newer than all known ones: %s', (image, name) => {
    const version = RedisVersion.fromImage(image);
    expect(version.name).toBe(name);
    expect(version.isKnown).toBe(false);
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
      `'image' must hold Redis 6.2, Valkey 7.2 or a later version, got '${image}'; older ones lack directives and commands that this library needs`,
    ));
  });
});

describe('the version of a name', () => {
  test.each([
    ['8.10', RedisVersion.V8_10],
    ['6.2.14', RedisVersion.V6_2],
    ['Redis 7.4', RedisVersion.V7_4],
    ['Valkey 9.1', RedisVersion.VALKEY_9_1],
    ['valkey 8.0', RedisVersion.VALKEY_8_0],
    ['8.3', RedisVersion.V8_2],
  ])('%s is a known one', (name, version) => {
    expect(RedisVersion.of(name)).toBe(version);
    expect(version.isKnown).toBe(true);
  });

  test.each(LINES)('%s, which the table has, is known by its name', line => {
    const version = RedisVersion.of(line);
    expect(version.name).toBe(line);
    expect(version.isKnown).toBe(true);
  });

  test('of one that is newer than all known ones is accepted', () => {
    expect(RedisVersion.of('8.12')).toMatchObject({ name: 'Redis 8.12', major: 8, minor: 12, isValkey: false, isKnown: false });
    expect(RedisVersion.of('Valkey 10.0')).toMatchObject({ name: 'Valkey 10.0', isValkey: true, isKnown: false });
  });

  test.each(['', '8', 'latest', 'KeyDB 7.2', '6.0', 'Valkey 7.0', '8.2-alpine', 'Redis  8.2'])('%j is refused', name => {
    expect(() => RedisVersion.of(name)).toThrow(new Error(
      `'name' must be a version such as 8.10, Redis 8.10 or Valkey 9.1, from Redis 6.2 or Valkey 7.2 on, got '${name}'; `
      + 'older ones lack directives and commands that this library needs',
    ));
  });
});

test('what is not checked of a newer version is said, once it is one', () => {
  expect(notChecked(RedisVersion.V8_10)).toBeUndefined();
  expect(notChecked(RedisVersion.of('8.12'))).toBe(
    'Redis 8.12 is newer than Redis 8.10, the newest that this version of the library knows: '
    + 'directives and commands that no known version has are not checked',
  );
  expect(notChecked(RedisVersion.of('Valkey 10.0'))).toContain('Valkey 10.0 is newer than Valkey 9.1');
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
