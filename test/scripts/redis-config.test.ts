import { App, Chart } from 'cdk8s';
import { RedisConfig, RedisConfigProps, RedisDirective } from '../../src';
import { validateExtraDirectives } from '../../src/config/extra-directives';
import { settingOf } from '../../src/config/typed-settings';
import { canonicalName, directivesOf, hasDirective } from '../../src/versions/directives';
import { EVERY_SETTING } from '../support/props/every-setting';
import { ConfiguredServer, versionOfThisMachine as version } from '../support/servers/configured-server';

const ADDRESS = '127.0.7.1';

/** Directives that exist only to test Redis itself: CONFIG GET shows them in some versions, the library in none. */
const INTERNAL = ['aof-disable-auto-gc', 'key-load-delay', 'rdb-key-save-delay', 'use-exit-on-panic', 'watchdog-period'];

/** The configuration of a server that was started with these settings, but on an address of its own unless told otherwise. */
async function configurationOf(props: RedisConfigProps, overrides = ['--bind', ADDRESS]): Promise<Map<string, string>> {
  const { content, port } = new RedisConfig(new Chart(new App(), 'test'), 'Config', { ...props, version });
  const server = new ConfiguredServer({ address: ADDRESS, port });
  try {
    await server.start(content, overrides);
    return server.configuration();
  } finally {
    await server.stop();
  }
}

test('a server with the default file is a node of a cluster', async () => {
  const configuration = await configurationOf({});

  expect(Object.fromEntries(configuration)).toMatchObject({
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '5000',
    'appendonly': 'yes',
    'protected-mode': 'no',
    'port': '6379',
    'save': '3600 1 300 100 60 10000',
  });
});

test("a server takes the original YAML's tuning", async () => {
  const configuration = await configurationOf(RedisConfig.documentedTuning());

  expect(Object.fromEntries(configuration)).toMatchObject({
    'maxmemory': String(512 * 1024 * 1024),
    'maxmemory-policy': 'allkeys-lru',
    'save': '900 1 300 10 60 10000',
  });
});

test('a server without save points saves no snapshots', async () => {
  expect((await configurationOf({ save: [] })).get('save')).toBe('');
});

test('a server takes every setting as it was meant', async () => {
  const { shutdownTimeout, ...everywhere } = EVERY_SETTING;
  const settings = version.atLeast(7, 0) ? EVERY_SETTING : everywhere;
  const configuration = await configurationOf(settings);

  expect(Object.fromEntries(configuration)).toMatchObject({
    'cluster-node-timeout': '7500',
    'appendonly': 'yes',
    'protected-mode': 'yes',
    'port': '7000',
    'maxmemory': String(2 * 1024 ** 3),
    'maxmemory-policy': 'volatile-ttl',
    'save': '900 2 30 500',
    'appendfsync': 'always',
    'auto-aof-rewrite-percentage': '50',
    'auto-aof-rewrite-min-size': String(96 * 1024 ** 2),
    'cluster-require-full-coverage': 'no',
    'cluster-allow-reads-when-down': 'yes',
    'cluster-replica-validity-factor': '4',
    'cluster-migration-barrier': '2',
    'cluster-allow-replica-migration': 'yes',
    'repl-backlog-size': String(1536 * 1024),
    'repl-diskless-sync': 'yes',
    'repl-diskless-sync-delay': '1',
    'repl-ping-replica-period': '3',
    'repl-timeout': '120',
    'min-replicas-to-write': '1',
    'min-replicas-max-lag': '20',
    'maxclients': '5000',
    'timeout': '3600',
    'tcp-keepalive': '60',
    'io-threads': '4',
    'slowlog-log-slower-than': '2000',
    'slowlog-max-len': '256',
    'latency-monitor-threshold': '100',
    'notify-keyspace-events': expect.stringMatching(/^(?=.*K)(?=.*E)(?=.*g)(?=.*\$)(?=.*x).{5}$/),
    ...version.atLeast(7, 0) && { 'shutdown-timeout': '25', 'repl-diskless-sync-max-replicas': '2' },
    'hz': '20',
    'client-output-buffer-limit': expect.stringContaining('pubsub 67108864 16777216 90'),
  });
});

test('a server listens on the wildcards of both families', async () => {
  const configuration = await configurationOf({ bind: ['0.0.0.0', '-::'], port: 17379 }, []);

  expect(configuration.get('bind')).toBe('0.0.0.0 -::');
});

test.each([
  'two words',
  ' edges ',
  '"quoted" and \'quoted\'',
  'back\\slash, \\n and \\x41',
  '# no comment',
  '$(touch injected) `touch injected` $HOME',
  'yes" port 1 "',
  '한국어',
  'line\u2028separator',
])('a value reaches the server as it was given: %j', async value => {
  const extraDirectives = [{ name: 'proc-title-template', values: [value] }];

  expect((await configurationOf({ extraDirectives })).get('proc-title-template')).toBe(value);
});

test('the library knows every directive of the server, and none that it does not have', async () => {
  const names = [...(await configurationOf({})).keys()].filter(name => !INTERNAL.includes(name));
  const unknown = names.filter(name => validateExtraDirectives('extra', [{ name, values: ['1'] }], version)
    .some(text => text.includes(`must be a directive of ${version.name}`)));

  expect(unknown).toStrictEqual([]);
  expect(directivesOf(version).filter(name => !names.includes(name))).toStrictEqual(['loadmodule']);
});

test('the server starts with every directive that a user may give, set to what it was', async () => {
  const configuration = await configurationOf({});
  const extraDirectives = [...configuration].flatMap(([name, value]) => asExtraDirectives(name, value));
  const again = await configurationOf({ extraDirectives });

  expect(extraDirectives.length).toBeGreaterThan(70);
  expect(Object.fromEntries(again)).toMatchObject(Object.fromEntries(extraDirectives.map(({ name }) => [name, configuration.get(name)])));
});

/** The lines that set a directive to its present value; none if users may not give it, or give it by its newer name. */
function asExtraDirectives(name: string, value: string): RedisDirective[] {
  const canonical = canonicalName(name);
  const hasNewerName = name !== canonical && hasDirective(version, canonical);
  if (hasNewerName || settingOf(canonical) || !hasDirective(version, name)) {
    return [];
  }
  const words = value.split(' ');
  if (name === 'client-output-buffer-limit') {
    return [0, 4, 8].map(first => ({ name, values: words.slice(first, first + 4) }));
  }
  return [{ name, values: name === 'oom-score-adj-values' || name.endsWith('-percentiles') ? words : [value] }];
}
