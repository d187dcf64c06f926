import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PeersService } from './peers-service';
import { newPods } from './pods';
import { RedisNode } from './redis-node';
import { writtenShape } from './shape-file';
import { isHealthy, tableOf } from './table';
import { eventually } from '../eventually';
import { execute } from '../execute';

const script = join(__dirname, '..', '..', '..', 'assets', 'heal.sh');

/** One heal.sh, as it runs beside a node. */
export class Healer {
  public log = '';
  private process?: ChildProcess;
  private exited?: Promise<number | null>;

  constructor(private readonly node: RedisNode, private readonly peers: PeersService, private readonly environment: Record<string, string> = {},
    private readonly shell = 'dash') {}

  public start(): void {
    const child = spawn(this.shell, [script], {
      env: {
        PEERS: this.peers.address,
        SHAPE: writtenShape(),
        PORT: String(this.node.port),
        POD_IP: this.node.address,
        POD_NAME: this.node.address.replace(/.*\./, 'redis-cluster-'),
        REPL_DISKLESS_SYNC: 'yes 0 -',
        FORMER_ADDRESSES: join(this.node.directory, 'former-addresses'),
        PATH: process.env.PATH,
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', chunk => { this.log += chunk; });
    child.stderr.on('data', chunk => { this.log += chunk; });
    this.exited = new Promise(resolve => child.once('exit', code => {
      // a program that it ran may outlive it, with these open
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(code);
    }));
    this.process = child;
  }

  /** Ends it as the kubelet does, and gives its exit code. */
  public async stop(): Promise<number | null> {
    this.process?.kill('SIGTERM');
    return await this.exited ?? null;
  }

  /** Seconds of CPU that it and the programs it ran have used. */
  public cpuSeconds(): number {
    const children = readFileSync(`/proc/${this.process!.pid}/task/${this.process!.pid}/children`, 'utf8').trim().split(' ');
    return [String(this.process!.pid), ...children].map(cpuSecondsOf).reduce((sum, seconds) => sum + seconds);
  }
}

function cpuSecondsOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return (utime + stime + cutime + cstime) / 100;
}

/** Nodes with a heal.sh beside each, and the Service that leads to any of them. */
export class HealedNodes {
  public readonly peers: PeersService;
  public healers: Healer[] = [];

  constructor(public readonly nodes: RedisNode[], private readonly environment: Record<string, string> = {},
    private readonly shell = 'dash') {
    this.peers = new PeersService(nodes[0].address.replace(/\d+$/, '200'), nodes[0].port);
    this.peers.leadTo(this.addresses);
    this.healers = nodes.map(node => new Healer(node, this.peers, environment, shell));
  }

  public get addresses(): string[] {
    return this.nodes.map(node => node.address);
  }

  public get log(): string {
    return this.healers.map((healer, index) => `--- node ${index}\n${healer.log}`).join('');
  }

  public startHealing(): void {
    this.healers.forEach(healer => healer.start());
  }

  /** Stops a pod: the script and the server. */
  public async stop(index: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await Promise.all([this.healers[index].stop(), this.nodes[index].stop(signal)]);
  }

  /** Starts a pod again, at an address that need not be its old one. */
  public async start(index: number, address: string): Promise<void> {
    await this.nodes[index].start(address);
    this.healNode(index);
  }

  /** Starts a new heal.sh beside the node where it is now. */
  public healNode(index: number): void {
    this.healers[index] = new Healer(this.nodes[index], this.peers, this.environment, this.shell);
    this.healers[index].start();
  }

  /** All pods stop, then all start at these addresses. */
  public async restartAll(addresses: string[]): Promise<void> {
    await Promise.all(this.nodes.map((_, index) => this.stop(index)));
    await Promise.all(this.nodes.map((_, index) => this.start(index, addresses[index])));
  }

  public async remove(): Promise<void> {
    await Promise.all(this.nodes.map(async (node, index) => {
      await this.healers[index].stop();
      await node.remove();
    }));
    this.peers.remove();
  }

  /** What keeps the cluster from being whole, or nothing. */
  public async flaws(nodes = this.nodes): Promise<string[]> {
    const ids = await Promise.all(nodes.map(node => node.command('CLUSTER', 'MYID')));
    const expected = nodes.map((node, index) => `${ids[index]} ${node.address}:${node.port}`).sort().join('\n');
    const flaws: string[] = [];
    for (const node of nodes) {
      const table = await tableOf(node);
      const listed = table.map(({ id, location }) => `${id} ${location.replace(/@.*/, '')}`).sort().join('\n');
      const unhealthy = table.filter(entry => !isHealthy(entry));
      const state = await node.field('cluster_state', 'CLUSTER', 'INFO');
      const replication = await node.command('INFO', 'replication');
      flaws.push(
        ...listed === expected ? [] : [`${node.address} lists\n${listed}\ninstead of\n${expected}`],
        ...unhealthy.map(entry => `${node.address} has ${Object.values(entry).join(' ')}`),
        ...state === 'ok' ? [] : [`${node.address} is in state ${state}`],
        ...replication.includes('master_link_status:down') ? [`${node.address} has no replication link`] : [],
      );
    }
    return flaws;
  }

  /** Waits until the cluster is whole; gives the seconds it took. */
  public async whole(seconds: number, nodes = this.nodes): Promise<number> {
    const start = Date.now();
    let flaws: string[] = [];
    try {
      await eventually('the cluster is whole', async () => (flaws = await this.flaws(nodes)).length === 0, seconds);
    } catch (error) {
      throw new Error(`${error}\n${flaws.join('\n')}\n${this.log}`, { cause: error });
    }
    return (Date.now() - start) / 1000;
  }
}

/** So many pods at 127.0.SUBNET.1 and on, whose servers start.sh has started. */
export async function startedPods(count: number, subnet: number, port: number, args: string[] = [], name = 'redis-cluster'): Promise<RedisNode[]> {
  const nodes = newPods(count, subnet, `test/${name}`, { port, arguments: args });
  await Promise.all(nodes.map(node => node.start()));
  return nodes;
}

/** Lets redis-cli make a cluster of nodes, and waits until its replicas are in sync. */
export async function formCluster(nodes: RedisNode[], replicas: number, password?: string): Promise<void> {
  const { output } = await execute('redis-cli', ['--cluster', 'create', ...nodes.map(node => `${node.address}:${node.port}`),
    '--cluster-replicas', String(replicas), '--cluster-yes'], { ...process.env, ...password && { REDISCLI_AUTH: password } });
  if (!output.includes('All 16384 slots covered')) {
    throw new Error(output);
  }
  for (const node of nodes) {
    await eventually(`${node.address} is in sync`, async () =>
      await node.field('cluster_state', 'CLUSTER', 'INFO') === 'ok' &&
      await node.field('master_link_status', 'INFO', 'replication') !== 'down' &&
      (await tableOf(node)).filter(({ flags }) => flags.includes('slave')).length === nodes.length * replicas / (replicas + 1), 30);
  }
}
