import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';
import * as ts from 'typescript';
import { anchorsOf, codeBlocks, codeWithoutComments } from '../support/pages/markdown';
import { propsPage } from '../support/pages/props-table';

const root = join(__dirname, '..', '..');
const docs = readdirSync(join(root, 'docs')).filter(file => file.endsWith('.md')).map(file => `docs/${file}`);
const english = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'test/e2e/README.md', ...docs];
const pages = [...english, 'README.ko.md', '.github/SECURITY.md', '.github/pull_request_template.md'];
const examples = english.flatMap(page => codeBlocks(join(root, page), 'ts').map(block => [`${page}:${block.line}`, block.code] as const));

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  esModuleInterop: true,
  types: ['node'],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  paths: { 'cdk8s-redis-cluster': [join(root, 'src', 'index.ts')] },
};

describe('TypeScript examples', () => {
  // In the project, whose packages they import; not where other tests look for files.
  const reports = join(root, 'test-reports');
  mkdirSync(reports, { recursive: true });
  const folder = mkdtempSync(join(reports, 'examples-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('compile as they stand', () => {
    const files = examples.map(([, code], index) => {
      const file = join(folder, `example-${index}.ts`);
      writeFileSync(file, code);
      return file;
    });
    const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map(diagnostic => {
      const place = examples[files.indexOf(diagnostic.file?.fileName ?? '')]?.[0] ?? diagnostic.file?.fileName;
      return `${place}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`;
    });
    expect(problems).toEqual([]);
  });

  /** One file for all examples: each process loads a hundred files of its own otherwise. */
  beforeAll(() => {
    buildSync({ entryPoints: [join(root, 'src', 'index.ts')], bundle: true, platform: 'node', packages: 'external', outfile: join(folder, 'library.js') });
  });

  test.each(examples)('%s synthesizes, and there is nothing to warn about', (_, code) => {
    const outdir = mkdtempSync(join(tmpdir(), 'example-'));
    const file = join(folder, 'run.js');
    writeFileSync(file, transformSync(code.replaceAll("'cdk8s-redis-cluster'", "'./library'"), { loader: 'ts', format: 'cjs' }).code);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], { cwd: root, env: { ...process.env, CDK8S_OUTDIR: outdir }, encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(readdirSync(outdir).length).toBeGreaterThan(0);
    rmSync(outdir, { recursive: true });
  });
});

describe('links', () => {
  const links = pages.flatMap(page => [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    .map(([, file, anchor]) => ({ page, target: file === '' ? page : join(page, '..', file), anchor })));

  test('lead to files and headings that exist', () => {
    expect(links.length).toBeGreaterThan(0);
    const leads = (target: string, anchor?: string) => existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
    expect(links.filter(({ target, anchor }) => !leads(join(root, target), anchor))).toEqual([]);
  });

  test('lead to every page of docs/', () => {
    expect(docs.filter(page => !links.some(({ target }) => target === page))).toEqual([]);
  });
});

test('the tests that the README names exist', () => {
  const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, file]) => file);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(file => !existsSync(join(root, file)))).toEqual([]);
});

test('README.ko.md has the code of README.md, with comments of its own', () => {
  expect(codeWithoutComments(join(root, 'README.ko.md'))).toEqual(codeWithoutComments(join(root, 'README.md')));
});

test('docs/props.md has the props with their defaults; `npm run test:update` writes it anew', () => {
  const file = join(root, 'docs', 'props.md');
  const page = propsPage();
  if (process.env.GOLDEN === 'update') {
    writeFileSync(file, page);
  }
  expect(readFileSync(file, 'utf8')).toBe(page);
});
