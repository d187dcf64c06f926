import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LibraryCopy, run } from './support/packed-library';
import { readFiles, runExample } from '../test/support/examples';

/** The packages for other languages than TypeScript: that of Python as its users install it; `full/` has those that take longer. */
let library: LibraryCopy;

beforeAll(() => {
  library = new LibraryCopy();
});

afterAll(() => library.remove());

test('every example in a docstring or the README compiles, and can be translated', () => {
  library.tool('jsii-rosetta', 'extract', '--strict', '.jsii');
});

test('the example `sessions` in Python writes the same bytes', () => {
  const artifacts = library.pack('python');
  const wheel = readdirSync(artifacts).find(file => file.endsWith('.whl'))!;
  const python = join(library.folder, 'venv', 'bin', 'python');
  run(library.folder, 'python3', ['-m', 'venv', 'venv']);
  run(library.folder, python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', join(artifacts, wheel)]);

  const outdir = join(library.folder, 'yaml');
  run(library.folder, python, [join(__dirname, '..', 'examples', 'sessions', 'main.py')], { CDK8S_OUTDIR: outdir });

  expect(readFiles(outdir)).toEqual(runExample('sessions'));
});
