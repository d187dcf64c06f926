import { cpSync } from 'node:fs';
import { eventually } from '../support/eventually';
import { countKeys, writeKeys } from '../support/servers/keys';
import { createCluster, introduce, isWhole, newPods, releaseCopies } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { entriesOf, tableOf } from '../support/servers/table';

const PORT = 6397;
let nodes: RedisNode[] = [];
let copies: RedisNode[] = [];

beforeEach(async () => {
  nodes = newPods(6, 144, 'data/redis', { port: PORT });
  await Promise.all(nodes.map(node => node.start()));
  await createCluster(nodes, 3);
  await writeKeys(nodes, 300);
});
afterEach(() => Promise.all([...nodes, ...copies].map(node => node.remove())));

/** Pods of another cluster whose disks are what the running ones had on theirs. */
function copiedTo(cluster: string, variables: Record<string, string>): void {
  copies = newPods(6, 145, cluster, { port: PORT, variables });
  copies.forEach((copy, index) => cpSync(nodes[index].directory, copy.directory, { recursive: true }));
}

const shapeOf = (table: ReturnType<typeof entriesOf>) => table
  .map(({ master, slots }) => master === '-' ? `master ${slots}` : `replica of ${table.find(({ id }) => id === master)!.slots}`).sort();

test('the copy of a running cluster becomes a cluster of its own beside it, with all keys, and nobody of the original knows it', async () => {
  copiedTo('restored/redis', { COPY_OF: 'data/redis' });
  const before = await tableOf(nodes[0]);

  await Promise.all(copies.map(copy => copy.start()));
  await introduce(copies);
  await releaseCopies(copies);
  await eventually('the copy is whole', () => isWhole(copies));

  const ids = new Set(before.map(({ id }) => id));
  const tables = await Promise.all(copies.map(tableOf));
  for (const table of tables) {
    expect(table.map(({ id }) => id).sort()).toEqual(tables[0].map(({ id }) => id).sort());
    expect(table.filter(({ id }) => ids.has(id))).toEqual([]);
    expect(shapeOf(table)).toEqual(shapeOf(before));
  }
  expect(await countKeys(copies, 300)).toBe(300);
  expect(await isWhole(nodes)).toBe(true);
  expect(await countKeys(nodes, 300)).toBe(300);

  // It keeps its ids from now on.
  await copies[0].stop();
  await copies[0].start();
  expect((await tableOf(copies[0])).map(({ id }) => id).sort()).toEqual(tables[0].map(({ id }) => id).sort());
});
