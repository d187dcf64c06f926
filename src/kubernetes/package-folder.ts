import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of the package, seen from lib/index.js, a file of src/ and, compiled, one of lib/src/. */
export function packageFolder(name: string): string {
  return ['..', '../..', '../../..'].map(path => join(__dirname, path, name)).find(existsSync)!;
}
