import { App, Chart } from 'cdk8s';
import { RedisCluster, RedisConfig, RedisDirective, RedisVersion } from '../../src';

function contentOf(extraDirectives: RedisDirective[], version?: RedisVersion): string {
  return new RedisConfig(new Chart(new App(), 'test'), 'Config', { extraDirectives, version }).content;
}

/** What follows the original YAML's seven lines. */
function extraLines(extraDirectives: RedisDirective[], version?: RedisVersion): string[] {
  return contentOf(extraDirectives, version).split('\n').slice(7, -1);
}

describe('extra directives', () => {
  test('follow in the order given', () => {
    expect(extraLines([
      { name: 'hz', values: ['20'] },
      { name: 'client-output-buffer-limit', values: ['replica', '256mb', '64mb', '60'] },
      { name: 'activedefrag', values: ['yes'] },
      { name: 'client-output-buffer-limit', values: ['pubsub', '64mb', '16mb', '90'] },
      { name: 'loadmodule', values: ['/modules/one.so', 'threads', '4'] },
      { name: 'loadmodule', values: ['/modules/two.so'] },
    ])).toStrictEqual([
      'hz 20',
      'client-output-buffer-limit replica 256mb 64mb 60',
      'activedefrag yes',
      'client-output-buffer-limit pubsub 64mb 16mb 90',
      'loadmodule /modules/one.so threads 4',
      'loadmodule /modules/two.so',
    ]);
  });

  test.each([
    ['plain-1.5:a/b%+,*$', 'plain-1.5:a/b%+,*$'],
    ['', '""'],
    ['two words', '"two words"'],
    ['# no comment', '"# no comment"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["it's", '"it\'s"'],
    ['back\\slash\\n', '"back\\\\slash\\\\n"'],
    ['$(reboot) `reboot`', '"$(reboot) `reboot`"'],
    ['한', '"\\xed\\x95\\x9c"'],
    ['\u2028', '"\\xe2\\x80\\xa8"'],
  ])('keep %j one word for Redis', (value, word) => {
    expect(extraLines([{ name: 'proc-title-template', values: [value] }])).toStrictEqual([`proc-title-template ${word}`]);
  });

  test.each(['a\nb', 'a\rb', 'a\tb', 'a\0b', 'a\u007fb', 'a\u0085b', 'a\ud800b'])('may hold no control character: %j', value => {
    expect(() => contentOf([{ name: 'hz', values: [value] }])).toThrow(
      /^\[test\/Config\] 'extraDirectives\[0\]\.values\[0\]' must be free of control characters, got 'a\\(n|r|t|u\w{4})b'; redis\.conf is a text of lines$/,
    );
  });

  test.each<[string, string[], string]>([
    ['hz', [], "'extraDirectives[0].values' must hold 1 word, got 0; 'hz' takes no other number of them"],
    ['hz', ['1', '2'], "'extraDirectives[0].values' must hold 1 word, got 2; 'hz' takes no other number of them"],
    ['client-output-buffer-limit', ['normal 0 0 0'], "'extraDirectives[0].values' must hold 4 words, got 1; 'client-output-buffer-limit' takes no other number of them"],
    ['oom-score-adj-values', ['0', '200'], "'extraDirectives[0].values' must hold 3 words, got 2; 'oom-score-adj-values' takes no other number of them"],
    ['loadmodule', [], "'extraDirectives[0].values' must hold at least 1 word, got 0; 'loadmodule' takes no other number of them"],
  ])('hold as many words as Redis takes: %s %j', (name, values, message) => {
    expect(() => contentOf([{ name, values }])).toThrow(new Error(`[test/Config] ${message}`));
  });

  test.each<[string, unknown, string]>([
    ['a name', { values: ['20'] }, "'extraDirectives[0].name' must be the name of a directive, got undefined; redis.conf has it before the words"],
    ['words', { name: 'hz' }, "'extraDirectives[0].values' must be a list of words, got undefined; redis.conf has them after the name"],
    ['a list of words', { name: 'hz', values: '20' }, "'extraDirectives[0].values' must be a list of words, got '20'; redis.conf has them after the name"],
    ['anything', undefined, "'extraDirectives[0].name' must be the name of a directive, got undefined; redis.conf has it before the words"],
  ])('are refused without %s', (_, directive, message) => {
    expect(() => contentOf([directive as RedisDirective])).toThrow(new Error(`[test/Config] ${message}`));
    expect(() => new RedisCluster(new Chart(new App(), 'test'), 'Cluster', { config: { extraDirectives: [directive as RedisDirective] } }))
      .toThrow(new Error(`[test/Cluster] ${message.replace("'", "'config.")}`));
  });

  test.each<[RedisDirective[], string]>([
    [[{ name: 'hz', values: ['20'] }, { name: 'hz', values: ['50'] }], "'extraDirectives[1].name' must be given once, got 'hz'; Redis would apply only one of them"],
    [[{ name: 'slave-priority', values: ['1'] }, { name: 'replica-priority', values: ['2'] }], "'extraDirectives[1].name' must be given once, got 'replica-priority'; Redis would apply only one of them"],
    [[{ name: 'lua-time-limit', values: ['1'] }, { name: 'busy-reply-threshold', values: ['2'] }], "'extraDirectives[1].name' must be given once, got 'busy-reply-threshold'; Redis would apply only one of them"],
    [
      ['replica', 'slave'].map(client => ({ name: 'client-output-buffer-limit', values: [client, '1mb', '1mb', '60'] })),
      "'extraDirectives[1].name' must be given once, got 'client-output-buffer-limit replica'; Redis would apply only one of them",
    ],
  ])('are given once: %j', (directives, message) => {
    expect(() => contentOf(directives, RedisVersion.V7_0)).toThrow(new Error(`[test/Config] ${message}`));
  });
});

