import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(__dirname, '..', '..');
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

test('nothing imports across layers of tests, and what they share imports none of them', () => {
  const layers = ['test/unit/', 'test/scripts/', 'test/e2e/', 'bench/'];
  const layerOf = (file: string) => layers.find(layer => file.startsWith(layer)) ?? 'what they share';
  const files = ['test', 'bench'].flatMap(filesOf);
  expect(new Set(files.map(layerOf)).size).toBe(layers.length + 1);
  expect(files.flatMap(file => neighboursOf(file).filter(neighbour => layers.includes(layerOf(neighbour)) && layerOf(neighbour) !== layerOf(file))
    .map(neighbour => `${file} -> ${neighbour}`))).toEqual([]);
});

test('there is one tree of tests, with one folder of what they share', () => {
  const foldersOf = (folder: string) => readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'node_modules').map(({ name }) => name);
  expect(foldersOf('test').sort()).toEqual(['e2e', 'scripts', 'support', 'unit']);
  expect(foldersOf('.').flatMap(filesOf).filter(file => file.endsWith('.test.ts') && !/^test\/(unit|scripts|e2e)\//.test(file))).toEqual([]);
});
