import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksum } from './checksum';
import { packageFolder } from '../kubernetes/package-folder';

/** Whose containers run a script, or a script that reads it. */
export type Runner = 'pods' | 'job' | 'backup' | 'restore';

/** Every script of `assets/`, and who needs it: the StatefulSet's pods, the init Job, what takes backups, or what loads them. */
const RUNNERS: Record<string, readonly Runner[]> = {
  'backup-bucket.sh': ['backup', 'restore'],
  'backup-files.sh': ['backup', 'restore'],
  'backup-load.sh': ['restore'],
  'backup.awk': ['backup'],
  'backup.sh': ['backup'],
  'cluster-init.sh': ['job'],
  'cluster-plan.awk': ['job'],
  'cluster-roles.awk': ['job'],
  'cluster-slots.awk': ['job'],
  'cluster-state.awk': ['job'],
  'common.sh': ['pods', 'job', 'backup', 'restore'],
  'handover.awk': ['pods'],
  'handover.sh': ['pods'],
  'heal.awk': ['pods'],
  'heal.sh': ['pods'],
  'move-slots.awk': ['job'],
  'move-slots.sh': ['job'],
  'nodes.awk': ['pods', 'job', 'backup'],
  'probe.sh': ['pods'],
  'readiness.awk': ['pods'],
  'rules.awk': ['pods', 'job', 'backup'],
  'start.awk': ['pods'],
  'start.sh': ['pods'],
  'upgrade.awk': ['pods'],
  'watch-pods.sh': ['job'],
};

const folder = packageFolder('assets');
const read = new Map<string, string>();
const sums = new Map<Runner, string>();

/** The scripts that the runners need, as the data of a ConfigMap. */
export function scripts(...runners: Runner[]): Record<string, string> {
  const names = Object.keys(RUNNERS).filter(name => RUNNERS[name].some(runner => runners.includes(runner)));
  return Object.fromEntries(names.map(name => [name, script(name)]));
}

/** Changes with what a runner runs, and with no other script of the ConfigMap. */
export function scriptsChecksum(runner: Runner): string {
  const sum = sums.get(runner) ?? checksum(scripts(runner));
  sums.set(runner, sum);
  return sum;
}

/** Each file is read once, however many clusters an app has. */
function script(name: string): string {
  const text = read.get(name) ?? readFileSync(join(folder, name), 'utf8');
  read.set(name, text);
  return text;
}
