import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { execute } from '../execute';

/** More than the 10 s for which Redis itself may wait for its replicas. */
const GRACE_MILLISECONDS = 15_000;

export interface RedisNodeOptions {
  /** A loopback address: in 127.0.0.0/8, of its own for every node of a test file. */
  readonly address: string;
  readonly port: number;
  /** Further arguments of redis-server, for instance `['--requirepass', 'secret']`. */
  readonly arguments?: string[];
  /** Starts it by start.sh, as its pod does, with these variables beside the folder's: NAMESPACE, POD_NAME, COPY_OF. */
  readonly pod?: Record<string, string>;
  /** User and group of the pod's process. @default - that of the test */
  readonly user?: number;
}

const START = join(__dirname, '..', '..', '..', 'assets', 'start.sh');

/** A real redis-server in cluster mode, with a data folder that survives its restarts. */
export class RedisNode {
  public readonly port: number;
  public readonly directory = mkdtempSync(join(tmpdir(), 'redis-node-'));
  private currentAddress: string;
  private process?: ChildProcess;

  constructor(private readonly options: RedisNodeOptions) {
    this.currentAddress = options.address;
    this.port = options.port;
  }

  public get address(): string {
    return this.currentAddress;
  }

  /** Starts the server, at another address if one is given, as a pod does that comes back; with arguments for this time only. */
  public async start(address = this.currentAddress, once: string[] = []): Promise<void> {
    this.currentAddress = address;
    const args = [
      '--bind', address, '--port', String(this.port), '--dir', this.directory, '--logfile', join(this.directory, 'redis.log'),
      '--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '2000',
      '--cluster-announce-ip', address, '--replica-announce-ip', address, '--appendonly', 'yes', '--protected-mode', 'no', '--save', '',
      '--repl-diskless-sync-delay', '0', ...this.options.arguments ?? [], ...once,
    ];
    this.process = this.options.pod ? this.startAsPod(this.options.pod, args) : spawn('redis-server', args, { stdio: 'ignore' });
    await eventually(`redis-server listens at ${address}:${this.port}`, () => this.listens());
  }

  /**
   * Stops the server as the kubelet does (SIGTERM, and SIGKILL when its time is over: a replica that writes its first append-only file
   * after a full copy refuses to exit), or as a crash does (SIGKILL).
   */
  public async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) {
      return;
    }
    const exited = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    const graceIsOver = setTimeout(() => running.kill('SIGKILL'), GRACE_MILLISECONDS);
    await exited;
    clearTimeout(graceIsOver);
  }

  /** Sends a signal and does not wait for its effect. */
  public signal(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  /** Empties the data folder of a stopped server, as a pod's new disk is. */
  public wipe(): void {
    rmSync(this.directory, { recursive: true });
    mkdirSync(this.directory);
  }

  public async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The reply to one command, as redis-cli prints it; with a password when the server has one. */
  public async command(...words: string[]): Promise<string> {
    const args = this.options.arguments ?? [];
    const password = args[args.indexOf('--requirepass') + 1];
    const auth = args.includes('--requirepass') ? { REDISCLI_AUTH: password } : {};
    const result = await execute('redis-cli', ['-h', this.address, '-p', String(this.port), ...words], { ...process.env, ...auth });
    return result.output.trim();
  }

  /** One field of a reply made of `field:value` lines, such as INFO's or CLUSTER INFO's. */
  public async field(name: string, ...words: string[]): Promise<string | undefined> {
    const line = (await this.command(...words)).split(/\r?\n/).find(text => text.startsWith(`${name}:`));
    return line?.slice(name.length + 1);
  }

  /** What start.sh said, in all starts since the folder was new. */
  public get startLog(): string {
    return readFileSync(join(this.directory, 'start.log'), 'utf8');
  }

  private startAsPod(pod: Record<string, string>, args: string[]): ChildProcess {
    const lines = args.map(word => word.startsWith('--') ? `\n${word.slice(2)}` : ` "${word}"`).join('');
    const config = join(this.directory, 'redis.conf');
    writeFileSync(config, lines.replaceAll(/"([\w.-]+)"/g, '$1'));
    const log = openSync(join(this.directory, 'start.log'), 'a');
    const environment = { PATH: process.env.PATH, NAMESPACE: 'test', DATA_FOLDER: this.directory, USERS_FILE: '/nowhere', ...pod };
    const child = spawn('sh', [START, 'redis-server', config, '--cluster-announce-ip', this.address], {
      env: environment, stdio: ['ignore', log, log], uid: this.options.user, gid: this.options.user,
    });
    closeSync(log);
    return child;
  }

  private listens(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = createConnection(this.port, this.address);
      socket.once('connect', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
  }
}

/** So many nodes at 127.0.SUBNET.1 and on, all started. */
export async function startNodes(count: number, subnet: number, port: number, args: string[] = []): Promise<RedisNode[]> {
  const nodes = Array.from({ length: count }, (_, index) =>
    new RedisNode({ address: `127.0.${subnet}.${index + 1}`, port, arguments: args }));
  await Promise.all(nodes.map(node => node.start()));
  return nodes;
}
