import type { ISecret } from 'cdk8s-plus-28';
import { RedisUser, RedisVersion } from '../../src';
import { validateCommands } from '../../src/access/user-commands';
import { usersFile } from '../../src/access/users';
import { LINES } from '../../src/versions/version-table';
import { synthCluster } from '../support/synth';

const key = (name: string) => ({ secret: { name: 'redis-auth' } as ISecret, key: name });

function clusterWith(version: RedisVersion, user: Partial<RedisUser>, modules: string[] = []) {
  const users = [{ name: 'app', password: key('app'), ...user }];
  const extraDirectives = modules.map(file => ({ name: 'loadmodule', values: [file] }));
  return synthCluster({ version, image: 'registry.example/own', password: key('own'), users, config: { extraDirectives } });
}

const usersOf = (...args: Parameters<typeof clusterWith>) => clusterWith(...args).one('ConfigMap', 'redis-cluster-config').data['users.acl'];

describe('rules that the version knows are accepted', () => {
  test.each<[RedisVersion, string[]]>([
    [RedisVersion.V6_2, ['+@all', '-@dangerous', '+stralgo', '+config|get', '+cluster|whatever']],
    [RedisVersion.V7_0, ['+@READ', '-FLUSHDB', '+cluster|slots', '-config|set', '+select|0', '+lcs']],
    [RedisVersion.V7_4, ['+hexpire']],
    [RedisVersion.V8_0, ['+vadd']],
    [RedisVersion.V8_2, ['+xdelex', '+cluster|slot-stats']],
    [RedisVersion.V8_4, ['+msetex', '+cluster|migration']],
    [RedisVersion.V8_6, ['+hotkeys|get']],
    [RedisVersion.V8_8, ['+@array', '+arset', '+increx']],
    [RedisVersion.V8_10, ['+himport|set', '+lmovem', '-backup']],
    [RedisVersion.VALKEY_8_1, ['+commandlog|get']],
    [RedisVersion.VALKEY_9_0, ['+delifeq', '+hexpire']],
    [RedisVersion.VALKEY_9_1, ['+clusterscan', '+hgetdel']],
    [RedisVersion.of('8.12'), ['+brandnew', '+@brandnew', '+config|brandnew']],
  ])('%s: %j', (version, commands) => {
    expect(usersOf(version, { commands })).toContain(` ${commands.join(' ')} `);
  });
});

test.each(LINES)('every rule of the users that are made by default is known by %s', line => {
  const version = RedisVersion.of(line);
  const rules = usersFile([{ name: 'app', password: key('app') }], version, { takesBackups: true, isMonitored: true }).split(/\s/).filter(word => /^[+-]/.test(word));
  expect(rules.length).toBeGreaterThan(15);
  expect(validateCommands('users', { name: 'app', password: key('app'), commands: rules }, false, version)).toEqual([]);
});

describe('rules that the version does not know are refused, as the server would not start', () => {
  test.each<[RedisVersion, string, string]>([
    [RedisVersion.V6_2, '+lcs', "commands of Redis 6.2, got '+lcs'; Redis would not start with it: it exists in Redis 7.0 and later, Valkey 7.2 and later"],
    [RedisVersion.V7_0, '+stralgo', "commands of Redis 7.0, got '+stralgo'; Redis would not start with it: it exists in Redis 6.2 only"],
    [RedisVersion.V8_0, '+himport|set', "commands of Redis 8.0, got '+himport|set'; Redis would not start with it: it exists in Redis 8.10 and later"],
    [RedisVersion.V7_0, '-flushdbs', "commands of Redis 7.0, got '-flushdbs'; Redis would not start with it: did you mean '-flushdb'?"],
    [RedisVersion.V7_0, '+cluster|slot', "commands of Redis 7.0, got '+cluster|slot'; Redis would not start with it: did you mean '+cluster|slots'?"],
    [RedisVersion.V7_0, '+json.get', "commands of Redis 7.0, got '+json.get'; Redis would not start with it: name those of a module in 'moduleCommands' too"],
    [RedisVersion.V7_0, '+@reads', "categories of Redis 7.0, got '+@reads'; Redis would not start with it: did you mean '+@read'?"],
    [RedisVersion.V8_6, '+@array', "categories of Redis 8.6, got '+@array'; Redis would not start with it: it exists in Redis 8.8 and later"],
    [RedisVersion.VALKEY_9_1, '+vadd', "commands of Valkey 9.1, got '+vadd'; Valkey would not start with it: it exists in Redis 8.0 and later"],
    [RedisVersion.V8_0, '+constructor', "commands of Redis 8.0, got '+constructor'; Redis would not start with it: name those of a module in 'moduleCommands' too"],
  ])('%s: %s', (version, rule, message) => {
    expect(() => usersOf(version, { commands: ['+@all', rule] })).toThrow(new Error(`[test/Cluster] 'users[0].commands' must hold ${message}`));
  });

  test('also a first argument that is taken away from a command without subcommands', () => {
    expect(() => usersOf(RedisVersion.V7_0, { commands: ['+@all', '-select|0'] })).toThrow(new Error(
      "[test/Cluster] 'users[0].commands' must hold '-select' alone, got '-select|0'; it has no subcommands, and Redis would not start",
    ));
  });
});

describe('commands of modules', () => {
  const search = '/modules/redisearch.so';

  test('are accepted once they are said to be such, in the order of all rules', () => {
    expect(usersOf(RedisVersion.V8_0, {
      commands: ['+@all', '-@search', '+FT.SEARCH', '+ft.config|get'], moduleCommands: ['@search', 'ft.search', 'ft.config'],
    }, [search])).toContain(' +@all -@search +FT.SEARCH +ft.config|get ');
  });

  test('need a module that is loaded', () => {
    expect(() => usersOf(RedisVersion.V8_0, { commands: ['+ft.search'], moduleCommands: ['ft.search'] })).toThrow(new Error(
      "[test/Cluster] 'users[0].moduleCommands' must come with a 'loadmodule' in 'config.extraDirectives', got 'ft.search'; the server loads no module by itself, "
      + 'and would not start: name the file of the module in the image',
    ));
  });

  test('are names, not rules', () => {
    expect(() => usersOf(RedisVersion.V8_0, { moduleCommands: ['+ft.search'] }, [search])).toThrow(new Error(
      "[test/Cluster] 'users[0].moduleCommands' must hold names such as json.get, ft.config|get or @json, got '+ft.search'; it is not a name that 'commands' can hold",
    ));
  });
});
