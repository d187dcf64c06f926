import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and error, in the order they came. */
  readonly output: string;
  /** Standard output alone, for programs whose output is parsed. */
  readonly standardOutput: string;
}

/** Runs a program to its end, or until the deadline kills it and all that it started. */
export function execute(program: string, args: string[], environment: NodeJS.ProcessEnv = process.env, seconds = 100): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let standardOutput = '';
    const deadline = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), seconds * 1000);
    child.stdout.setEncoding('utf8').on('data', chunk => { output += chunk; standardOutput += chunk; });
    child.stderr.setEncoding('utf8').on('data', chunk => { output += chunk; });
    child.once('error', error => {
      clearTimeout(deadline);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      resolve({ code, signal, output, standardOutput });
    });
  });
}

const assets = join(__dirname, '..', '..', 'assets');

/** Runs one of the library's scripts with the shell that a test names, dash unless told. */
export function runScript(name: string, environment: Record<string, string>, shell = 'dash', seconds?: number): Promise<Result> {
  return execute(shell, [join(assets, name)], { PATH: process.env.PATH, ...environment }, seconds);
}
