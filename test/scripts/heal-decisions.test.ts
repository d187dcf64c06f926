import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseShape, shapeFile } from '../../src/shape/cluster-shape';

const assets = join(__dirname, '..', '..', 'assets');
const NOW = 1_700_000_000;
const OWN = '10.0.0.1';
const RUN = 'f'.repeat(40);

const idOf = (number: number): string => String(number).repeat(40).slice(0, 40);
const addressOf = (number: number): string => `10.0.0.${number}`;

interface Line {
  address?: string;
  flags?: string;
  master?: number;
  slots?: string;
  /** Seconds since it answered a ping. @default 1 */
  silent?: number;
  link?: string;
}

type Table = Record<number, Line>;

/** Three masters with a replica each, as all of them see each other. */
const whole = (): Table => ({
  1: { slots: '0-5460' },
  2: { slots: '5461-10922' },
  3: { slots: '10923-16383' },
  4: { master: 1 },
  5: { master: 2 },
  6: { master: 3 },
});

/** The table of a node that has just started, on the disk of a whole cluster. */
const started = (own: number): Table => Object.fromEntries(Object.entries(whole()).map(([number, line]) =>
  [number, Number(number) === own ? line : { ...line, address: '', link: 'disconnected' }]));

function nodes(table: Table, myself: number): string {
  return Object.entries(table).map(([key, { address, flags, master, slots, silent = 1, link = 'connected' }]) => {
    const number = Number(key);
    const role = flags ?? (master ? 'slave' : 'master');
    return [idOf(number), `${address ?? addressOf(number)}:${address === '' ? '0@0' : '6379@16379'}`, number === myself ? `myself,${role}` : role,
      master ? idOf(master) : '-', '0', (NOW - silent) * 1000, number, link, slots ?? ''].join(' ').trim();
  }).join('\n');
}

interface Look {
  /** The node that looks. @default 1 */
  self?: number;
  own: Table;
  /** Lines of INFO. */
  info?: string[];
  uptime?: number;
  /** Tables of peers by where they were asked, as `[number of the node, its table, lines of INFO]`. */
  peers?: Record<string, [number, Table, string[]?]>;
  former?: string[];
  variables?: Record<string, string | number>;
  /** What differs from three masters with a replica each. */
  shape?: { readonly masters?: number; readonly replicasPerMaster?: number };
}

const decide = (awk: string) => (look: Look): string[] => {
  const { self = 1, own, info = [], uptime = 1000, peers = {}, former = [], variables = {}, shape = {} } = look;
  const isReplica = own[self].master !== undefined;
  const input = [
    shapeFile(parseShape(shape).settings),
    ...former.map(address => `former ${address}`),
    'table own', nodes(own, self), `role:${isReplica ? 'slave' : 'master'}`, ...isReplica && info.length === 0 ? ['master_link_status:up\r'] : [], ...info.map(line => `${line}\r`),
    `run_id:${RUN}\r`, `uptime_in_seconds:${uptime}\r`,
    ...Object.entries(peers).flatMap(([host, [number, table, lines = []]]) => [`table ${host}`, nodes(table, number), ...lines]),
  ].join('\n');
  const given = {
    port: 6379,
    pod_ip: addressOf(self),
    pod: `redis-cluster-${self}`,
    services: 'peers peers peers',
    now: NOW,
    looks: 0,
    trusted: RUN,
    released: RUN,
    before: 'broken',
    lasted: 60,
    relinked: 1000,
    ...variables,
  };
  const [command, ...words] = awk.split(' ');
  const output = execFileSync(command, [
    ...words, ...Object.entries(given).flatMap(([name, value]) => ['-v', `${name}=${value}`]),
    ...['nodes', 'rules', 'heal'].flatMap(part => ['-f', join(assets, `${part}.awk`)]),
  ], { input: `${input}\n`, encoding: 'utf8', timeout: 10_000 });
  return output.split('\n').filter(line => line !== '' && line.trim() !== 'ask');
};

/** What all of these peers say, who have the same table. */
const allSay = (table: (number: number) => Table, ...numbers: number[]): Look['peers'] =>
  Object.fromEntries(numbers.map(number => [addressOf(number), [number, table(number)]]));

const without = (lines: string[], ...verbs: string[]): string[] => lines.filter(line => !verbs.includes(line.split(' ')[0]));