describe('a directive that a setting stands for is refused', () => {
  test.each([
    ['port', 'port'],
    ['bind', 'bind'],
    ['protected-mode', 'protectedMode'],
    ['maxmemory', 'maxmemory'],
    ['save', 'save'],
    ['appendfsync', 'appendfsync'],
    ['min-slaves-to-write', 'minReplicasToWrite'],
    ['cluster-slave-validity-factor', 'clusterReplicaValidityFactor'],
    ['commandlog-execution-slower-than', 'slowlogLogSlowerThan'],
    ['PORT', 'port'],
  ])('%s', (name, setting) => {
    expect(() => contentOf([{ name, values: ['1'] }])).toThrow(new Error(
      `[test/Config] 'extraDirectives[0].name' must be a directive without a setting of its own, got '${name}'; use '${setting}'`,
    ));
  });
});

describe('a directive that belongs to the library is refused', () => {
  const ownAddress = 'every pod announces its own address when it starts, and all read the same redis.conf';
  const password = 'passwords do not belong in a ConfigMap: give the cluster a Secret';
  const foreground = 'the server is the main process of its container, in the foreground';
  const log = "the log belongs on standard output, where 'kubectl logs' reads it";
  const tcp = 'Services, probes and scripts reach Redis by TCP';

  test.each([
    ['aclfile', password],
    ['bind-source-addr', 'all pods read the same redis.conf, and each has an address of its own'],
    ['cluster-announce-bus-port', ownAddress],
    ['cluster-announce-hostname', ownAddress],
    ['cluster-announce-ip', ownAddress],
    ['cluster-config-file', "it is always nodes.conf, beside the node's data"],
    ['cluster-databases', 'slots move, and backups are tried, with the keys of database 0 alone'],
    ['cluster-enabled', 'Redis always runs in cluster mode here'],
    ['cluster-port', "the cluster bus always takes the port 10000 above 'port'"],
    ['cluster-preferred-endpoint-type', 'clients are sent to the addresses that the pods announce'],
    ['cluster-slave-no-failover', 'by it, scripts mark the pods that are to stop'],
    ['daemonize', foreground],
    ['dir', 'the server keeps its data where the volume is mounted'],
    ['include', 'another file would escape the checks: give its directives here'],
    ['logfile', log],
    ['masterauth', password],
    ['masteruser', password],
    ['pidfile', foreground],
    ['preload-file', 'the script that starts the server looks for the data under its usual name'],
    ['primaryauth', password],
    ['rdma-port', tcp],
    ['rename-command', 'probes, scripts and the init Job call commands by their own names'],
    ['replicaof', 'the cluster decides which node replicates which'],
    ['requirepass', password],
    ['slave-announce-ip', ownAddress],
    ['slaveof', 'the cluster decides which node replicates which'],
    ['supervised', foreground],
    ['syslog-enabled', log],
    ['tls-port', "give 'tls': it is set for clients, replication, cluster bus and scripts alike"],
    ['unixsocket', tcp],
    ['unixsocketperm', tcp],
    ['user', password],
  ])('%s', (name, reason) => {
    expect(() => contentOf([{ name, values: ['1'] }], RedisVersion.V8_0)).toThrow(new Error(
      `[test/Config] 'extraDirectives[0].name' must be a directive that is left to users, got '${name}'; ${reason}`,
    ));
  });
});

