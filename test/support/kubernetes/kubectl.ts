import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, Result } from '../execute';

/** The kubectl of this machine, bound to one namespace; every call has a deadline. */
export class Kubectl {
  constructor(public readonly namespace: string) {}

  /** Runs to the end, whatever the exit code. */
  public async attempt(args: string[], seconds = 60): Promise<Result> {
    return execute('kubectl', ['--namespace', this.namespace, ...args], process.env, seconds);
  }

  /** Standard output of a call that must succeed. */
  public async run(args: string[], seconds?: number): Promise<string> {
    const result = await this.attempt(args, seconds);
    if (result.code !== 0) {
      throw new Error(`kubectl ${args.join(' ')} ended with ${result.code ?? result.signal}:\n${result.output}`);
    }
    return result.standardOutput;
  }

  public async json<Type>(args: string[], seconds?: number): Promise<Type> {
    return JSON.parse(await this.run([...args, '--output', 'json'], seconds)) as Type;
  }

  public async applyObjects(...items: unknown[]): Promise<void> {
    const file = join(mkdtempSync(join(tmpdir(), 'objects-')), 'objects.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await this.run(['apply', '--filename', file]);
  }

  /** A shell command in the redis container of a pod. */
  public async shell(pod: string, command: string, args: string[] = [], seconds?: number): Promise<string> {
    return this.run(['exec', pod, '--container', 'redis', '--', 'sh', '-c', command, 'sh', ...args], seconds);
  }
}
