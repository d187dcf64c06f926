import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(__dirname, '..');
const filesOf = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts')).map(file => join(folder, file));
const importsOf = (file: string) => [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export) [^;]*? from '([^']+)';$/gm)];
/** The files of this project that a file imports. */
const neighboursOf = (file: string) => importsOf(file).map(([, from]) => from).filter(from => from.startsWith('.'))
  .map(from => `${relative(root, resolve(root, dirname(file), from))}.ts`);

test('of cdk8s-plus only the types are used, and only by the module that has them for all others', () => {
  const found = filesOf('src').flatMap(file => importsOf(file).filter(([, from]) => from.startsWith('cdk8s-plus')).map(([line]) => `${file}: ${line}`));
  expect(found).toEqual(["src/kubernetes/objects.ts: import type { k8s } from 'cdk8s-plus-28';"]);
});

test('no file imports one that imports it', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    } else if (file.startsWith('src/') && !done.has(file)) {
      neighboursOf(file).forEach(neighbour => visit(neighbour, [...path, file]));
      done.add(file);
    }
  };
  filesOf('src').forEach(file => visit(file, []));
  expect(circles).toEqual([]);
  expect(done.size).toBeGreaterThan(60);
});

test('layers of tests share test/support, and nothing else', () => {
  const layers = ['test', 'script-test', 'e2e', 'bench'];
  const found = layers.flatMap(layer => filesOf(layer).flatMap(file => neighboursOf(file)
    .filter(neighbour => layers.some(other => other !== layer && neighbour.startsWith(`${other}/`)) && !neighbour.startsWith('test/support/'))
    .map(neighbour => `${file} -> ${neighbour}`)));
  expect(found).toEqual([]);
});
