import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisVersion } from '../../../src';
import { eventually } from '../eventually';

const [, family, number] = /(Redis|Valkey) server v=([\d.]+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))!;

/** An image with the version that is on this machine: what is rendered for it, the server here must take. */
export const imageOfThisMachine = `${family.toLowerCase()}:${number}`;
export const versionOfThisMachine = RedisVersion.fromImage(imageOfThisMachine);

export interface ConfiguredServerOptions {
  readonly address: string;
  readonly port: number;
  /** Further words for every call of redis-cli. */
  readonly client?: string[];
}

/** A server that reads a redis.conf as a pod's does, with a data folder of its own. */
export class ConfiguredServer {
  public readonly directory = mkdtempSync(join(tmpdir(), 'redis-config-'));
  private process?: ChildProcess;
  private log = '';

  constructor(private readonly options: ConfiguredServerOptions) {}

  /** Starts it, by a script if one is given, with further arguments, and waits until it answers; throws its log when it stops instead. */
  public async start(redisConf: string, overrides: string[], script: string[] = [], environment: Record<string, string> = {}): Promise<void> {
    const file = join(this.directory, 'redis.conf');
    writeFileSync(file, redisConf);
    const [program, ...args] = [...script, 'redis-server', file, '--dir', this.directory, ...overrides];
    const server = spawn(program, args, { env: { ...process.env, ...environment } });
    this.process = server;
    server.stdout.on('data', chunk => { this.log += chunk; });
    server.stderr.on('data', chunk => { this.log += chunk; });
    await eventually('redis-server answers or stops', async () => server.exitCode !== null || this.command('PING') === 'PONG');
    if (server.exitCode !== null) {
      throw new Error(`redis-server stopped: ${this.log}`);
    }
  }

  public configuration(): Map<string, string> {
    const lines = this.command('CONFIG', 'GET', '*').split('\n');
    return new Map(lines.flatMap((line, index) => index % 2 === 0 ? [[line, lines[index + 1]]] : []));
  }

  /** The reply to one command, as redis-cli prints it. */
  public command(...words: string[]): string {
    const { address, port, client = [] } = this.options;
    const reply = execFileSync('redis-cli', ['-h', address, '-p', String(port), ...client, ...words], { encoding: 'utf8', stdio: 'pipe' });
    return reply.replace(/\n$/, '');
  }

  public async stop(): Promise<void> {
    if (this.process?.exitCode === null) {
      const exited = new Promise(resolve => this.process!.once('exit', resolve));
      this.process.kill('SIGKILL');
      await exited;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
