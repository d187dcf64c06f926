import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLibrary } from '../support/packages/packed';
import { codeBlocks } from '../support/pages/markdown';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const run = (cwd: string, program: string, ...args: string[]) => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
afterAll(() => rmSync(folder, { recursive: true }));

let archive: string;
let listed: string[];

beforeAll(() => {
  ({ archive, files: listed } = packLibrary(folder));
}, 120_000);

test('the package holds what it runs on, and nothing else', () => {
  expect(listed).toEqual(expect.arrayContaining([
    'lib/index.js', 'lib/src/index.d.ts', '.jsii', 'LICENSE', 'README.md', 'assets/cluster-init.sh', 'dashboards/redis-cluster.json',
  ]));
  expect(listed.filter(path => path.endsWith('.js'))).toEqual(['lib/index.js']);
  expect(listed.filter(path => !/^(lib|assets|dashboards)\/|^(\.jsii|API\.md|CHANGELOG\.md|LICENSE|README(\.ko)?\.md|package\.json)$/.test(path))).toEqual([]);
});

test('no class of a cdk8s-plus line is in a public signature, where another line would have to fit', () => {
  const { types } = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
  expect(Object.keys(types)).toContain('cdk8s-redis-cluster.RedisCluster');
  expect(JSON.stringify(types)).not.toMatch(/"cdk8s-plus-/);
});

test.each([
  ['the newest peers', ['cdk8s', 'cdk8s-plus-28', 'constructs']],
  ['the oldest supported peers', ['cdk8s@2.68.12', 'cdk8s-plus-28@2.5.6', 'constructs@10.3.0']],
])('the example of the README compiles and synthesizes in an empty project with %s', (title, peers) => {
  const project = join(folder, title.replaceAll(' ', '-'));
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(join(project, 'main.ts'), codeBlocks(join(root, 'README.md'), 'ts')[0].code);
  run(project, 'npm', 'install', '--no-audit', '--no-fund', archive, ...peers, 'typescript@~6.0.3', '@types/node@20');
  run(project, 'npx', 'tsc', '--strict', '--module', 'node16', '--target', 'es2022', '--types', 'node', 'main.ts');
  run(project, 'node', 'main.js');
  run(project, 'node', '--input-type=module', '--eval', "import { RedisCluster, RedisClusterApp } from 'cdk8s-redis-cluster'; new RedisClusterApp()");
  expect(readdirSync(join(project, 'dist'))).toEqual(['configmap.yaml', 'redis-cluster-init.yaml', 'scripts.yaml', 'service.yaml', 'statefulset.yaml']);
}, 180_000);
