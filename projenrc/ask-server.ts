import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Facts } from './version-facts';

const ADDRESS = '127.0.77.1';
const PORT = 7777;

/** What a server knows, by its own words: CONFIG GET *, COMMAND and ACL CAT; and its name, such as `Redis 8.2`. */
export async function askServer(command: string[]): Promise<{ readonly name: string; readonly facts: Facts }> {
  const directory = mkdtempSync(join(tmpdir(), 'redis-facts-'));
  const [program, ...args] = command;
  const server = spawn(program, [...args, '--bind', ADDRESS, '--port', String(PORT), '--dir', directory, '--save', '', '--cluster-enabled', 'yes']);
  const client = new Redis({ host: ADDRESS, port: PORT, retryStrategy: () => server.exitCode === null ? 100 : null });
  client.on('error', () => undefined); // it is not there yet
  try {
    const information = await client.info('server');
    const [, family, version] = (/^(valkey)_version:(\d+\.\d+)/m.exec(information) ?? /^(redis)_version:(\d+\.\d+)/m.exec(information))!;
    const configuration = await client.call('CONFIG', 'GET', '*') as string[];
    return {
      name: `${family === 'valkey' ? 'Valkey' : 'Redis'} ${version}`,
      facts: {
        directives: configuration.filter((_, index) => index % 2 === 0),
        commands: commandNames(await client.call('COMMAND') as Command[]).filter(name => name !== 'host:'),
        categories: await client.call('ACL', 'CAT') as string[],
      },
    };
  } finally {
    client.disconnect();
    const ended = once(server, 'exit');
    if (server.kill('SIGKILL')) {
      await ended; // the next one takes its port
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

type Command = [name: string, ...rest: unknown[]];
const SUBCOMMANDS = 9;

/**
 * Names of commands, and of subcommands as access rules have them (`cluster|slots`), which servers tell from 7.0 on. 6.2 tells of
 * `host:` too, by which it recognizes HTTP.
 */
function commandNames(commands: Command[]): string[] {
  return commands.flatMap(command => [command[0].toLowerCase(), ...commandNames(command[SUBCOMMANDS] as Command[] | undefined ?? [])]);
}
