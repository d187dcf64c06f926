import { ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { SHELLS } from '../support/servers/shells';

const script = join(__dirname, '..', '..', 'assets', 'watch-pods.sh');

/** watch-pods.sh on a kubectl that prints what a test tells it to, and goes on until it is killed or told to fail. */
class Watch {
  public readonly folder = mkdtempSync(join(tmpdir(), 'watch-pods-'));
  public output = '';
  private process?: ChildProcess;

  constructor() {
    writeFileSync(this.file('kubectl'), `#!/bin/sh
      echo "$*" >> '${this.file('calls')}'
      tail -f -n +1 '${this.file('events')}' & trap "kill $!; exit 1" TERM
      while sleep 0.1; do
        [ ! -e '${this.file('errors')}' ] || { kill $!; cat '${this.file('errors')}' >&2; exit 1; }
      done
    `);
    chmodSync(this.file('kubectl'), 0o755);
    writeFileSync(this.file('events'), '');
  }

  public file(name: string): string {
    return join(this.folder, name);
  }

  /** A line as the custom columns have it. */
  public tell(line: string): void {
    appendFileSync(this.file('events'), `${line}\n`);
  }

  public start(path = process.env.PATH, shell = 'dash'): void {
    this.process = spawn(shell, [script], {
      env: { PATH: `${this.folder}:${path}`, PODS_FILE: this.file('pods'), DONE_FILE: this.file('done') },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.process.stdout!.on('data', chunk => { this.output += chunk; });
    this.process.stderr!.on('data', chunk => { this.output += chunk; });
  }

  public get calls(): string[] {
    return readFileSync(this.file('calls'), 'utf8').trim().split('\n');
  }

  public get running(): boolean {
    return this.process!.exitCode === null;
  }

  /** Creates the file that says that the cluster is complete; returns the exit code. */
  public async finish(): Promise<number | null> {
    writeFileSync(this.file('done'), '');
    await eventually('watch-pods.sh ends', async () => !this.running, 1);
    return this.process!.exitCode;
  }

  /** Ends what it started too, as the end of a container does. */
  public remove(): void {
    process.kill(-this.process!.pid!, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  public async writes(expected: string[]): Promise<void> {
    const written = () => existsSync(this.file('pods')) ? readFileSync(this.file('pods'), 'utf8').split('\n').filter(Boolean) : [];
    await eventually('the file of pods', async () => written().join() === expected.join(), 5).catch(() => expect(written()).toEqual(expected));
  }

  public async says(text: string): Promise<void> {
    await eventually(`it says ${text}`, async () => this.output.includes(text), 5).catch(() => expect(this.output).toContain(text));
  }
}

let watch: Watch;

beforeEach(() => {
  watch = new Watch();
});
afterEach(() => watch.remove());

test.each(SHELLS)('writes every change of the pods of the namespace, until the cluster is complete (%s)', async (_, { PATH }, shell) => {
  const [pending, running] = ['redis-cluster-0   Pending   <none>   node1   <none>', 'redis-cluster-0   Running   10.0.0.1   node1   <none>'];
  watch.tell(pending);
  watch.start(PATH, shell);
  await watch.writes([pending]);

  watch.tell(running);

  await watch.writes([pending, running]);
  expect(watch.calls).toEqual([expect.stringMatching(/^get pods --watch --no-headers -o custom-columns=NAME:\.metadata\.name,PHASE:/)]);
  expect(watch.running).toBe(true);
  expect(await watch.finish()).toBe(0);
});

test('says once why kubectl fails, keeps what it knew, and goes on', async () => {
  const [before, after] = ['redis-cluster-0 Running 10.0.0.1 node1 <none>', 'redis-cluster-0 Running 10.0.0.8 node1 <none>'];
  watch.tell(before);
  watch.start();
  await watch.writes([before]);
  const message = 'Error from server (Forbidden): pods "redis-cluster-0" is forbidden: User "me" cannot get resource "pods"';

  writeFileSync(watch.file('errors'), `${message}\nand the same for others\n`);
  await watch.says(`cannot read the pods, trying again: ${message}\n`);
  const attempts = watch.calls.length;
  await eventually('two more attempts', async () => watch.calls.length >= attempts + 2);
  expect(watch.output.split('Forbidden').length).toBe(2);

  watch.tell(after);
  rmSync(watch.file('errors'));
  await eventually('the file ends with the present state', async () => readFileSync(watch.file('pods'), 'utf8').endsWith(`${before}\n${after}\n`), 5);
});

test('ends at once when the cluster is complete already', async () => {
  watch.start();

  expect(await watch.finish()).toBe(0);
});
