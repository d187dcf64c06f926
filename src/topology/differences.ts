/** A field that two versions of an object do not have in common; undefined where one of them lacks it. */
export interface Difference {
  readonly path: readonly string[];
  readonly former: unknown;
  readonly next: unknown;
}

/** All fields that differ, as deep as they are. What is null is not there, as for the API server. */
export function differences(former: unknown, next: unknown, path: readonly string[] = []): Difference[] {
  const [before, after] = [members(former), members(next)];
  if (!before || !after || former instanceof Array !== next instanceof Array) {
    return JSON.stringify(former ?? null) === JSON.stringify(next ?? null) ? [] : [{ path, former: former ?? undefined, next: next ?? undefined }];
  }
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const found = names.flatMap(name => differences(before.get(name), after.get(name), [...path, name]));
  return found.length === 0 && former instanceof Array && next instanceof Array && String([...before.keys()]) !== String([...after.keys()])
    ? [{ path, former: [...before.keys()], next: [...after.keys()] }] : found;
}

/** The parts of an object or list by which they are told apart: containers, variables and volumes by their names. */
function members(value: unknown): Map<string, unknown> | undefined {
  if (value instanceof Array) {
    const names = value.map(each => each?.name ?? each?.metadata?.name);
    const areNames = names.every(name => typeof name === 'string') && new Set(names).size === names.length;
    return new Map(value.map((each, index) => [areNames ? names[index] : String(index), each]));
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

/** `spec.template.spec.containers[redis].image` */
export function fieldName(path: readonly string[]): string {
  return path.map((name, index) => /^[A-Za-z]\w*$/.test(name) && !isMember(path, index) ? `${index === 0 ? '' : '.'}${name}` : `[${name}]`).join('');
}

/** Whether a part is one of a list: they have names of the users, among which any may look like that of a field. */
function isMember(path: readonly string[], index: number): boolean {
  return ['containers', 'initContainers', 'env', 'volumes', 'volumeMounts', 'volumeClaimTemplates', 'ports'].includes(path[index - 1]);
}
