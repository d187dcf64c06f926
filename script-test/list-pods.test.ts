import { ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busybox } from './support/busybox';
import { eventually } from './support/eventually';

const script = join(__dirname, '..', 'assets', 'list-pods.sh');

/** list-pods.sh on a kubectl that prints what a test tells it to. */
class Listing {
  public readonly folder = mkdtempSync(join(tmpdir(), 'list-pods-'));
  public readonly nodesFile = join(this.folder, 'nodes.txt');
  public output = '';
  private process?: ChildProcess;

  constructor(private readonly shape: { masters: number; replicasPerMaster: number }) {
    writeFileSync(join(this.folder, 'kubectl'), `#!/bin/sh
      echo "$*" >> '${this.folder}/calls'
      if [ -e '${this.folder}/errors' ]; then
        cat '${this.folder}/errors' >&2
        exit 1
      fi
      cat '${this.folder}/pods'
    `);
    chmodSync(join(this.folder, 'kubectl'), 0o755);
    this.answer([]);
  }

  /** Lines of NAME PHASE ADDRESS NODE DELETED, as custom columns print them. */
  public answer(lines: string[]): void {
    rmSync(join(this.folder, 'errors'), { force: true });
    writeFileSync(join(this.folder, 'pods'), lines.map(line => `${line}\n`).join(''));
  }

  public fail(message: string): void {
    writeFileSync(join(this.folder, 'errors'), message);
  }

  public start(path = process.env.PATH, shell = 'dash'): void {
    this.process = spawn(shell, [script], {
      env: {
        PATH: `${this.folder}:${path}`,
        NAME: 'redis-cluster',
        MASTERS: String(this.shape.masters),
        REPLICAS_PER_MASTER: String(this.shape.replicasPerMaster),
        NODES_FILE: this.nodesFile,
        DONE_FILE: join(this.folder, 'done'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.on('data', chunk => { this.output += chunk; });
    this.process.stderr!.on('data', chunk => { this.output += chunk; });
  }

  public get calls(): string[] {
    return readFileSync(join(this.folder, 'calls'), 'utf8').trim().split('\n');
  }

  public get running(): boolean {
    return this.process!.exitCode === null;
  }

  /** Creates the file that says that the cluster is complete; returns the exit code. */
  public async finish(): Promise<number | null> {
    writeFileSync(join(this.folder, 'done'), '');
    await eventually('list-pods.sh ends', async () => !this.running);
    return this.process!.exitCode;
  }

  public remove(): void {
    this.process?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  public async writes(expected: string[]): Promise<void> {
    let found = '';
    const text = expected.map(line => `${line}\n`).join('');
    await eventually('the file of nodes', async () => {
      found = existsSync(this.nodesFile) ? readFileSync(this.nodesFile, 'utf8') : '';
      return found === text;
    }, 5).catch(() => expect(found).toBe(text));
  }

  public async says(text: string): Promise<void> {
    await eventually(`it says ${text}`, async () => this.output.includes(text), 5).catch(() => expect(this.output).toContain(text));
  }
}

let listing: Listing;

afterEach(() => listing.remove());

describe('list-pods.sh', () => {
  test.each([
    ['dash', process.env.PATH!],
    ['sh', busybox()],
  ])('writes the pods by their ordinals, not in the order of kubectl (%s)', async (shell, path) => {
    listing = new Listing({ masters: 3, replicasPerMaster: 3 });
    listing.answer([0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9].map(pod => `redis-cluster-${pod}   Running   10.0.0.${pod}   node${pod % 3}   <none>`));

    listing.start(path, shell);

    await listing.writes(Array.from({ length: 12 }, (_, pod) => `${pod} 10.0.0.${pod} node${pod % 3}`));
    await listing.says('12 of 12 pods run and have an address\n');
  });

  test('asks once for all pods of the namespace, whatever their labels, and takes its own by their names', async () => {
    listing = new Listing({ masters: 3, replicasPerMaster: 0 });
    listing.answer(['app-redis-cluster-1', 'redis-cluster-1', 'redis-cluster-10', 'redis-cluster-init-abcde', 'redis-cluster-3']
      .map((pod, index) => `${pod} Running 10.0.0.${index} node1 <none>`));

    listing.start();

    await listing.writes(['0 - -', '1 10.0.0.1 node1', '2 - -']);
    expect(listing.calls[0]).toMatch(/^get pods --no-headers -o /);
  });

  test('leaves out the address of a pod that does not run, or not for long', async () => {
    listing = new Listing({ masters: 3, replicasPerMaster: 1 });
    listing.answer([
      'redis-cluster-0 Running 10.0.0.1 node1 <none>',
      'redis-cluster-1 Pending <none> <none> <none>',
      'redis-cluster-2 Pending <none> node2 <none>',
      'redis-cluster-3 Running 10.0.0.4 node1 2026-11-24T05:00:00Z',
      'redis-cluster-5 Failed 10.0.0.6 node3 <none>',
    ]);

    listing.start();

    await listing.writes(['0 10.0.0.1 node1', '1 - -', '2 - node2', '3 - node1', '4 - -', '5 - node3']);
    await listing.says('1 of 6 pods run and have an address\n');
  });

  test('follows changes, and IPv6 addresses, until the cluster is complete', async () => {
    listing = new Listing({ masters: 3, replicasPerMaster: 0 });
    listing.answer(['redis-cluster-0 Running fd00:10:244::5 node1 <none>']);
    listing.start();
    await listing.writes(['0 fd00:10:244::5 node1', '1 - -', '2 - -']);

    listing.answer(['redis-cluster-0 Running fd00:10:244::9 node2 <none>', 'redis-cluster-2 Running fd00:10:244::7 node3 <none>']);

    await listing.writes(['0 fd00:10:244::9 node2', '1 - -', '2 fd00:10:244::7 node3']);
    expect(listing.running).toBe(true);
    expect(await listing.finish()).toBe(0);
  });

  test('says once why kubectl fails, keeps what it knew, and goes on', async () => {
    listing = new Listing({ masters: 3, replicasPerMaster: 0 });
    listing.answer(['redis-cluster-0 Running 10.0.0.1 node1 <none>']);
    listing.start();
    await listing.writes(['0 10.0.0.1 node1', '1 - -', '2 - -']);
    const message = 'Error from server (Forbidden): pods "redis-cluster-0" is forbidden: User "me" cannot get resource "pods"';

    listing.fail(`${message}\nand the same for others\n`);
    await listing.says(`cannot read the pods, trying again: ${message}\n`);
    const attempts = listing.calls.length;
    await eventually('two more attempts', async () => listing.calls.length >= attempts + 2);

    expect(listing.output.split('Forbidden').length).toBe(2);
    await listing.writes(['0 10.0.0.1 node1', '1 - -', '2 - -']);
    listing.answer(['redis-cluster-0 Running 10.0.0.8 node1 <none>']);
    await listing.writes(['0 10.0.0.8 node1', '1 - -', '2 - -']);
  });

  test('ends at once when the cluster is complete already', async () => {
    listing = new Listing({ masters: 3, replicasPerMaster: 0 });
    writeFileSync(join(listing.folder, 'done'), '');

    listing.start();

    expect(await listing.finish()).toBe(0);
    expect(existsSync(join(listing.folder, 'calls'))).toBe(false);
  });
});
