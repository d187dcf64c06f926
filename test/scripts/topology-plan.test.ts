import { plannedShards, slotsThatMove } from '../../src/topology/plan';
import { freshPods, plan, Pod, words } from '../support/servers/planner';

/** What `topology.md` says before there is a cluster is what the init Job decides when there is one. */
const shapes = [[3, 1], [5, 2], [7, 0], [4, 3], [11, 1]].map(([masters, replicasPerMaster]) => ({ masters, replicasPerMaster }));
const planned = ({ masters, replicasPerMaster }: typeof shapes[number]) =>
  plannedShards({ name: 'redis-cluster', masters, members: masters * (1 + replicasPerMaster) });
const alone = (pods: Pod[]) => pods.map(pod => Object.assign(pod, { epoch: 0, table: [pod] }));

test.each(shapes)('new pods become the planned masters and replicas of them: $masters, each with $replicasPerMaster', shape => {
  const pods = freshPods(Array(shape.masters * (1 + shape.replicasPerMaster)).fill('-'));
  const said = words('say', plan({ ...shape, isPlan: true }, alone(pods))).map(text => text.replace(/ \([^)]*\)/g, ''));
  const shards = planned(shape);
  expect(said.filter(text => text.includes('becomes master'))).toEqual(shards.map(({ master, firstSlot, lastSlot }) =>
    `${master} becomes master of the slots ${firstSlot}-${lastSlot}`));
  expect(said.filter(text => text.includes(' replicates ')).sort()).toEqual(shards.flatMap(({ master, replicas }) =>
    replicas.map(replica => `${replica} replicates ${master}`)).sort());
});

/** The pods of a cluster that is as it was planned, in its first `count` pods of all. */
function formed(shape: typeof shapes[number], more: number): Pod[] {
  const shards = planned(shape);
  const pods = freshPods(Array(shape.masters * (1 + shape.replicasPerMaster) + more).fill('-'));
  shards.forEach(({ firstSlot, lastSlot, replicas }, master) => {
    pods[master].slots = `${firstSlot}-${lastSlot}`;
    replicas.forEach(replica => { pods[Number(replica.split('-').pop())].master = pods[master].id; });
  });
  return pods;
}

test.each([[3, 6], [3, 5], [5, 7], [4, 16], [6, 3], [7, 5], [16, 3]])('as many slots move as planned, from %d masters to %d', (from, to) => {
  const shape = { masters: to, replicasPerMaster: 1 };
  const more = Math.max(0, 2 * (to - from));
  const lines = plan({ ...shape, pods: Math.max(2 * from, 2 * to), isPlan: true }, formed({ masters: from, replicasPerMaster: 1 }, more));
  expect(words('left', lines)).toEqual([String(slotsThatMove(from, { masters: to, members: 2 * to }))]);
});
