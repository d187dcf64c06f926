import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLibrary } from '../support/packages/packed';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(folder, { recursive: true }));

let listed: string[];

beforeAll(() => {
  ({ files: listed } = packLibrary(folder));
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
