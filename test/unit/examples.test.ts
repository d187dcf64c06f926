import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committed, committedFolder, examples, Files, objectsOf, readFiles, runExample } from '../support/pages/examples';
import { codeBlocks, tableBelow } from '../support/pages/markdown';

/**
 * What the library renders, as a user sees it: `npm run test:update` writes the YAML of each example anew, to be reviewed. The
 * scripts are compared in `dist/` alone.
 */
const root = join(__dirname, '..', '..');
const isUpdate = process.env.GOLDEN === 'update';
const script = (file: string) => readFileSync(join(root, 'assets', file), 'utf8');

describe.each(examples)('%s', name => {
  const printed: unknown[] = [];
  let files: Files;

  beforeAll(() => {
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(text => printed.push(text) > 0),
      jest.spyOn(process.stderr, 'write').mockImplementation(text => printed.push(text) > 0),
      ...(['log', 'info', 'warn', 'error'] as const).map(level => jest.spyOn(console, level).mockImplementation((...line) => void printed.push(line))),
    ];
    files = runExample(name);
    spies.forEach(spy => spy.mockRestore());
  });

  test('writes what was reviewed', () => {
    const expected = committed(name, files);
    const folder = committedFolder(name);
    if (isUpdate && name !== 'default') { // `npx projen synth` writes that one
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      Object.entries(expected).forEach(([file, content]) => writeFileSync(join(folder, file), content));
    }
    expect(expected).toEqual(readFiles(folder));
  });

  test('prints nothing: there is nothing to warn about', () => {
    expect(printed).toEqual([]);
  });

  test('has the scripts of assets/', () => {
    const own = objectsOf({ scripts: files['scripts.yaml'] });
    expect(own.length).toBeGreaterThan(0);
    own.forEach(({ data }) => Object.entries(data).forEach(([file, text]) => expect([file, text]).toEqual([file, script(file)])));
  });

  test('is short, and begins with what it is for', () => {
    const source = readFileSync(join(root, 'examples', name, 'main.ts'), 'utf8');
    expect(source).toMatch(/^\/\*\*[^]+?\*\/\nimport /);
    expect(source.split('\n').length).toBeLessThanOrEqual(45);
  });
});

test('the table of the README has every example', () => {
  const linked = tableBelow(join(root, 'README.md'), '## Examples').map(([link]) => /^\[`(.+)`\]\(examples\/\1\/main\.ts\)$/.exec(link)?.[1]);
  expect(linked.sort()).toEqual([...examples].sort());
});

test('the first TypeScript block of the README is the example `sessions`', () => {
  const [, ...source] = readFileSync(join(root, 'examples', 'sessions', 'main.ts'), 'utf8').split('\n');
  expect(codeBlocks(join(root, 'README.md'), 'ts')[0].code).toBe(source.join('\n'));
});

test('the fleet is a hundred clusters', () => {
  expect(readFiles(committedFolder('fleet'))['clusters.txt'].trimEnd().split('\n')).toHaveLength(100);
});
