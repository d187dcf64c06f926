import { ApiObject } from 'cdk8s';

/** cdk8s holds any ApiObject to be an instance of a subclass, so that a subclass could not be told from others. */
const files = new WeakMap<ApiObject, string>();

/** Has a `RedisClusterApp` write an object to a file of this name, not to that of its kind. */
export function putInFile(object: ApiObject, file: string): void {
  files.set(object, file);
}

export function ownFileOf(object: ApiObject): string | undefined {
  return files.get(object);
}
