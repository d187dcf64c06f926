import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { codeBlocks } from './support/markdown';
import { propsTable } from './support/props-table';

const root = join(__dirname, '..');
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map(file => `docs/${file}`)].filter(file => file.endsWith('.md'));
const examples = pages.flatMap(page => codeBlocks(join(root, page), 'ts').map(block => [`${page}:${block.line}`, block.code] as const));

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
  const folder = mkdtempSync(join(root, 'test', 'examples-'));
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

  test.each(examples)('%s synthesizes, and there is nothing to warn about', (_, code) => {
    const outdir = mkdtempSync(join(tmpdir(), 'example-'));
    const file = join(folder, 'run.ts');
    writeFileSync(file, code.replaceAll("'cdk8s-redis-cluster'", "'../../src'"));
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: root, env: { ...process.env, CDK8S_OUTDIR: outdir }, encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(readdirSync(outdir).length).toBeGreaterThan(0);
    rmSync(outdir, { recursive: true });
  });
});

test('every file that the pages link to exists', () => {
  const links = pages.flatMap(page => [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
    .map(([, target]) => join(root, page, '..', target)));
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) {
    expect(() => readFileSync(link)).not.toThrow();
  }
});

test.each([
  ['cluster/redis-cluster-props.ts', 'RedisClusterProps'],
  ['init-job/cluster-init-job-props.ts', 'ClusterInitJobOptions'],
])('the README has the props of %s with their defaults', (file, name) => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(propsTable(file, name));
});
