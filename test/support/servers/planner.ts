import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shape } from './cluster-init';

const assets = join(__dirname, '..', '..', '..', 'assets');
const program = ['nodes', 'rules', 'cluster-state', 'cluster-roles', 'cluster-slots', 'cluster-plan'];

/** A node as the tables of all pods show it. */
export interface KnownNode {
  id: string;
  address: string;
  /** Id of its master. @default - it is a master */
  master?: string;
  /** As in CLUSTER NODES. @default - none */
  slots?: string;
  epoch?: number;
  /** @default - healthy */
  flags?: string;
  /** @default connected */
  link?: string;
  /** When it last answered a ping, in milliseconds since 1970. @default - never */
  pong?: number;
}

/** When the plan is made, in seconds since 1970. */
export const now = 1_700_000_000;

export interface Pod extends KnownNode {
  /** @default - unknown */
  kubernetesNode?: string;
  /** @default 0 */
  keys?: number;
  /** For how many seconds its server has been up; the node timeout is 5 s. @default 60 */
  uptime?: number;
  /** What this pod alone knows. @default - the nodes of all pods, and the others */
  table?: KnownNode[];
  /** Replies in place of the usual ones. */
  replies?: string;
  /** Lines of INFO replication after the usual ones. */
  moreReplies?: string;
}

export const idOf = (number: number): string => number.toString(16).padStart(2, '0').repeat(20);

/** Pods that know each other, without slots, as they are right after the introduction. */
export function freshPods(kubernetesNodes: string[]): Pod[] {
  return kubernetesNodes.map((kubernetesNode, ordinal) =>
    ({ id: idOf(ordinal), address: `10.0.0.${ordinal}`, epoch: ordinal + 1, kubernetesNode }));
}

/** Turns masters into masters of equal parts, and each other pod into a replica of the pod that is given for it. */
export function formCluster(pods: Pod[], masters: number[], masterOf: (ordinal: number) => number): Pod[] {
  const bound = (part: number) => Math.round(part * 16384 / masters.length);
  masters.forEach((ordinal, part) => { pods[ordinal].slots = `${bound(part)}-${bound(part + 1) - 1}`; });
  pods.forEach((pod, ordinal) => {
    if (!masters.includes(ordinal)) {
      pod.master = idOf(masterOf(ordinal));
    }
  });
  return pods;
}

/** Six pods that know each other, of which nobody knows where they run. */
export const unknownPods = (): Pod[] => freshPods(Array(6).fill('-'));

/** The shape of the original YAML. */
export const formedPods = (): Pod[] => formCluster(unknownPods(), [0, 1, 2], pod => (pod - 1) % 3);

/** A node that is none of the pods, and that all of them have marked as failed. */
export const staleNode: KnownNode = { id: idOf(99), address: '10.0.0.99', flags: 'master,fail', link: 'disconnected' };

export const awks = ['mawk', 'gawk', 'busybox awk'];

/** The plan for what is seen of the pods, and of other nodes in their tables, on which every awk agrees. */
export function plan(shape: Shape, pods: Pod[], others: KnownNode[] = []): string[] {
  const plans = awks.map(awk => planBy(awk, shape, pods, others));
  // Each has an order of its own for the members of an array.
  plans.forEach((lines, index) => expect([awks[index], ...[...lines].sort()]).toEqual([awks[index], ...[...plans[0]].sort()]));
  return plans[0];
}

/** The plan of one awk. */
export function planBy(awk: string, shape: Shape, pods: Pod[], others: KnownNode[] = []): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'planner-'));
  try {
    const file = join(folder, 'seen');
    writeFileSync(file, seen(pods, others));
    return execFileSync(...planCommand(shape, file, awk), { encoding: 'utf8' }).split('\n').filter(text => text !== '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The program that plans, as cluster-init.sh runs it, and its arguments. */
export function planCommand(shape: Shape, file: string, awk: string): [string, string[]] {
  const [command, ...first] = awk.split(' ');
  return [command, [
    ...first, '-v', `now=${now}`, '-v', 'stateful_set=redis-cluster', '-v', 'port=6379', '-v', `masters=${shape.masters}`, ...shape.isPlan ? ['-v', 'planning=yes'] : [],
    '-v', `pods=${shape.pods ?? shape.masters * (1 + shape.replicasPerMaster)}`,
    '-v', `replicas_per_master=${shape.replicasPerMaster}`, ...Object.entries(shape.variables ?? {}).flatMap(([name, value]) => ['-v', `${name}=${value}`]),
    ...program.flatMap(part => ['-f', join(assets, `${part}.awk`)]), file, file,
  ]];
}

/** What cluster-init.sh writes down of the pods for the planner. */
export function seen(pods: Pod[], others: KnownNode[] = []): string {
  return pods.map((pod, ordinal) => describe(pod, ordinal, pod.table ?? [...pods, ...others]) + '\n').join('');
}

function describe(pod: Pod, ordinal: number, table: KnownNode[]): string {
  const header = `pod ${ordinal} ${pod.address} ${pod.kubernetesNode ?? '-'}`;
  if (pod.address === '-') {
    return header;
  }
  const lines = table.map(node => line(node, node.id === pod.id));
  const replication = pod.master ? 'role:slave\r\nmaster_link_status:up\r' : 'role:master\r';
  return [
    header, `table ${ordinal}`,
    pod.replies ?? [
      ...lines, '', 'cluster_state:ok\r', '', '# Replication\r', replication, pod.moreReplies ?? '', '# Server\r', `uptime_in_seconds:${pod.uptime ?? 60}\r`, '',
      '# Keyspace\r', ...pod.keys ? [`db0:keys=${pod.keys},expires=0,avg_ttl=0\r`] : [], '', 'cluster-node-timeout', '5000',
    ].join('\n'),
  ].join('\n');
}

function line(node: KnownNode, isMyself: boolean): string {
  const flags = [...isMyself ? ['myself'] : [], node.flags ?? (node.master ? 'slave' : 'master')].join(',');
  const location = node.address.includes('@') ? node.address : `${node.address}:6379@16379`;
  return [node.id, location, flags, node.master ?? '-', 0, node.pong ?? 0, node.epoch ?? 0, node.link ?? 'connected', node.slots ?? ''].join(' ').trim();
}

/** What REPLICATE commands of a plan ask for: pairs of a pod's ordinal and its new master's id. */
export function replications(lines: string[]): [number, string][] {
  return lines.flatMap(text => {
    const match = /^send (\d+) CLUSTER REPLICATE (\w+)$/.exec(text);
    return match ? [[Number(match[1]), match[2]] as [number, string]] : [];
  });
}

/** The lines of a plan that are commands for pods. */
export const commands = (lines: string[]): string[] => lines.filter(text => /^(prepare|send) /.test(text));

/** What a plan has under a word. */
export const words = (verb: string, lines: string[]): string[] =>
  lines.filter(text => text.startsWith(`${verb} `)).map(text => text.slice(verb.length + 1));
