import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LibraryCopy, run } from '../support/packages/packed-library';
import { objectsOf, readFiles, runExample } from '../support/pages/examples';
import { codeBlocks } from '../support/pages/markdown';

const root = join(__dirname, '..', '..');

/** The packages for other languages than TypeScript: that of Python as its users install it; `full/` has those that take longer. */
let library: LibraryCopy;

beforeAll(() => {
  library = new LibraryCopy();
});

afterAll(() => library.remove());

test('no name is a reserved word of a language, but for those that it writes with a capital letter', () => {
  const words = [...library.compilerOutput.matchAll(/"(\w+)" is a reserved word in (\S+)\. /g)].map(([, word, language]) => `${word} in ${language}`);
  expect([...new Set(words)].sort()).toEqual(['namespace in C#', 'operator in C#']);
});

test('every example in a docstring or the README compiles, and can be translated', () => {
  library.tool('jsii-rosetta', 'extract', '--strict', '.jsii');
});

describe('the wheel, installed by pip', () => {
  let outdir: string;
  const python = (...args: string[]) => run(library.folder, join(library.folder, 'venv', 'bin', 'python'), args, { CDK8S_OUTDIR: outdir });

  beforeAll(() => {
    outdir = join(library.folder, 'yaml');
    const artifacts = library.pack('python');
    const wheel = readdirSync(artifacts).find(file => file.endsWith('.whl'))!;
    run(library.folder, 'python3', ['-m', 'venv', 'venv']);
    python('-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', join(artifacts, wheel));
  });

  beforeEach(() => rmSync(outdir, { recursive: true, force: true }));

  test('writes the same bytes for the example `sessions`', () => {
    python(join(root, 'examples', 'sessions', 'main.py'));
    expect(readFiles(outdir)).toEqual(runExample('sessions'));
  });

  const page = join(root, 'docs', 'languages.md');
  test.each(codeBlocks(page, 'python').map(({ code, line }) => [line, code] as const))('runs line %i of docs/languages.md', (_, code) => {
    python('-c', code);
    expect(objectsOf(readFiles(outdir)).map(({ kind }) => kind)).toContain('StatefulSet');
  });

  test('raises the error that TypeScript throws', () => {
    const code = 'from cdk8s import App\nfrom cdk8s_redis_cluster import RedisClusterChart\n'
      + 'try:\n  RedisClusterChart(App(), "a", masters=2)\nexcept RuntimeError as error:\n  print(error)';
    expect(python('-c', code)).toMatch(/^\[a\/Cluster\] 'masters' must be a whole number from 3 to 1000, got 2; /);
  });
});
