import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Yaml } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ClusterInitJob, RedisCluster, RedisClusterApp, RedisClusterChart } from '../../src';
import { scripts } from '../../src/scripts/scripts';

const outdir = mkdtempSync(join(tmpdir(), 'redis-cluster-app-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const kindsIn = (file: string) => parseAllDocuments(readFileSync(join(outdir, file), 'utf8')).map(document => (document.toJS() as any).kind);

test('the chart without props is the four files of the original YAML, and the scripts', () => {
  const app = new RedisClusterApp({ outdir });
  new RedisClusterChart(app, 'redis-cluster');
  app.synth();
  expect(readdirSync(outdir)).toEqual(['configmap.yaml', 'redis-cluster-init.yaml', 'scripts.yaml', 'service.yaml', 'statefulset.yaml']);
  expect(kindsIn('configmap.yaml')).toEqual(['ConfigMap']);
  expect(kindsIn('scripts.yaml')).toEqual(['ConfigMap']);
  expect(kindsIn('service.yaml')).toEqual(['Service', 'Service']);
  expect(kindsIn('statefulset.yaml')).toEqual(['StatefulSet', 'PodDisruptionBudget']);
  expect(kindsIn('redis-cluster-init.yaml')).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'Job']);
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
  const written = ['configmap', 'scripts', 'service', 'statefulset', 'redis-cluster-init'].flatMap(file =>
    parseAllDocuments(readFileSync(join(outdir, `${file}.yaml`), 'utf8')).map(document => document.toJS()));
  const byName = (object: any) => `${object.kind}/${object.metadata.name}`;
  const sorted = (list: any[]) => [...list].sort((a, b) => byName(a).localeCompare(byName(b)));
  expect(sorted(written)).toEqual(sorted(expected));
});

test('many clusters share the files', () => {
  const app = new RedisClusterApp({ outdir });
  const chart = new Chart(app, 'many');
  ['a', 'b', 'c'].forEach(name => new RedisCluster(chart, name, { name }));
  app.synth();
  expect(kindsIn('service.yaml')).toEqual(Array(6).fill('Service'));
  expect(kindsIn('redis-cluster-init.yaml').filter(kind => kind === 'Job')).toHaveLength(3);
});

describe('the file of scripts', () => {
  const written = () => readFileSync(join(outdir, 'scripts.yaml'), 'utf8');
  const scriptsIn = (app: App) => app.node.findAll().filter(ApiObject.isApiObject).filter(({ node }) => node.id === 'Scripts');

  test('has those of a cluster once, and those of a Job that stands alone', () => {
    const app = new RedisClusterApp({ outdir });
    new RedisClusterChart(app, 'redis-cluster');
    new ClusterInitJob(new Chart(app, 'alone'), 'Init', { statefulSetName: 'cache' });
    app.synth();
    const documents = parseAllDocuments(written()).map(document => document.toJS());
    expect(documents.map(({ metadata }: any) => metadata.name)).toEqual(['redis-cluster-scripts', 'cache-init']);
    expect(Object.keys(documents[0].data)).toEqual(Object.keys(scripts('pods', 'job')));
    expect(Object.keys(documents[1].data)).toEqual(expect.arrayContaining(['cluster-init.sh', 'common.sh']));
    expect(documents[1].data).not.toHaveProperty(['heal.sh']);
    expect(kindsIn('redis-cluster-init.yaml')).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'Job', 'ServiceAccount', 'Role', 'RoleBinding', 'Job']);
  });

  test('is, byte for byte, what cdk8s makes of it', () => {
    const app = new RedisClusterApp({ outdir });
    ['a', 'b'].forEach(name => new RedisClusterChart(app, name, { name, namespace: 'data', labels: { team: name } }));
    app.synth();
    expect(written()).toBe(Yaml.stringify(...scriptsIn(app).map(object => object.toJson())));
  });

  test.each<[string, JsonPatch]>([
    ['another text', JsonPatch.replace('/data/common.sh', '  a text that begins with spaces\n\nand ends without a newline')],
    ['another key', JsonPatch.add('/data/more.sh', 'echo more\n')],
    ['a key less', JsonPatch.remove('/data/common.sh')],
    ['no text', JsonPatch.replace('/data', {})],
    ['a field behind the scripts', JsonPatch.add('/immutable', true)],
  ])('follows a patch of one of two clusters: %s', (_, patch) => {
    const app = new RedisClusterApp({ outdir });
    ['a', 'b'].forEach(name => new RedisClusterChart(app, name, { name }));
    const [first, second] = scriptsIn(app);
    const untouched = Yaml.stringify(second!.toJson());
    first!.addJsonPatch(patch);
    app.synth();
    expect(written()).toBe([Yaml.stringify(first!.toJson()), untouched].join('---\n'));
    expect(Yaml.stringify(first!.toJson())).not.toBe(untouched.replace('b-scripts', 'a-scripts'));
  });
});