describe('a directive that the version does not know is refused', () => {
  test.each<[RedisVersion, string, string]>([
    [RedisVersion.V6_2, 'maxmemory-clients', 'it exists in Redis 7.0 and later, Valkey 7.2 and later'],
    [RedisVersion.V7_0, 'gopher-enabled', 'it exists in Redis 6.2 only'],
    [RedisVersion.V7_0, 'locale-collate', 'it exists in Redis 7.2 and later, Valkey 7.2 and later'],
    [RedisVersion.V7_2, 'hide-user-data-from-log', 'it exists in Redis 7.4 and later, Valkey 8.0 and later'],
    [RedisVersion.V7_4, 'replica-full-sync-buffer-limit', 'it exists in Redis 8.0 and later'],
    [RedisVersion.V8_0, 'io-threads-do-reads', 'it exists in Redis 6.2 to 7.4, Valkey 7.2 to 8.0'],
    [RedisVersion.V8_0, 'availability-zone', 'it exists in Valkey 8.0 and later'],
    [RedisVersion.VALKEY_7_2, 'max-new-connections-per-cycle', 'it exists in Redis 7.4 and later, Valkey 8.0 and later'],
    [RedisVersion.VALKEY_8_0, 'import-mode', 'it exists in Valkey 8.1 and later'],
    [RedisVersion.VALKEY_8_1, 'dynamic-hz', 'it exists in Redis 6.2 and later, Valkey 7.2 to 8.0'],
    [RedisVersion.V8_0, 'lookahead', 'it exists in Redis 8.4 and later'],
    [RedisVersion.V8_6, 'slowlog-entry-max-argc', 'it exists in Redis 8.8 and later'],
    [RedisVersion.V8_8, 'hash-min-template-entries', 'it exists in Redis 8.10 and later'],
    [RedisVersion.VALKEY_9_1, 'sanitize-dump-payload', 'it exists in Redis 6.2 and later, Valkey 7.2 to 9.0'],
    [RedisVersion.of('8.12'), 'io-threads-do-reads', 'it exists in Redis 6.2 to 7.4, Valkey 7.2 to 8.0'],
    [RedisVersion.of('8.12'), 'hz 20\nport', 'Redis would refuse to start'],
    [RedisVersion.V7_0, 'shutdown-on-sigtem', "did you mean 'shutdown-on-sigterm'?"],
    [RedisVersion.V6_2, 'Activedefrag', "did you mean 'activedefrag'?"],
    [RedisVersion.V6_2, 'maxmemroy-policy', "did you mean the setting 'maxmemoryPolicy'?"],
    [RedisVersion.V6_2, 'hz 20\nport', 'Redis would refuse to start'],
    [RedisVersion.V6_2, 'foo', 'Redis would refuse to start'],
    [RedisVersion.V6_2, 'constructor', 'Redis would refuse to start'],
  ])('%s: %j', (version, name, reason) => {
    expect(() => contentOf([{ name, values: ['1'] }], version)).toThrow(new Error(
      `[test/Config] 'extraDirectives[0].name' must be a directive of ${version.name}, got '${name.replace('\n', '\\n')}'; ${reason}`,
    ));
  });

  test.each<[RedisVersion, string]>([
    [RedisVersion.V6_2, 'gopher-enabled'],
    [RedisVersion.V7_0, 'maxmemory-clients'],
    [RedisVersion.V7_2, 'locale-collate'],
    [RedisVersion.V7_4, 'hide-user-data-from-log'],
    [RedisVersion.V8_0, 'replica-full-sync-buffer-limit'],
    [RedisVersion.VALKEY_7_2, 'maxmemory-clients'],
    [RedisVersion.VALKEY_8_0, 'dual-channel-replication-enabled'],
    [RedisVersion.VALKEY_8_1, 'import-mode'],
    [RedisVersion.V8_2, 'cluster-slot-stats-enabled'],
    [RedisVersion.V8_4, 'lookahead'],
    [RedisVersion.V8_6, 'key-memory-histograms'],
    [RedisVersion.V8_8, 'slowlog-entry-max-argc'],
    [RedisVersion.V8_10, 'backup-sealed-ttl'],
    [RedisVersion.VALKEY_9_0, 'repl-mptcp'],
    [RedisVersion.VALKEY_9_1, 'hash-seed'],
    [RedisVersion.of('8.12'), 'lookahead'],
  ])('and accepted for one that does: %s: %s', (version, name) => {
    expect(extraLines([{ name, values: ['1'] }], version)).toStrictEqual([`${name} 1`]);
  });

  test('a version that is newer than all known ones may have brought any other, of any number of words', () => {
    expect(extraLines([{ name: 'brand-new', values: ['1', '2'] }], RedisVersion.of('8.12'))).toStrictEqual(['brand-new 1 2']);
    expect(() => contentOf([{ name: 'hz', values: ['1', '2'] }], RedisVersion.of('8.12'))).toThrow("'extraDirectives[0].values' must hold 1 word");
    expect(() => contentOf([{ name: 'requirepass', values: ['1'] }], RedisVersion.of('8.12'))).toThrow('that is left to users');
  });
});
