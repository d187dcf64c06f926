import { Difference, fieldName } from './differences';
import { code, listed } from './markdown';
import { Manifest } from '../kubernetes/manifest';

/** An object that is written over the former one. */
export interface Change {
  readonly former: Manifest;
  readonly next: Manifest;
  readonly differences: Difference[];
}

/** `ConfigMap data/sessions-config` */
export function nameOf({ kind, metadata: { name, namespace } }: Manifest): string {
  return code(`${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`);
}

/** A command of kubectl for an object; undefined if its name, which may be somebody's own, is none that a shell takes as it is. */
export function kubectl(verb: string, resource: string, { metadata: { name, namespace } }: Manifest, ...options: string[]): string | undefined {
  const words = [resource, name, ...namespace === undefined ? [] : ['--namespace', namespace], ...options];
  return words.every(word => /^[\w.:=-]+$/.test(word)) ? code(['kubectl', verb, ...words].join(' ')) : undefined;
}

/** Annotations of pods that stand for what else they start with. */
const CHECKSUMS: Record<string, string> = { 'checksum/config': "redis.conf or the users' rights", 'checksum/scripts': 'scripts that pods run' };

/** Fields with their former and next values, and what checksums stand for. */
export function changedFields(found: readonly Difference[]): string {
  return listed(found.map(({ path, former, next }) => {
    const meaning = CHECKSUMS[path[path.length - 1]];
    const field = code(fieldName(path));
    return meaning !== undefined ? `${meaning} (${field})`
      : former === undefined ? `${field} (new: ${code(next)})`
        : next === undefined ? `${field} (was ${code(former)}, now none)` : `${field} (from ${code(former)} to ${code(next)})`;
  }));
}

/** What becomes another value while the object stays. */
export function changedInPlace({ next }: Pick<Change, 'next'>, found: readonly Difference[]): string[] {
  return found.length > 0 ? [`- **Changes in place**: ${nameOf(next)}, ${changedFields(found)}.`] : [];
}

/** The part of the differences that is in a field of the spec, of which only some may change while the object is there. */
export function refusedFields(found: readonly Difference[], mayChange: readonly string[]): Difference[] {
  return found.filter(({ path: [part, field] }) => part === 'spec' && !mayChange.includes(field));
}
