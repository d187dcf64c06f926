import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formCluster, formedPods, freshPods, idOf, KnownNode, plan, Pod, staleNode, unknownPods, words } from '../support/servers/planner';

interface Trouble {
  readonly pods?: () => Pod[];
  readonly disturb?: (pods: Pod[]) => void;
  readonly others?: KnownNode[];
  /** @default 3 */
  readonly masters?: number;
  /** @default 'lack' */
  readonly verb?: 'stop' | 'lack';
  /** What is wrong, and what to do. */
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const known = (pods: Pod[]) => pods.map((pod): KnownNode => ({ id: pod.id, address: pod.address, master: pod.master, slots: pod.slots }));

/** One for each place that says what is wrong. */
const troubles: Record<string, Trouble> = {
  'one node at two addresses': {
    disturb: pods => { pods[4] = { ...pods[3], address: '10.0.0.4' }; },
    says: /redis-cluster-3 and redis-cluster-4 are the same node/,
    remedy: /empty the disk of the copy/,
  },
  'no answer': {
    disturb: pods => { pods[2].replies = 'LOADING Redis is loading'; },
    says: /redis-cluster-2 does not answer: LOADING Redis is loading/,
    remedy: /kubectl logs redis-cluster-2/,
  },
  'no hope of an answer': {
    disturb: pods => { pods[2].replies = 'WRONGPASS invalid'; },
    verb: 'stop',
    says: /redis-cluster-2 \(10\.0\.0\.2\) does not answer: WRONGPASS/,
    remedy: /same Secret/,
  },
  'two clusters': {
    disturb: pods => {
      const others = formCluster(unknownPods(), [3, 4, 5], () => 3);
      [0, 1, 2].forEach(pod => { pods[pod].table = pods.slice(0, 3); });
      [3, 4, 5].forEach(pod => { Object.assign(pods[pod], { ...others[pod], table: others.slice(3) }); });
    },
    verb: 'stop',
    says: /different clusters: redis-cluster-\d and redis-cluster-\d have slots in common/,
    remedy: /empty the disk/,
  },
  'an unknown node': {
    others: [{ id: idOf(99), address: '10.0.0.99' }],
    says: /redis-cluster-\d knows a live node 63\w+ at 10\.0\.0\.99/,
    remedy: /stop that node, or make it one of the pods/,
  },
  'slots assigned by hand': {
    disturb: pods => { pods[1].slots = '5461-9999'; },
    verb: 'stop',
    says: /some slots of 5461-10922 have no owner/,
    remedy: /redis-cli --cluster fix 10\.0\.0\.0:6379/,
  },
  'no link': {
    disturb: pods => { pods[1].table = known(pods).map((node, pod) => pod === 4 ? { ...node, address: '10.0.9.9' } : node); },
    says: /redis-cluster-1 has no link to the pods 4/,
    remedy: /reach each other's port 16379/,
  },
  'slots of a lost node without a replica': {
    disturb: pods => { Object.assign(pods[0], { slots: undefined }); Object.assign(pods[4], { master: idOf(1) }); },
    others: [{ ...staleNode, slots: '0-5460' }],
    says: /the slots 0-5460 belong to node 63\w+, none of the pods/,
    remedy: /bring it back, or give its keys up with redis-cli --cluster fix/,
  },
  'data that has no room on fewer masters': {
    disturb: pods => {
      pods[0].slots = '0-99';
      Object.assign(pods[3], { slots: '100-5460', master: undefined });
      pods.forEach(pod => { pod.moreReplies = `used_memory:${200 * 2 ** 20}\r\nused_memory_startup:0\r\nmaxmemory:${256 * 2 ** 20}\r`; });
    },
    verb: 'stop',
    says: /3 masters have no room for the data of 4: each would need 266\.7 MiB, and maxmemory is 256\.0 MiB/,
    remedy: /raise config\.maxmemory, or keep more masters/,
  },
  'too few masters': {
    pods: () => formCluster(freshPods(Array(8).fill('-')), [0, 1, 2], pod => pod % 3)
      .map(pod => ({ ...pod, moreReplies: pod.master && 'master_link_status:down\r' })),
    masters: 4,
    says: /only 3 of 4 masters are there/,
    remedy: /empty the disks of pods/,
  },
  'a master that is to leave, and just started': {
    pods: () => formCluster(freshPods(Array(8).fill('-')), [0, 1, 7], pod => pod % 3 === 2 ? 7 : pod % 3).map(pod => ({ ...pod, uptime: 9 })),
    says: /redis-cluster-7 \S+ is to leave/,
    remedy: /wait for twice the node timeout/,
  },
  'a claim that has passed': {
    disturb: pods => {
      const promoted = known(pods).map((node, pod) => pod === 0 ? { ...node, slots: undefined } : pod === 4 ? { ...node, master: undefined, slots: '0-5460' } : node);
      pods.forEach((pod, ordinal) => { pod.table = ordinal === 0 ? known(pods) : promoted; });
      Object.assign(pods[4], { master: undefined, slots: '0-5460', epoch: 9 });
      pods[4].table = promoted.map(node => ({ ...node, epoch: 9 }));
    },
    says: /redis-cluster-0 \S+ still claims the slots 0-5460/,
    remedy: /kubectl logs redis-cluster-0/,
  },
  'keys in a pod without slots': {
    disturb: pods => { Object.assign(pods[3], { master: undefined, keys: 12 }); },
    says: /redis-cluster-3 \S+ holds 12 keys but no slots/,
    remedy: /save and delete them/,
  },
  'a node to forget': {
    others: [{ ...staleNode, flags: 'master,fail?' }],
    says: /still list a node 63\w+ at 10\.0\.0\.99/,
    remedy: /it is forgotten when nobody has heard of it for 120 s/,
  },
  'a pod that is not reached': {
    disturb: pods => { pods[1].table = known(pods).map((node, pod) => pod === 5 ? { ...node, flags: 'slave,fail?' } : node); },
    says: /redis-cluster-1 does not reach the pods 5/,
    remedy: /kubectl logs redis-cluster-1/,
  },
  'a table that is not right': {
    disturb: pods => { pods[1].table = known(pods).map((node, pod) => pod === 5 ? { ...node, master: idOf(2) } : node); },
    says: /redis-cluster-1 does not know the present role and slots of the pods 5/,
    remedy: /kubectl logs redis-cluster-1/,
  },
  'a cluster that does not serve': {
    disturb: pods => { pods[1].moreReplies = 'cluster_state:fail\r'; },
    says: /redis-cluster-1 says cluster_state:fail/,
    remedy: /kubectl logs redis-cluster-1/,
  },
  'a replica out of sync': {
    disturb: pods => { pods[4].moreReplies = 'master_link_status:down\r\nmaster_host:10.0.0.0\r'; },
    says: /redis-cluster-4 is not in sync with its master/,
    remedy: /kubectl logs redis-cluster-4/,
  },
  'keys in other databases, which Valkey 9 may have and which do not move key by key': {
    pods: () => formCluster(freshPods(Array(8).fill('-')), [0, 1, 2], pod => pod < 6 ? pod - 3 : 0)
      .map((pod, ordinal) => ({ ...pod, master: ordinal === 6 ? undefined : ordinal === 7 ? idOf(6) : pod.master })),
    masters: 4,
    verb: 'stop',
    disturb: pods => { pods[2].moreReplies = 'db1:keys=3,expires=0,avg_ttl=0\r'; },
    says: /redis-cluster-2 has keys in other databases than 0, which would be lost/,
    remedy: /move them to database 0 first/,
  },
  'a vote that is not possible yet': {
    pods: () => formCluster(freshPods([...'aabcca']), [0, 1, 2], pod => pod - 3).map(pod => ({ ...pod, uptime: 9 })),
    says: /a has 2 of 3 masters/,
    remedy: /wait for twice the node timeout/,
  },
  'roles to move during a rollout': {
    pods: () => formCluster(freshPods([...'aabcca']), [0, 1, 2], pod => pod - 3).map((pod, ordinal) => ({ ...pod, uptime: ordinal === 5 ? 9 : 60 })),
    says: /roles are to be moved, but a pod has just started/,
    remedy: /wait/,
  },
};

function planIn({ pods = formedPods, disturb, others = [], masters = 3 }: Trouble): string[] {
  const disturbed = pods();
  disturb?.(disturbed);
  return plan({ masters, replicasPerMaster: 1, pods: disturbed.length }, disturbed, others);
}

/** The longest text of each place that says what is wrong. */
const places = ['plan', 'roles', 'slots'].flatMap(part =>
  readFileSync(join(__dirname, '..', '..', 'assets', `cluster-${part}.awk`), 'utf8').replace(/\\\n */g, '').split('\n').filter(line => !line.startsWith('function '))
    .flatMap(line => line.match(/\b(?:lack|stop|check)\(.*/g) ?? [])
    .map(call => [...call.matchAll(/"([^"]*)"/g)].map(([, text]) => text).reduce((longest, text) => text.length > longest.length ? text : longest)));

test('every place that says what is wrong is tried here', () => {
  const plans = Object.values(troubles).flatMap(planIn);

  expect(places.filter(text => !plans.some(line => line.includes(text)))).toEqual([]);
  expect(Object.keys(troubles)).toHaveLength(places.length); // as two of them say the same
});

test.each(Object.entries(troubles))('says what to do about %s', (_name, trouble) => {
  const texts = words(trouble.verb ?? 'lack', planIn(trouble)).filter(text => trouble.says.test(text));

  expect(texts.length).toBeGreaterThan(0);
  texts.forEach(text => expect(text.slice(text.indexOf('; '))).toMatch(trouble.remedy));
});
