import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { execute, Result } from '../support/execute';
import { countKeys, writeKeys } from '../support/servers/keys';
import { createCluster, introduce, isWhole, newPods, releaseCopies, replicaOf } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { SHELLS } from '../support/servers/shells';
import { entriesOf, tableOf } from '../support/servers/table';

const PORT = 6398;
const START = join(__dirname, '..', '..', 'assets', 'start.sh');
const [one, two, three, four] = ['a', 'b', 'c', 'd'].map(letter => letter.repeat(40));

describe.each(SHELLS)('what start.sh does to the disk, with %s', (_, path, shell) => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'start-disk-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name), 'utf8');

  /** Runs it with a program in the server's place that prints its arguments. */
  function start(variables: Record<string, string> = {}, redisConf = 'appendonly yes\n'): Promise<Result> {
    writeFileSync(file('redis.conf'), redisConf);
    return execute(shell, [START, 'echo', file('redis.conf')], {
      PATH: process.env.PATH, NAMESPACE: 'data', POD_NAME: 'redis-0', DATA_FOLDER: folder, USERS_FILE: '/nowhere', ...path, ...variables,
    });
  }

  const table = [
    `${one} 10.0.0.1:6379@16379,redis-0.redis,shard-id=${four} myself,master - 0 0 7 connected 0-5460 5462 [93->-${two}]`,
    `${two} fd00::2:6379@16379,,tls-port=0,shard-id=${three} master,fail? - 1700000000000 1700000000001 3 disconnected 5461`,
    `${three} 10.0.0.3:6379@16379,redis-2.redis slave,noaddr,nofailover ${one} 0 1700000000001 7 connected`,
    `${four} :0@0 slave,fail,noaddr ${two} 0 1700000000001 3 disconnected`,
    'vars currentEpoch 12 lastVoteEpoch 5',
    '',
  ].join('\n');

  test('an interrupted restore has left a new disk', async () => {
    writeFileSync(file('nodes.conf'), table);
    writeFileSync(file('restoring'), 'half of a snapshot');
    expect(await start()).toMatchObject({ code: 0, output: expect.not.stringContaining('unexpected') });
    expect(['nodes.conf', 'restoring', 'cluster-owner'].map(name => existsSync(file(name)))).toEqual([false, false, true]);
  });

  test('takes the addresses of others out of nodes.conf and keeps the rest', async () => {
    writeFileSync(file('nodes.conf'), `${table}\n\n\n`);
    expect(await start()).toMatchObject({ code: 0 });
    expect(read('nodes.conf').split('\n')).toEqual([
      table.split('\n')[0],
      `${two} :0@0,,tls-port=0,shard-id=${three} master,fail? - 1700000000000 1700000000001 3 disconnected 5461`,
      `${three} :0@0,redis-2.redis slave,noaddr,nofailover ${one} 0 1700000000001 7 connected`,
      ...table.split('\n').slice(3),
    ]);
    expect(read('former-addresses').split('\n').sort()).toEqual(['', '10.0.0.3', 'fd00::2']);
    expect(readdirSync(folder).sort()).toEqual(['cluster-owner', 'former-addresses', 'nodes.conf', 'redis.conf']);
  });

  test('keeps the former addresses when it is started again before others were found', async () => {
    writeFileSync(file('nodes.conf'), table);
    await start();
    await start();
    expect(read('former-addresses').split('\n').sort()).toEqual(['', '10.0.0.3', 'fd00::2']);
  });

  test.each([
    ['without a line of its own', table.replace('myself,', '')],
    ['with two', table.replace('slave,fail', 'myself,slave,fail')],
    ['cut off', table.slice(0, table.indexOf('vars'))],
    ['with a line that is none', table.replace('vars', 'hello\nvars')],
    ['with an address that is none', table.replace(':6379@16379,redis-2', ',redis-2')],
    ['with an id that is none', table.replace(`\n${two}`, `\n${two.replace('bb', 'xx')}`)],
  ])('leaves a nodes.conf alone and says so that is %s', async (_name, text) => {
    writeFileSync(file('nodes.conf'), text);
    const { code, output } = await start();
    expect(code).toBe(0);
    expect(output).toContain('nodes.conf holds something unexpected: it is left unchanged');
    expect(read('nodes.conf')).toBe(text);
    expect((await start({ COPY_OF: 'data/redis' })).code).toBe(0);
  });

  test('stops on a disk that does not say whose it is: it would be claimed, and the nodes of another cluster would accept it', async () => {
    mkdirSync(file('cluster-owner')); // root may read any file
    expect(await start()).toMatchObject({ code: 1, output: expect.stringContaining('cluster-owner cannot be read: see the access rights of the volume') });
    expect(readdirSync(file('cluster-owner'))).toEqual([]);
  });

  test('claims a disk once, and stops on one that belongs to another pod, with a remedy', async () => {
    expect((await start()).code).toBe(0);
    expect(read('cluster-owner')).toBe('data/redis-0\n');
    writeFileSync(file('nodes.conf'), table);
    const others: Record<string, string>[] = [
      { NAMESPACE: 'restored' }, { POD_NAME: 'cache-0' }, { POD_NAME: 'redis-1', COPY_OF: 'data/redis' }, { NAMESPACE: 'restored', COPY_OF: 'data/cache' },
    ];
    for (const other of others) {
      const { code, output } = await start(other);
      expect(code).toBe(1);
      expect(output).toContain(`this disk belongs to data/redis-0, not to ${other.NAMESPACE ?? 'data'}/${other.POD_NAME ?? 'redis-0'}:`);
      expect(output).toContain("set the storage's copyOf to 'data/redis' and give each disk to the pod of the same number");
    }
    expect(read('cluster-owner')).toBe('data/redis-0\n');
    expect(read('nodes.conf')).toBe(table);
  });

  test('gives a copy new ids once, the same on all pods, whenever it was interrupted', async () => {
    await start();
    const copy = { NAMESPACE: 'restored', COPY_OF: 'data/redis' };
    writeFileSync(file('nodes.conf'), table);
    expect(await start(copy)).toMatchObject({ code: 0 });
    const taken = read('nodes.conf');
    expect(read('cluster-owner')).toBe('restored/redis-0\n');
    expect(existsSync(file('former-addresses'))).toBe(false);
    for (const id of [one, two, three, four]) {
      expect(taken).not.toContain(id);
    }
    const [first, second, third] = entriesOf(taken);
    expect(new Set(entriesOf(taken).map(({ id }) => id)).size).toBe(4);
    expect([third.master, first.slots]).toEqual([first.id, `0-5460 5462 [93->-${second.id}]`]);

    await start(copy);
    expect(read('nodes.conf')).toBe(taken);

    // Killed before the claim, and after it.
    writeFileSync(file('cluster-owner'), 'data/redis-0\n');
    writeFileSync(file('nodes.conf'), table);
    writeFileSync(file('nodes.conf.next'), 'half');
    await start(copy);
    expect(read('nodes.conf')).toBe(taken);
    writeFileSync(file('nodes.conf'), table);
    writeFileSync(file('nodes.conf.next'), taken);
    await start(copy);
    expect(read('nodes.conf')).toBe(taken);

    // Another pod of the same copy.
    const others = table.replace('myself,', '').replace('slave,noaddr', 'myself,slave,noaddr');
    writeFileSync(file('cluster-owner'), 'data/redis-2\n');
    writeFileSync(file('nodes.conf'), others);
    expect(await start({ ...copy, POD_NAME: 'redis-2' })).toMatchObject({ code: 0 });
    expect(entriesOf(read('nodes.conf')).map(({ id }) => id)).toEqual(entriesOf(taken).map(({ id }) => id));
  });

  test('takes over a copy from before there were markers, but no nodes.conf that it does not understand', async () => {
    writeFileSync(file('nodes.conf'), table);
    await start({ NAMESPACE: 'restored', COPY_OF: 'data/redis' });
    expect(read('nodes.conf')).not.toContain(one);
    writeFileSync(file('cluster-owner'), 'data/redis-0\n');
    writeFileSync(file('nodes.conf'), 'hello\n');
    const { code, output } = await start({ NAMESPACE: 'restored', COPY_OF: 'data/redis' });
    expect([code, output.slice('08:00:00 '.length)]).toEqual([1, 'nodes.conf holds something unexpected: as a copy, it cannot be given new ids\n']);
    expect(read('cluster-owner')).toBe('data/redis-0\n');
  });

  test.each([
    ['dump.rdb alone', ['dump.rdb'], true],
    ['an append-only file', ['dump.rdb', 'appendonly.aof'], false],
    ['an append-only folder', ['dump.rdb', 'appendonlydir/appendonly.aof.manifest'], false],
  ])('appendonly yes: %s', async (_name, files, renamed) => {
    mkdirSync(file('appendonlydir'));
    files.forEach(name => writeFileSync(file(name), name));
    await start();
    expect(existsSync(file('dump.rdb'))).toBe(!renamed);
    expect(existsSync(file('appendonly.aof')) && read('appendonly.aof')).toBe(renamed ? 'dump.rdb' : files.includes('appendonly.aof') && 'appendonly.aof');
  });

  test('appendonly no: an append-only file gets another name, so that it does not win over a newer dump.rdb later', async () => {
    mkdirSync(file('appendonlydir'));
    writeFileSync(file('appendonly.aof'), 'old');
    await start({}, 'appendonly no\n');
    const names = readdirSync(folder).filter(name => name.startsWith('appendonly'));
    expect(names).toEqual([expect.stringMatching(/^appendonly\.aof\.\d{8}T\d{6}Z$/), expect.stringMatching(/^appendonlydir\.\d{8}T\d{6}Z$/)]);
  });

  test.each([
    ['a master with a replica waits', table, 'waits 2 s'],
    ['a master without one does not', table.replace(`nofailover ${one}`, `nofailover ${two}`), ''],
    ['nor does a replica', table.replace('myself,master -', `myself,slave ${two}`), ''],
  ])('appendonly no: %s', async (_name, text, message) => {
    writeFileSync(file('nodes.conf'), text);
    const begin = Date.now();
    const { code, output } = await start({}, 'appendonly no\ncluster-node-timeout 900\n');
    expect(code).toBe(0);
    expect(output.split('\n').filter(line => / waits \d/.test(line)).length).toBe(message === '' ? 0 : 1);
    expect(output).toContain(message);
    expect(Date.now() - begin > 2000).toBe(message !== '');
  });

  test('hands over to the server, with full copies held back by options that it knows', async () => {
    const held = '--repl-diskless-sync yes --repl-diskless-sync-delay 86400';
    expect((await start()).output).toBe(`${file('redis.conf')} ${held}\n`);
    expect((await start({}, 'repl-diskless-sync-max-replicas 1\n')).output)
      .toBe(`${file('redis.conf')} --repl-diskless-sync-max-replicas 0 ${held}\n`);
  });
});

