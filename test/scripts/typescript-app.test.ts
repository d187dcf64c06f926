import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { packLibrary } from '../support/packages/packed';
import { codeBlocks } from '../support/pages/markdown';

/** Every line of cdk8s-plus that there is. */
const LINES = [28, 29, 30, 31, 32, 33, 34];
const KINDS = ['CronJob', 'DaemonSet', 'Deployment', 'Job', 'Pod', 'StatefulSet'];

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'typescript-app-'));
const project = join(folder, 'shop');
const run = (cwd: string, program: string, args: string[], PATH = process.env.PATH) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, PATH } });

/** The library as npm would publish it. */
let archive: string;

/** The line of cdk8s-plus that `cdk8s init` installs. */
let ownLine: number;

/** The project that `cdk8s init` makes; what it runs after that would install it from the network with all that a test needs not. */
function initialize(): void {
  const stub = join(folder, 'bin');
  mkdirSync(stub);
  mkdirSync(project);
  writeFileSync(join(stub, 'npm'), '#!/bin/sh\n');
  chmodSync(join(stub, 'npm'), 0o755);
  run(project, join(root, 'node_modules', '.bin', 'cdk8s'), ['init', 'typescript-app'], `${stub}${delimiter}${process.env.PATH}`);
}

/** Installs the packed library in it, as a user does, and the other lines; of its own tools only those that compile and run it. */
function install(): void {
  const file = join(project, 'package.json');
  const { devDependencies: { 'cdk8s-cli': _cli, 'jest': _jest, 'ts-jest': _tsJest, ...devDependencies }, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...rest, devDependencies }));
  ownLine = LINES.find(line => `cdk8s-plus-${line}` in rest.dependencies)!;
  const others = LINES.filter(line => line !== ownLine).map(line => `cdk8s-plus-${line}`);
  run(project, 'npm', ['install', '--no-audit', '--no-fund', archive, ...others]);
}

/** What a user writes: `consumer/main.ts`, and `consumer/every-line.ts` for each line. */
function writeSources(): void {
  const source = (name: string, line: number) => readFileSync(join(__dirname, 'consumer', name), 'utf8')
    .replace("'../../../src'", "'cdk8s-redis-cluster'").replace("'cdk8s-plus-28'", `'cdk8s-plus-${line}'`);
  writeFileSync(join(project, 'main.ts'), source('main.ts', ownLine));
  LINES.forEach(line => writeFileSync(join(project, `line-${line}.ts`), source('every-line.ts', line)));
}

beforeAll(() => {
  ({ archive } = packLibrary(folder));
  initialize();
  install();
  writeSources();
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('the project of `cdk8s init typescript-app` compiles with the library and with objects of every line in its props', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(devDependencies).toMatchObject({ '@types/node': expect.stringContaining('14'), 'typescript': expect.stringContaining('5.9') });
  run(project, 'npx', ['tsc', '--build']);
});

test('it synthesizes as its cdk8s.yaml says, and grants access', () => {
  expect(readFileSync(join(project, 'cdk8s.yaml'), 'utf8')).toContain('npx ts-node main.ts');
  run(project, 'npx', ['ts-node', 'main.ts']);
  const objects = parseAllDocuments(readFileSync(join(project, 'dist', 'shop.k8s.yaml'), 'utf8')).map(document => document.toJS());
  const of = (kind: string, name: string) => objects.find(object => object.kind === kind && object.metadata.name === name);
  const { spec } = of('Deployment', 'api').spec.template;
  expect(spec.containers[0].env.map(({ name }: any) => name)).toEqual(['REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_CA_FILE']);
  expect(spec.volumes.map(({ name }: any) => name)).toEqual(['redis-ca']);
  expect(objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name.startsWith('sessions-client-'))).toHaveLength(1);
  expect(of('StatefulSet', 'sessions').spec.template.spec.containers[1].resources).toEqual({
    requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '1Gi' },
  });
});

test.each(LINES)('workloads of cdk8s-plus-%i get access, and the NetworkPolicy finds their pods', line => {
  const granted = JSON.parse(run(project, 'node', [`line-${line}.js`]));
  expect(granted.map(({ kind }: any) => kind).sort()).toEqual([...KINDS, ...KINDS.map(kind => `Kube${kind}`)].sort());
  for (const { containers, labels, selector } of granted) {
    expect(containers.length).toBeGreaterThan(0);
    containers.forEach((names: string[]) => expect(names.slice(0, 2)).toEqual(['REDIS_HOST', 'REDIS_PORT']));
    expect(Object.keys(selector.matchLabels).length).toBeGreaterThan(0);
    expect(labels).toMatchObject(selector.matchLabels);
  }
});

test.each(LINES)('the init Job takes a StatefulSet of cdk8s-plus-%i', line => {
  expect(JSON.parse(run(project, 'node', [`line-${line}.js`, 'init-job']))).toEqual({ NAME: 'cache', SERVICE: 'cache-nodes' });
});

test.each([
  ['the newest peers', ['cdk8s', 'cdk8s-plus-28', 'constructs']],
  ['the oldest supported peers', ['cdk8s@2.68.12', 'cdk8s-plus-28@2.5.6', 'constructs@10.3.0']],
])('the example of the README compiles and synthesizes in an empty project with %s', (title, peers) => {
  const empty = join(folder, title.replaceAll(' ', '-'));
  mkdirSync(empty);
  writeFileSync(join(empty, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(join(empty, 'main.ts'), codeBlocks(join(root, 'README.md'), 'ts')[0].code);
  run(empty, 'npm', ['install', '--no-audit', '--no-fund', archive, ...peers, 'typescript@~6.0.3', '@types/node@20']);
  run(empty, 'npx', ['tsc', '--strict', '--module', 'node16', '--target', 'es2022', '--types', 'node', 'main.ts']);
  run(empty, 'node', ['main.js']);
  run(empty, 'node', ['--input-type=module', '--eval', "import { RedisCluster, RedisClusterApp } from 'cdk8s-redis-cluster'; new RedisClusterApp()"]);
  expect(readdirSync(join(empty, 'dist'))).toEqual(['configmap.yaml', 'redis-cluster-init.yaml', 'scripts.yaml', 'service.yaml', 'statefulset.yaml']);
});