describe.each(['mawk', 'busybox awk', 'gawk'])('heal.awk in %s', awk => {
  const look = decide(awk);
  const decisions = (given: Look): string[] => without(look(given), 'say', 'ask');

  test('has nothing to do while all is well', () => {
    expect(look({ own: whole(), variables: { before: 'whole' } })).toEqual(['state whole']);
    expect(look({ self: 4, own: whole(), variables: { before: 'whole' } })).toEqual(['state whole']);
  });

  describe('introductions', () => {
    test('tell either of two nodes that know each other where the other is', () => {
      expect(decisions({ own: started(1), peers: { peers: [2, started(2)] } }))
        .toEqual(['state broken', `order CLUSTER MEET ${addressOf(2)} 6379`]);
      expect(decisions({ own: whole(), peers: { peers: [2, started(2)] }, variables: { trusted: 'none' } }))
        .toEqual(['trust', 'state whole', `tell ${addressOf(2)} CLUSTER MEET ${OWN} 6379`]);
    });

    test.each<[string, Table, Table]>([
      ['unknown here', { 1: { slots: '0-5460' } }, whole()],
      ['that does not know this one', whole(), { 2: { slots: '0-16383' }, 3: {} }],
    ])('leave out a node %s', (_, own, theirs) => {
      expect(decisions({ own: { ...own, 3: { link: 'disconnected', slots: '1' } }, peers: { peers: [2, theirs] } })).toEqual(['state broken']);
    });

    test('first ask who is where a peer reaches this id, and refuse a peer of another node with it', () => {
      const theirs = { ...whole(), 1: { ...whole()[1], address: '10.9.9.9' } };
      const peers: Look['peers'] = { peers: [2, theirs] };
      expect(without(look({ own: started(1), peers }), 'say')).toEqual(['state broken', expect.stringContaining('ask 10.9.9.9 ')]);
      expect(decisions({ own: started(1), peers: { ...peers, '10.9.9.9': [1, { ...theirs }] } })).toEqual(['state broken']);
      expect(decisions({ own: started(1), peers: { ...peers, '10.9.9.9': [7, { 7: {} }] } })).toHaveLength(2);
    });

    test('ask the Service, then where peers have the missing, and where nodes were when nobody answers', () => {
      const former = ['10.7.7.2'];
      expect(look({ own: started(1), former })).toContain('ask peers peers peers ');
      const [asked] = look({ own: started(1), former, peers: { peers: [2, { ...whole(), 1: started(2)[1] }] } }).filter(line => line.startsWith('ask'));
      expect(asked.trim().split(' ').slice(1).sort()).toEqual([3, 4, 5, 6].map(addressOf).sort());
      expect(look({ own: started(1), former, peers: { peers: [1, started(1)] } })).toContain('ask 10.7.7.2 ');
    });
  });

  describe('trust', () => {
    const unknown = { trusted: 'none', before: 'silent', lasted: 0 };
    const failed = (number: number): Table => ({ ...whole(), 1: { ...whole()[1], flags: number === 4 ? 'master,fail' : 'master' } });

    test('waits for a majority of the masters, at once when the server has just started', () => {
      expect(decisions({ own: started(1), uptime: 0, variables: unknown })).toEqual(['hold until a majority of the masters answers', 'state held']);
      expect(decisions({ own: whole(), uptime: 9, variables: unknown })[0]).toMatch(/^hold /);
      expect(decisions({ own: started(1), uptime: 20, peers: { peers: [4, whole()] }, variables: unknown })[0]).toMatch(/^hold until a majority/);
    });

    test('asks first when the heal container alone is new', () => {
      expect(decisions({ own: whole(), variables: unknown })).toEqual(['state whole']);
      expect(decisions({ own: whole(), peers: allSay(whole, 4), variables: unknown })).toEqual(['trust', 'state whole']);
    });

    test.each<[string, Line]>([
      ['has this master as failed', { ...whole()[1], flags: 'master,fail' }],
      ['suspects it', { ...whole()[1], flags: 'master,fail?' }],
      ['gives its slots to another', {}],
      ['has it as a replica', { master: 4 }],
    ])('waits while a peer %s', (_, line) => {
      expect(decisions({ own: whole(), peers: { peers: [4, { ...whole(), 1: line }] }, variables: unknown })[0]).toMatch(/^hold while/);
    });

    test('is given after half a minute when one table alone disagrees, and says so', () => {
      const peers = allSay(failed, 2, 3, 4);
      expect(decisions({ own: whole(), peers, variables: { ...unknown, before: 'held', lasted: 29 } })[0]).toMatch(/^hold while/);
      const late = look({ own: whole(), peers, variables: { ...unknown, before: 'held', lasted: 30 } });
      expect(late).toContain('trust');
      expect(late.filter(line => line.startsWith('say'))).toHaveLength(2); // and that all is well
      const two = allSay(number => failed(number === 3 ? 4 : number), 2, 3, 4);
      expect(decisions({ own: whole(), peers: two, variables: { ...unknown, before: 'held', lasted: 100 } })[0]).toMatch(/^hold while/);
    });

    test('is not needed without slots, nor when no other node has any', () => {
      expect(decisions({ self: 4, own: started(4), uptime: 0, variables: unknown })[0]).toBe('trust');
      expect(decisions({ own: { 1: { slots: '0-5460' } }, uptime: 0, variables: unknown })[0]).toBe('trust');
    });
  });

  describe('full copies', () => {
    const held = { released: 'none' };
    const asks = (number: number): string[] => [`slave0:ip=${addressOf(number)},port=6379,state=wait_bgsave,offset=0,lag=0`];

    test('start when only its own replicas, or nodes without slots, ask', () => {
      expect(decisions({ own: whole(), variables: held })).toContain('release 1');
      expect(decisions({ own: whole(), info: asks(4), variables: held })).toContain('release 1');
      expect(decisions({ own: { ...whole(), 4: {} }, info: asks(4), variables: held })).toContain('release 1');
    });

    test.each<[string, Table, number]>([
      ['a replica of another', whole(), 5],
      ['a master', whole(), 2],
      ['an address of nobody', whole(), 9],
      ['a replica whose address is not confirmed', { ...whole(), 4: { master: 1, address: '' } }, 4],
    ])('wait while %s asks', (_, own, asker) => {
      expect(decisions({ own, info: asks(asker), variables: held })).not.toContain('release 1');
    });

    test('start for the replicas of a master that has no slots yet', () => {
      const own = { ...whole(), 7: {}, 8: { master: 7 } };
      expect(decisions({ self: 7, own, info: asks(8), variables: held, shape: { masters: 4 } })).toContain('release 1');
      expect(decisions({ self: 7, own, info: asks(4), variables: held, shape: { masters: 4 } })).not.toContain('release 1');
      // To a node that has just joined, any other looks like a master without slots at first.
      expect(decisions({ self: 7, own: { ...own, 4: {} }, info: asks(4), variables: held, shape: { masters: 4 } })).not.toContain('release 1');
    });

    test('wait until the node has a role, is trusted, and reaches a majority', () => {
      expect(decisions({ own: { ...whole(), 1: {} }, variables: held })).not.toContain('release 1');
      expect(decisions({ own: { 1: {} }, variables: held })).not.toContain('release 1');
      expect(decisions({ own: whole(), uptime: 1, variables: { ...held, trusted: 'none' } })).not.toContain('release 1');
      expect(decisions({ self: 4, own: started(4), variables: held })).not.toContain('release 1');
      expect(decisions({ self: 4, own: whole(), variables: held })).toContain('release 1');
    });
  });

  describe('forgetting', () => {
    const stale = (silent: number): Table => ({ ...whole(), 7: { flags: 'master,fail', link: 'disconnected', silent } });
    const forgets = `order CLUSTER FORGET ${idOf(7)}`;
    const others = [2, 3, 4, 5, 6];

    test('needs the word of every pod in one look', () => {
      const asked = look({ own: stale(200) }).find(line => line.startsWith('ask'))!;
      expect(others.filter(number => !asked.includes(addressOf(number)))).toHaveLength(2); // three and the Service first
      expect(decisions({ own: stale(200), peers: allSay(() => stale(200), 2, 3, 4, 5) })).toEqual(['state broken']);
      expect(decisions({ own: stale(200), peers: allSay(() => stale(200), ...others) })).toEqual(['state broken', forgets]);
    });

    test.each<[string, Partial<Look>]>([
      ['it was there two minutes ago', { own: stale(100) }],
      ['the own server runs for less', { own: stale(200), uptime: 100 }],
      ['a pod heard from it since', { peers: allSay(number => stale(number === 5 ? 100 : 200), ...others) }],
      ['a pod does not miss it', { peers: allSay(number => number === 5 ? { ...whole(), 7: {} } : stale(200), ...others) }],
      ['a pod knows a replica of it', { peers: allSay(number => number === 5 ? { ...stale(200), 8: { master: 7 } } : stale(200), ...others) }],
      ['it has slots', { own: { ...stale(200), 7: { ...stale(200)[7], slots: '100' } } }],
      ['more nodes are alive than wanted', { own: { ...stale(200), 8: {} }, peers: allSay(() => stale(200), ...others, 8) }],
      ['fewer pods are wanted than there are', { shape: { replicasPerMaster: 0 } }],
    ])('does not happen while %s', (_, given) => {
      expect(decisions({ own: stale(200), peers: allSay(() => stale(200), ...others), ...given })).not.toContain(forgets);
    });
  });

  describe('a new disk', () => {
    const alone: Table = { 1: {} };
    const theirs: Table = { ...whole(), 1: { ...whole()[1], flags: 'master,fail' } };
    const four = { ...theirs, 1: { ...theirs[1], flags: 'master,noaddr' } };

    test('joins the cluster that most pods belong to', () => {
      expect(decisions({ own: alone, peers: { peers: [2, theirs] } })).toEqual(['state alone', `order CLUSTER MEET ${addressOf(2)} 6379`]);
      expect(decisions({ own: alone, peers: { peers: [2, four], other: [9, { 9: {} }] } })).toHaveLength(2);
    });

    test.each<[string, Look['peers']]>([
      ['nobody answers', {}],
      ['it is one of three nodes, where six are wanted', { peers: [2, { 2: { slots: '0-16383' }, 3: {}, 4: {} }] }],
      ['slots are missing', { peers: [2, { ...whole(), 2: {} }] }],
      ['another pod belongs to another', { peers: [2, theirs], other: [9, { 8: {}, 9: {} }] }],
    ])('joins none while %s', (_, peers) => {
      expect(decisions({ own: alone, peers })).toEqual(['state alone']);
    });

    test('becomes a replica of the shard that lacks one, one node after the other, when the Job gives it no role', () => {
      const own: Table = { ...whole(), 4: {}, 5: {} };
      const becomes = (self: number, lasted: number): string[] => decisions({ self, own, variables: { before: 'empty', lasted } });
      expect(becomes(4, 14)).toEqual(['state empty']);
      expect(becomes(4, 15)).toEqual(['state empty', `order CLUSTER REPLICATE ${idOf(1)}`]);
      expect(becomes(5, 60)).toEqual(['state empty']);
    });

    test('takes no role while slots are lost, or shards are not those that are wanted', () => {
      const own: Table = { ...whole(), 4: {} };
      expect(decisions({ self: 4, own, variables: { before: 'empty' }, shape: { masters: 5 } })).toEqual(['state empty']);
      expect(decisions({ self: 4, own: { ...own, 1: {} }, variables: { before: 'empty' } })).toEqual(['state empty']);
    });
  });

  describe('replication', () => {
    const anew = `order CLUSTER REPLICATE ${idOf(1)}`;
    const down = (host: string, seconds: number): string[] =>
      ['master_link_status:down', `master_host:${host}`, 'master_sync_in_progress:0', `master_link_down_since_seconds:${seconds}`];
    const master: Look['peers'] = { [addressOf(1)]: [1, whole()] };

    test('begins anew when it goes to another address, and after a while in vain', () => {
      expect(decisions({ self: 4, own: whole(), info: down('10.9.9.9', 1) })).toContain(anew);
      expect(decisions({ self: 4, own: whole(), info: down('', 1) })).toContain(anew);
      expect(decisions({ self: 4, own: whole(), info: down(addressOf(1), 20), peers: master })).toContain(anew);
      expect(decisions({ self: 4, own: whole(), info: down(addressOf(1), -1), peers: master })).toContain(anew);
    });

    test.each<[string, string[], Look['peers'], Record<string, number>]>([
      ['for long', down(addressOf(1), 5), master, {}],
      ['since the last try', down(addressOf(1), 20), master, { relinked: 5 }],
      ['but a copy is under way', [...down(addressOf(1), 20), 'master_sync_in_progress:1'], master, {}],
      ['but the master has it in its list', down(addressOf(1), 20), { [addressOf(1)]: [1, whole(), [`slave0:ip=${addressOf(4)},port=6379,state=wait_bgsave,offset=0,lag=0`]] }, {}],
      ['but the master does not say', down(addressOf(1), 20), {}, {}],
    ])('is left alone when it is not down %s', (_, info, peers, variables) => {
      expect(decisions({ self: 4, own: whole(), info, peers, variables })).not.toContain(anew);
    });

    test('asks the master first', () => {
      expect(look({ self: 4, own: whole(), info: down(addressOf(1), 20) })).toContain(`ask ${addressOf(1)} `);
    });
  });

  describe('reports', () => {
    const gone: Table = { ...whole(), 1: { ...whole()[1], flags: 'master,fail', link: 'disconnected' } };
    const said = (given: Look): string => look(given).filter(line => line.startsWith('say slots')).join('\n');

    test('name the shard and the remedy on the replica that has its data, after a while', () => {
      expect(said({ self: 4, own: gone })).toMatch(/0-5460 .*CLUSTER FAILOVER FORCE on pod redis-cluster-4/);
      expect(said({ self: 4, own: gone, variables: { lasted: 10 } })).toBe('');
      expect(said({ self: 2, own: gone })).toBe('');
    });

    test('name slots that nobody has', () => {
      expect(said({ self: 2, own: { ...gone, 4: { master: 1, link: 'disconnected', flags: 'slave,fail' } } })).toMatch(/0-5460 .*backup/);
    });
  });
});
