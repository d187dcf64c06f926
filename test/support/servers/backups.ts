import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisNode } from './redis-node';
import { writtenShape } from './shape-file';
import { execute, Result, runScript } from '../execute';

const load = join(__dirname, '..', '..', '..', 'assets', 'backup-load.sh');

/** A line of the manifest. */
export interface Shard {
  readonly file: string;
  readonly slots: string;
  readonly keys: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly rdb: number;
  readonly server: string;
  readonly offset: number;
  readonly master: string;
}

export interface Manifest {
  readonly format: number;
  readonly time: string;
  readonly cluster: string;
  readonly seconds: number;
  readonly count: number;
  readonly shards: Shard[];
}

/** Runs backup.sh on a cluster that these nodes are of, as its container does, with a claim for its folder. */
export function backUp(nodes: RedisNode[], folder: string, environment: Record<string, string> = {}, shell = 'dash'): Promise<Result> {
  return runScript('backup.sh', {
    NAME: 'sessions', HOST: nodes[0].address, PORT: String(nodes[0].port), FOLDER: folder, KEEP: '7', TMPDIR: folder, SETTLED: '0', ...environment,
  }, shell);
}

/** The backups that look complete, from the oldest on. */
export function backups(folder: string): string[] {
  const all = join(folder, 'sessions');
  return existsSync(all) ? readdirSync(all).filter(name => existsSync(join(all, name, 'manifest.json'))).sort() : [];
}

/** The manifest of the only backup; its files are what it says. */
export function onlyBackup(folder: string): Manifest {
  const [name, ...others] = backups(folder);
  expect(others).toEqual([]);
  const read = (file: string) => readFileSync(join(folder, 'sessions', name, file));
  const manifest: Manifest = JSON.parse(read('manifest.json').toString());
  expect(manifest.shards.map(({ file, bytes, sha256 }) => [file, bytes, sha256])).toEqual(manifest.shards.map(({ file }) =>
    [file, read(file).length, createHash('sha256').update(read(file)).digest('hex')]));
  return manifest;
}

/** Runs backup-load.sh restore for a pod of the cluster `restored`, as its init container does. */
export function restore(folder: string, time: string, pod: RedisNode, number: number, environment: Record<string, string> = {}, shell = 'dash'): Promise<Result> {
  return execute(shell, [load, 'restore'], {
    PATH: process.env.PATH,
    NAME: 'sessions',
    TIME: time,
    FOLDER: folder,
    TMPDIR: folder,
    DATA_FOLDER: pod.directory,
    PORT: String(pod.port),
    POD_NAME: `restored-${number}`,
    PEERS: pod.address,
    SHAPE: writtenShape(),
    ...environment,
  });
}

/** Runs backup-load.sh drill on the newest backup. */
export function drill(folder: string, port: number, environment: Record<string, string> = {}, shell = 'dash'): Promise<Result> {
  return execute(shell, [load, 'drill'], { PATH: process.env.PATH, NAME: 'sessions', FOLDER: folder, TMPDIR: folder, PORT: String(port), ...environment });
}
