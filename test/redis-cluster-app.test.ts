import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { RedisCluster, RedisClusterApp, RedisClusterChart } from '../src';

const outdir = mkdtempSync(join(tmpdir(), 'redis-cluster-app-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const kindsIn = (file: string) => parseAllDocuments(readFileSync(join(outdir, file), 'utf8')).map(document => (document.toJS() as any).kind);

test('the chart without props is the documents\' four files', () => {
  const app = new RedisClusterApp({ outdir });
  new RedisClusterChart(app, 'redis-cluster');
  app.synth();
  expect(readdirSync(outdir)).toEqual(['configmap.yaml', 'redis-cluster-init.yaml', 'service.yaml', 'statefulset.yaml']);
  expect(kindsIn('configmap.yaml')).toEqual(['ConfigMap', 'ConfigMap']);
  expect(kindsIn('service.yaml')).toEqual(['Service', 'Service']);
  expect(kindsIn('statefulset.yaml')).toEqual(['StatefulSet', 'PodDisruptionBudget']);
  expect(kindsIn('redis-cluster-init.yaml')).toEqual(['ConfigMap', 'ServiceAccount', 'Role', 'RoleBinding', 'Job']);
});

test('a failed synth leaves the last good files as they were', () => {
  const before = readFileSync(join(outdir, 'statefulset.yaml'), 'utf8');
  const app = new RedisClusterApp({ outdir });
  const { cluster } = new RedisClusterChart(app, 'redis-cluster', { masters: 5 });
  cluster.node.addValidation({ validate: () => ['does not please'] });
  expect(() => app.synth()).toThrow('[redis-cluster/Cluster] does not please');
  expect(readFileSync(join(outdir, 'statefulset.yaml'), 'utf8')).toBe(before);
});

test('an object that cannot be rendered leaves them too', () => {
  const app = new RedisClusterApp({ outdir });
  const { cluster } = new RedisClusterChart(app, 'redis-cluster', { masters: 5 });
  new ApiObject(cluster, 'Odd', { apiVersion: 'v1', kind: 'ConfigMap', data: { odd: new Date() } } as any);
  const before = readFileSync(join(outdir, 'statefulset.yaml'), 'utf8');
  expect(() => app.synth()).toThrow("can't render non-simple object");
  expect(readFileSync(join(outdir, 'statefulset.yaml'), 'utf8')).toBe(before);
});

test('objects of other kinds have a file of their own, in the order of their dependencies', () => {
  const app = new RedisClusterApp({ outdir });
  const chart = new Chart(app, 'other');
  const second = new ApiObject(chart, 'Second', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'second' } });
  const first = new ApiObject(chart, 'First', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'first' } });
  second.addDependency(first);
  app.synth();
  const names = parseAllDocuments(readFileSync(join(outdir, 'secret.yaml'), 'utf8')).map(document => (document.toJS() as any).metadata.name);
  expect(names).toEqual(['first', 'second']);
});

test('the objects are those that a plain cdk8s app makes', () => {
  const objects = (app: App, id = 'redis-cluster') => {
    const chart = new RedisClusterChart(app, id, { namespace: 'data' });
    return chart.toJson();
  };
  const app = new RedisClusterApp({ outdir });
  const expected = objects(new App());
  objects(app);
  app.synth();
  const written = ['configmap', 'service', 'statefulset', 'redis-cluster-init'].flatMap(file =>
    parseAllDocuments(readFileSync(join(outdir, `${file}.yaml`), 'utf8')).map(document => document.toJS()));
  const byName = (object: any) => `${object.kind}/${object.metadata.name}`;
  const sorted = (list: any[]) => [...list].sort((a, b) => byName(a).localeCompare(byName(b)));
  expect(sorted(written)).toEqual(sorted(expected));
});

test('many clusters share the four files', () => {
  const app = new RedisClusterApp({ outdir });
  const chart = new Chart(app, 'many');
  ['a', 'b', 'c'].forEach(name => new RedisCluster(chart, name, { name }));
  app.synth();
  expect(kindsIn('service.yaml')).toEqual(Array(6).fill('Service'));
  expect(kindsIn('redis-cluster-init.yaml').filter(kind => kind === 'Job')).toHaveLength(3);
});
