import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

/** Compiles the library and packs it as npm would publish it: the archive, and the paths of the files in it. */
export function packLibrary(folder: string): { readonly archive: string; readonly files: string[] } {
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  run('npx', 'projen', 'compile');
  const [{ filename, files }] = JSON.parse(run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  return { archive: join(folder, filename), files: files.map(({ path }: { path: string }) => path) };
}
