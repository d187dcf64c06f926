import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisNode } from './redis-node';
import { isHealthy, tableOf } from './table';
import { eventually } from '../eventually';
import { Result, runScript } from '../execute';

export interface Shape {
  readonly masters: number;
  readonly replicasPerMaster: number;
  /** How many there are. @default - as many as the shape needs */
  readonly pods?: number;
  /** Whether it only says what it would do. @default false */
  readonly isPlan?: boolean;
  /** Further variables of the program that plans. @default - none */
  readonly variables?: Record<string, string>;
}

export interface InitOptions extends Shape {
  /** Kubernetes nodes of the pods, by ordinal. @default - unknown */
  readonly kubernetesNodes?: string[];
  /** Seconds. @default 40 */
  readonly timeout?: number;
  /** Kills the script after so many commands that change something. @default - it runs to its end */
  readonly killAfter?: number;
  /** Kills the script, and all that it started, after so many seconds. @default - it runs to its end */
  readonly killAfterSeconds?: number;
  /** Whether commands are recorded. @default true */
  readonly isRecorded?: boolean;
  /** How far the script's clock is ahead, for what it does only after minutes. @default 0 */
  readonly secondsAhead?: number;
  readonly environment?: Record<string, string>;
  /** @default dash */
  readonly shell?: string;
}

export interface InitResult extends Result {
  /** The commands that change something, in their order: `ADDRESS COMMAND`. */
  readonly commands: string[];
  readonly done: boolean;
}

/** Runs cluster-init.sh on these nodes as the pods of a StatefulSet `redis-cluster`, by the file that watch-pods.sh writes. */
export async function initCluster(nodes: RedisNode[], options: InitOptions): Promise<InitResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-init-'));
  const file = (name: string) => join(folder, name);
  writeFileSync(file('record'), '');
  writeFileSync(file('pods'), nodes.map((node, pod) =>
    `redis-cluster-${pod} Running ${node.address} ${options.kubernetesNodes?.[pod] ?? '<none>'} <none>\n`).join(''));
  const result = await runScript('cluster-init.sh', {
    NAME: 'redis-cluster',
    SERVICE: 'redis-cluster-headless',
    MASTERS: String(options.masters),
    REPLICAS_PER_MASTER: String(options.replicasPerMaster),
    ...options.pods === undefined ? {} : { PODS: String(options.pods) },
    ...options.isPlan ? { PLAN: 'yes' } : {},
    PORT: String(nodes[0].port),
    PODS_FILE: file('pods'),
    DONE_FILE: file('done'),
    TIMEOUT: String(options.timeout ?? 40),
    TMPDIR: folder,
    RECORD: file('record'),
    ...options.killAfter === undefined ? {} : { KILL_AFTER: String(options.killAfter) },
    ...options.environment,
    ...options.secondsAhead === undefined ? {} : { SECONDS_AHEAD: String(options.secondsAhead) },
    PATH: [
      ...options.isRecorded ?? true ? [join(__dirname, 'recording')] : [], ...options.secondsAhead === undefined ? [] : [join(__dirname, 'clock')],
      options.environment?.PATH ?? process.env.PATH,
    ].join(':'),
  }, options.shell, options.killAfterSeconds ?? 600);
  const commands = readFileSync(file('record'), 'utf8').split('\n').filter(line => line !== '');
  const done = existsSync(file('done'));
  await eventually('nothing that a killed script left behind writes any more', async () => {
    rmSync(folder, { recursive: true, force: true });
    return true;
  });
  return { ...result, commands, done };
}

/** What a node's table says of every pod: `master 0-5460`, `replica of 0`, or what is wrong with its entry. */
export async function roles(nodes: RedisNode[], seenBy: RedisNode = nodes[0]): Promise<string[]> {
  const entries = await tableOf(seenBy);
  const unknown = entries.filter(entry => !nodes.some(node => node.address === entry.address));
  const known = nodes.map(node => entries.find(entry => entry.address === node.address));
  return [
    ...known.map(entry => {
      if (!entry || !isHealthy(entry)) {
        return `unhealthy: ${entry?.flags}`;
      }
      return entry.master === '-' ? `master ${entry.slots}` : `replica of ${known.findIndex(other => other?.id === entry.master)}`;
    }),
    ...unknown.map(entry => `unknown node ${entry.address}`),
  ];
}

/** Fails unless every node has this table, and the cluster serves and replicates. */
export async function expectCluster(nodes: RedisNode[], expected: string[]): Promise<void> {
  for (const node of nodes) {
    expect({ node: node.address, roles: await roles(nodes, node) }).toEqual({ node: node.address, roles: expected });
    expect(await node.field('cluster_state', 'CLUSTER', 'INFO')).toBe('ok');
    expect(await node.field('master_link_status', 'INFO', 'replication') ?? 'up').toBe('up');
  }
}

/** Makes empty nodes new again: each knows only itself. */
export async function resetNodes(nodes: RedisNode[]): Promise<void> {
  await eventually('all nodes are new', async () => {
    await Promise.all(nodes.map(node => node.command('CLUSTER', 'RESET', 'HARD')));
    const tables = await Promise.all(nodes.map(tableOf));
    return tables.every(entries => entries.length === 1 && entries[0].slots === '' && entries[0].master === '-');
  });
}
