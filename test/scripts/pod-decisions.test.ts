import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const assets = join(__dirname, '..', '..', 'assets');
const [own, other, replica] = ['a', 'b', 'c'].map(letter => letter.repeat(40));

/** What one of the programs that pods run makes of the replies of a server. */
const decide = (awk: string) => (program: string, replies: string[], ...more: string[]): { code: number | null; said: string } => {
  const [command, ...first] = awk.split(' ');
  const files = ['nodes', 'rules', program].flatMap(name => ['-f', join(assets, `${name}.awk`)]);
  const { status, stdout, stderr } = spawnSync(command, [...first, ...files, ...more], { input: replies.map(line => `${line}\n`).join(''), encoding: 'utf8' });
  return { code: status, said: `${stdout}${stderr}`.trim() };
};

const line = (id: string, address: string, flags: string, master = '-', slots = '') =>
  `${id} ${address}:6379@16379 ${flags} ${master} 0 1700000000000 1 connected ${slots}`.trim();

const table = [
  line(own, '10.0.0.1', 'myself,master', '-', '0-5460'),
  line(other, '10.0.0.2', 'master', '-', '5461-16383'),
  line(replica, '10.0.0.3', 'slave', own),
];

describe.each(['mawk', 'gawk', 'busybox awk'])('%s', awk => {
  const decision = decide(awk);

  describe('handover.awk', () => {
    const others = (uptime: number) => ['# Server', `uptime_in_seconds:${uptime}\r`, 'cluster-node-timeout', '5000', 'OK'];

    test.each<[string, string[], string]>([
      ['names the replica of a master', [...table, ...others(60)], 'now  10.0.0.3'],
      ['knows when others would not vote yet', [...table, ...others(9)], 'early  10.0.0.3'],
      ['leaves out a replica that is missing', [...table.slice(0, 2), line(replica, '10.0.0.3', 'slave,fail?', own), ...others(60)], 'now'],
      ['has nothing to do on a replica', [line(own, '10.0.0.1', 'myself,slave', other), table[1], ...others(60)], 'nothing'],
      ['has nothing to do without slots', [line(own, '10.0.0.1', 'myself,master'), table[1], ...others(60)], 'nothing'],
      ['repeats what it was told instead', ['BUSY Redis is busy running a script.'], 'unknown BUSY Redis is busy running a script.'],
      ['says that there was no answer', [], 'unknown no answer'],
    ])('%s', (_, replies, said) => expect(decision('handover', replies)).toEqual({ code: 0, said }));
  });

  describe('readiness.awk', () => {
    const state = (fields: Record<string, string | number>) => Object.entries(fields).map(([name, value]) => `${name}:${value}\r`);
    const cluster = { cluster_state: 'ok', cluster_slots_pfail: 0, cluster_slots_fail: 0, cluster_stats_messages_pong_received: 7 };
    const follower = [line(own, '10.0.0.1', 'myself,slave', other), table[1]];

    test.each<[string, string[], string]>([
      ['a master with slots', [...state(cluster), ...table, ...state({ role: 'master' })], ''],
      ['a replica in sync', [...state(cluster), ...follower, ...state({ role: 'slave', master_link_status: 'up' })], ''],
      ['a replica whose master just went', [...state(cluster), ...follower, ...state({ role: 'slave', master_link_status: 'down', master_link_down_since_seconds: 9 })], ''],
      ['a pod of a whole shard, when another shard has failed',
        [...state({ ...cluster, cluster_state: 'fail', cluster_slots_fail: 5461 }), ...table, ...state({ role: 'master' })], ''],
      ['a replica long without its master', [...state(cluster), ...follower, ...state({ role: 'slave', master_link_status: 'down', master_link_down_since_seconds: 100 })],
        'a replica without its master for 100 s'],
      ['a replica that never had its master', [...state(cluster), ...follower, ...state({ role: 'slave', master_link_status: 'down', master_link_down_since_seconds: -1 })],
        'a replica that has not been in sync yet'],
      ['a master without slots', [...state(cluster), line(own, '10.0.0.1', 'myself,master'), ...state({ role: 'master' })],
        'a master without slots: not part of the cluster yet'],
      ['a pod that sees the cluster fail', [...state({ ...cluster, cluster_state: 'fail' }), ...table, ...state({ role: 'master' })], 'cluster_state:fail'],
      ['a pod that nobody has answered', [...state({ cluster_state: 'ok' }), ...table, ...state({ role: 'master' })], 'no other node has answered since this one started'],
      ['a pod that does not answer', [], 'no answer from redis-server'],
      ['a pod that says no', ['NOAUTH Authentication required.'], 'NOAUTH Authentication required.'],
    ])('%s', (_, replies, said) => expect(decision('readiness', replies, '-v', 'patience=10')).toEqual({ code: said === '' ? 0 : 1, said }));
  });

  describe('start.awk', () => {
    const vars = 'vars currentEpoch 6 lastVoteEpoch 0';
    const rest = (entry: string) => entry.replace(/10\.0\.0\.[23]:6379@16379/, ':0@0');

    test.each<[string, string[], { code: number; said: string }]>([
      ['takes the addresses of others out of the file of a master with a replica', [...table, vars, ''], { code: 3, said: [...table.map(rest), vars].join('\n') }],
      ['knows a master that nobody replicates', [...table.slice(0, 2), vars], { code: 0, said: [table[0], rest(table[1]), vars].join('\n') }],
      ['leaves a file alone that it does not understand', [...table, 'something else', vars], { code: 1, said: '' }],
      ['leaves a file alone that does not say whose it is', [table[1], vars], { code: 1, said: '' }],
    ])('%s', (_, entries, expected) => expect(decision('start', entries, '-v', 'former=/dev/null')).toEqual(expected));
  });
});
