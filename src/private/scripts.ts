import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `assets/` of the package, seen from src/private/ and, compiled, from lib/src/private/. */
const folder = ['../../assets', '../../../assets'].map(path => join(__dirname, path)).find(existsSync)!;

/** What the init Job's containers run, and what that reads. */
export const INIT_JOB_SCRIPTS = [
  'cluster-groups.awk', 'cluster-init.sh', 'cluster-outcome.awk', 'cluster-placement.awk', 'cluster-plan.awk', 'cluster-roles.awk',
  'cluster-slots.awk', 'cluster-state.awk', 'common.sh', 'list-pods.sh', 'table.awk',
];

/** What the containers of the StatefulSet's pods run, and what that reads. */
export const POD_SCRIPTS = [
  'common.sh', 'handover.sh', 'heal.awk', 'heal.sh', 'nodes.awk', 'probe.sh', 'readiness.awk', 'replicas.awk', 'rules.awk', 'start.awk', 'start.sh',
  'table.awk',
];

const read = new Map<string, string>();

/** The named scripts of `assets/`, as the data of a ConfigMap. */
export function scripts(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, script(name)]));
}

/** Each file is read once, however many clusters an app has. */
function script(name: string): string {
  const text = read.get(name) ?? readFileSync(join(folder, name), 'utf8');
  read.set(name, text);
  return text;
}

/** A short fingerprint of a ConfigMap's data: the same whatever the order of its keys. */
export function checksum(data: Record<string, string>): string {
  const sorted = Object.keys(data).sort().map(key => [key, data[key]]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