describe('real servers', () => {
  let nodes: RedisNode[] = [];
  afterEach(() => Promise.all(nodes.map(node => node.remove())));

  test('after a restart of all pods at addresses of others, nobody is called until told to, and then nothing is lost', async () => {
    nodes = newPods(6, 140, 'data/redis', { port: PORT });
    await Promise.all(nodes.map(node => node.start()));
    await createCluster(nodes, 3);
    await writeKeys(nodes, 300);
    // Killed sooner after creation, a replica may come back with an empty master_host: the heal container, which is not here, would relink it.
    await new Promise(resolve => setTimeout(resolve, 8000));
    const before = await Promise.all(nodes.map(tableOf));
    await Promise.all(nodes.map(node => node.stop('SIGKILL')));

    await Promise.all(nodes.map((node, index) => node.start(`127.0.140.${6 - index}`)));

    await new Promise(resolve => setTimeout(resolve, 3000)); // what a server does by itself, it does every second
    for (const [index, node] of nodes.entries()) {
      for (const entry of await tableOf(node)) {
        const known = before[index].find(({ id }) => id === entry.id)!;
        expect([entry.master, entry.epoch, entry.slots]).toEqual([known.master, known.epoch, known.slots]);
        expect(entry.flags.filter(flag => flag !== 'fail?')).toEqual(known.flags);
        expect([entry.location, entry.link]).toEqual(entry.flags.includes('myself') ? [`${node.address}:${PORT}@${PORT + 10000}`, 'connected'] : [':0@0', 'disconnected']);
      }
      expect(await node.field('cluster_stats_messages_sent', 'CLUSTER', 'INFO')).toBe('0');
      expect(await node.field('connected_slaves', 'INFO', 'replication')).toBe('0');
      expect(await node.field('master_host', 'INFO', 'replication') ?? '').toBe('');
    }
    await introduce(nodes);
    await releaseCopies(nodes);
    await eventually('the cluster is whole', () => isWhole(nodes));
    expect(await countKeys(nodes, 300)).toBe(300);
  });

  test('a master that is started again, while another one is gone, has its say in who takes over from that one', async () => {
    nodes = newPods(6, 148, 'data/redis', { port: PORT });
    await Promise.all(nodes.map(node => node.start()));
    await createCluster(nodes, 3);
    const replica = await replicaOf(nodes[1], nodes);
    await Promise.all([nodes[0].stop('SIGKILL'), nodes[1].stop('SIGKILL')]);

    await nodes[0].start();
    await introduce(nodes.filter(node => node !== nodes[1]));
    await eventually('its replica takes over', async () => await replica.field('role', 'INFO', 'replication') === 'master');
  });

  test('appendonly yes over a dump.rdb keeps the keys, and adds to them', async () => {
    nodes = newPods(1, 141, 'data/redis', { port: PORT });
    const [node] = nodes;
    await node.start(undefined, ['--appendonly', 'no']);
    await node.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('it serves', async () => await node.command('SET', 'before', '1') === 'OK');
    await node.command('SAVE');
    await node.stop();

    await node.start();
    await eventually('it serves', async () => await node.command('SET', 'after', '2') === 'OK');
    expect(await node.command('GET', 'before')).toBe('1');
    expect(node.startLog).toContain('the append-only file begins with dump.rdb');
    await node.stop('SIGKILL');

    await node.start();
    await eventually('it serves', async () => await node.command('GET', 'after') === '2');
    expect(await node.command('GET', 'before')).toBe('1');
  });

  test('appendonly no: a master that crashed starts when its replica has taken over, and the keys are there', async () => {
    nodes = newPods(6, 142, 'data/redis', { port: PORT, arguments: ['--appendonly', 'no'] });
    await Promise.all(nodes.map(node => node.start()));
    await createCluster(nodes, 3);
    await writeKeys(nodes, 300);
    const replica = await replicaOf(nodes[0], nodes);
    await nodes[0].stop('SIGKILL');

    await nodes[0].start();

    expect(nodes[0].startLog).toContain('waits 5 s');
    expect(await replica.field('role', 'INFO', 'replication')).toBe('master');
    await introduce(nodes);
    await releaseCopies(nodes);
    await eventually('the cluster is whole', () => isWhole(nodes));
    expect(await countKeys(nodes, 300)).toBe(300);
  });

  test('a replica gets no full copy from a server that it does not belong to, while partial resynchronization goes on', async () => {
    nodes = newPods(6, 143, 'data/redis', { port: PORT, arguments: ['--repl-diskless-sync-max-replicas', '1'] });
    const [emptied, master] = nodes;
    await Promise.all(nodes.map(node => node.start()));
    await createCluster(nodes, 3);
    await writeKeys(nodes, 300);
    const replica = await replicaOf(emptied, nodes);
    const other = await replicaOf(master, nodes);
    const keys = await replica.command('DBSIZE');

    // A master comes back on an empty disk at its old address at once: its replica asks there, by the address alone.
    await emptied.stop('SIGKILL');
    emptied.wipe();
    await emptied.start();
    await eventually('its replica asks for a full copy', async () => /state=wait_bgsave/.test(await emptied.command('INFO', 'replication')));
    await new Promise(resolve => setTimeout(resolve, 7000)); // longer than what Redis waits by default
    expect(await replica.command('DBSIZE')).toBe(keys);
    expect(Number(keys)).toBeGreaterThan(50);
    // The others know no address of the former master, which is not "failed": it takes a word to have its replica elected.
    expect(await replica.command('CLUSTER', 'FAILOVER', 'FORCE')).toBe('OK');
    await eventually('its replica takes over', async () => await replica.field('role', 'INFO', 'replication') === 'master');
    expect(await replica.command('DBSIZE')).toBe(keys);

    // Full copies of the second master are held back as well since it was started again, but not what is missing since a broken link.
    await master.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '86400', 'repl-diskless-sync-max-replicas', '0');
    await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await eventually('the link is up again', async () => await other.field('master_link_status', 'INFO', 'replication') === 'up');
    expect(await master.field('sync_partial_ok', 'INFO', 'stats')).toBe('1');
  });
});
