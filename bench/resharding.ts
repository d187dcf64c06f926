/**
 * How fast slots move with their keys: three masters give half of their slots to three new ones, by the init Job's scripts and by
 * `redis-cli --cluster rebalance`, in turns, on clusters made anew each time. Whole commands are timed, with all their looks at the nodes.
 *
 *     npx tsx bench/resharding.ts [ROUNDS] [KEYS]        needs redis-server and redis-cli on the PATH, of any version
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, printRatio, printTable, Samples, timed } from './statistics';
import { eventually } from '../test/support/eventually';
import { execute } from '../test/support/execute';
import { initCluster } from '../test/support/servers/cluster-init';
import { RedisNode, startNodes } from '../test/support/servers/redis-node';

const PORT = 6480;
const SUBNET = 99;
const THREE = { masters: 3, replicasPerMaster: 1 };
const SIX = { masters: 6, replicasPerMaster: 1 };

const movers: { readonly samples: Samples; readonly move: (nodes: RedisNode[]) => Promise<string> }[] = [
  {
    samples: new Samples('the init Job'),
    move: async nodes => (await initCluster(nodes, { ...SIX, timeout: 300, isRecorded: false })).output,
  },
  {
    samples: new Samples('redis-cli --cluster rebalance'),
    move: async nodes => (await execute('redis-cli', ['--cluster', 'rebalance', `${nodes[0].address}:${PORT}`, '--cluster-use-empty-masters', '--cluster-threshold', '1'],
      process.env, 600)).output,
  },
];

async function main(rounds: number, keys: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { samples, move } of movers) {
      const nodes = await prepared(keys);
      try {
        let output = '';
        const milliseconds = await timed(async () => { output = await move(nodes); });
        const moved = await keysOf(nodes.slice(6, 9));
        if (moved < keys * 0.45) {
          throw new Error(`${samples.name} moved ${moved} of ${keys} keys:\n${output.slice(-2000)}`);
        }
        samples.add(moved / milliseconds * 1000);
      } finally {
        await Promise.all(nodes.map(node => node.remove()));
      }
    }
  }
  print(`${(await execute('redis-server', ['--version'])).output.trim()}, ${keys} keys`, '');
  printTable(movers.map(({ samples }) => samples), 'keys/s', 0);
  printRatio(movers[0].samples, movers[1].samples, 'at least 1');
}

/** Three masters with a replica and all keys, and three without slots, with a replica each. */
async function prepared(keys: number): Promise<RedisNode[]> {
  const nodes = await startNodes(12, SUBNET, PORT, ['--save', '']);
  await initCluster(nodes.slice(0, 6), { ...THREE, isRecorded: false });
  const file = join(nodes[0].directory, 'commands');
  writeFileSync(file, Array.from({ length: keys }, (_, key) => `SET key:${key} ${'x'.repeat(100)}\n`).join(''));
  await execute('sh', ['-c', `redis-cli -c -h ${nodes[0].address} -p ${PORT} < ${file} > /dev/null`], process.env, 300);
  for (const node of nodes.slice(6)) {
    await nodes[0].command('CLUSTER', 'MEET', node.address, String(PORT));
  }
  const ids = await Promise.all(nodes.slice(6, 9).map(node => node.command('CLUSTER', 'MYID')));
  await eventually('the replicas replicate', async () => (await Promise.all(nodes.slice(9).map((node, index) => node.command('CLUSTER', 'REPLICATE', ids[index]))))
    .every(reply => reply === 'OK'), 60);
  await eventually('all is served and in sync', async () => {
    const states = await Promise.all(nodes.map(node => node.field('cluster_state', 'CLUSTER', 'INFO')));
    const links = await Promise.all(nodes.map(node => node.field('master_link_status', 'INFO', 'replication')));
    return states.every(state => state === 'ok') && links.every(link => link === undefined || link === 'up');
  }, 60);
  return nodes;
}

async function keysOf(nodes: RedisNode[]): Promise<number> {
  return (await Promise.all(nodes.map(node => node.command('DBSIZE')))).map(Number).reduce((sum, size) => sum + size);
}

void main(Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 60_000));
