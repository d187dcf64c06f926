import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Yaml } from 'cdk8s';
import { RedisCluster, RedisClusterApp, RedisClusterAppProps, RedisClusterChart, RedisClusterChartProps, RedisTls, RedisVersion } from '../../src';
import { parseImage } from '../../src/image/image';
import { imageChange } from '../../src/image/image-change';
import { Manifest } from '../../src/kubernetes/manifest';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'former-yaml-')); });
afterEach(() => rmSync(outdir, { recursive: true }));

function write(props: RedisClusterChartProps, appProps: RedisClusterAppProps = {}, patches: JsonPatch[] = []): void {
  const app = new RedisClusterApp({ outdir, ...appProps });
  const { cluster } = new RedisClusterChart(app, 'chart', props);
  patches.forEach(patch => ApiObject.of(cluster).addJsonPatch(patch));
  app.synth();
}
const written = () => readFileSync(join(outdir, 'statefulset.yaml'), 'utf8');

const older = 'an older server cannot read the files of a newer one, or starts empty';
const noValkey = 'after one pod with Redis has joined, no pod with Valkey starts again';
const noRedis = 'Valkey cannot read the snapshots of Redis 7.4 and later';
const broken = 'the cluster bus of earlier ones breaks with older nodes';

/** What is wrong with an image after another one. */
function change(former: string, image: string, version?: RedisVersion): string[] {
  return imageChange({ image: former, isValkey: false }, parseImage({ image, version }).settings);
}

test.each([
  ['redis:7.0', 'redis:6.2', 'hold Redis 7.0 or later', older],
  ['registry.example/team/redis:8.2.3-alpine', 'redis:8.0', 'hold Redis 8.2 or later', older],
  [`valkey/valkey:9.1${DIGEST}`, 'valkey/valkey:8.1', 'hold Valkey 9.1 or later', older],
  ['valkey/valkey:8.1', 'redis:8.0', 'hold Valkey', noValkey],
  ['valkey/valkey:8.1', `redis${DIGEST}`, 'hold Valkey', noValkey],
  [`valkey/valkey${DIGEST}`, 'redis:7.2', 'hold Valkey', noValkey],
  ['redis:8.2', 'valkey/valkey:latest', 'hold Redis', noRedis],
  ['redis:8.2', `valkey/valkey${DIGEST}`, 'hold Redis', noRedis],
  ['redis:8.0', 'valkey/valkey:8.1', 'hold Redis', noRedis],
  ['redis:7.4', 'valkey/valkey:9.1', 'hold Redis', noRedis],
  ['redis:6.2', 'redis:7.2.6', 'hold Redis 7.2.7, 7.4.2 or later', broken],
  ['redis:7.0.15', 'redis:7.4.1-bookworm', 'hold Redis 7.2.7, 7.4.2 or later', broken],
])('%s, and %s over it, is a problem', (former, image, requirement, reason) => {
  expect(change(former, image)).toEqual([
    `'image' must ${requirement}, as the former YAML has '${former}', got '${image}'; ${reason}; `
    + `if you have considered it, or that cluster is gone with its claims, set 'acknowledgedFormerImage' to '${former}'`,
  ]);
});

test.each([
  [['redis:6.2', 'redis:7.0', 'redis:7.2', 'redis:7.4.2', 'redis:8.0', 'redis:8.2', 'redis:8.10']],
  [['redis:6.2.14', 'valkey/valkey:8.1', 'valkey/valkey:9.1']],
  [['redis:7.2.4', 'redis:7.4.1', 'redis:7.4.0']],
  [['redis:7.2', 'valkey/valkey:7.2', 'valkey/valkey:8.0']],
  [['redis:7.0.15', 'redis:7.0.11', `redis${DIGEST}`, 'redis:6.2']],
  [['registry.example/cache:12.4', 'redis:6.2']],
])('%j, each over the one before, is none', images => {
  expect(images.slice(1).flatMap((image, index) => change(images[index], image))).toEqual([]);
});

test('a problem stops synth, and nothing is written, until the former image is acknowledged', () => {
  write({ image: 'redis:7.0' });
  const before = written();
  expect(() => write({ image: 'redis:6.2', masters: 4 })).toThrow("[chart/Cluster] 'image' must hold Redis 7.0 or later, as the former YAML has 'redis:7.0'");
  expect(written()).toBe(before);

  write({ image: 'redis:6.2', acknowledgedFormerImage: 'redis:7.0' });
  expect(written()).toContain('image: redis:6.2\n');
  write({ image: 'redis:6.2', acknowledgedFormerImage: 'redis:7.0', masters: 4 });
});

test('fewer pods in one step stop synth; in two steps they do not, nor on the way back', () => {
  write({ masters: 6 });
  const before = written();
  expect(() => write({ masters: 3 })).toThrow("[chart/Cluster] 'scaleInFrom' must be the former shape, of 12 pods, got '6 pods'; pods would go with the slots that they hold: "
    + 'apply it first, and leave it out when the init Job is complete; if that cluster is gone with its claims, delete the former YAML');
  expect(() => write({ masters: 3, scaleInFrom: { masters: 5 } })).toThrow("'scaleInFrom' must be the former shape, of 12 pods, got '10 pods'");
  expect(written()).toBe(before);

  write({ masters: 3, scaleInFrom: { masters: 6 } });
  expect(() => write({ masters: 3, replicasPerMaster: 0 })).toThrow("'scaleInFrom' must be the former shape, of 12 pods, got '3 pods'");
  write({ masters: 6 });
  write({ masters: 3, scaleInFrom: { masters: 6 } });
  write({ masters: 3 });
  write({ masters: 4 });
});

test('the family shows even where the tag tells nothing, and a version that is told counts', () => {
  write({ image: `registry.example/cache${DIGEST}`, version: RedisVersion.VALKEY_8_1 });
  expect(() => write({ image: 'redis:8.0' })).toThrow("'image' must hold Valkey, as the former YAML has 'registry.example/cache@sha256:");
  write({ image: 'valkey/valkey:9.1' });
  expect(() => write({ image: `registry.example/cache${DIGEST}`, version: RedisVersion.VALKEY_8_1 })).toThrow("'image' must hold Valkey 9.1 or later");
});

test('an acknowledged former image is the one that is there, and must be an image', () => {
  write({ image: 'redis:7.0' });
  expect(() => write({ image: 'redis:6.2', acknowledgedFormerImage: 'redis:7.2' })).toThrow('Redis 7.0 or later');
  expect(() => write({ acknowledgedFormerImage: 'redis 7.0' })).toThrow("'acknowledgedFormerImage' must be an image reference");
});

test('a StatefulSet of another name or namespace is another cluster', () => {
  write({ image: 'redis:7.0', name: 'one', namespace: 'data' });
  write({ image: 'redis:6.2', name: 'two', namespace: 'data' });
  write({ image: 'redis:7.0', name: 'one', namespace: 'data' });
  write({ image: 'redis:6.2', name: 'one', namespace: 'test' });
  expect(written()).toContain('image: redis:6.2\n');
});

test('the problems of all clusters come at once, each with its path', () => {
  const synth = (image: string) => {
    const app = new RedisClusterApp({ outdir });
    const chart = new Chart(app, 'many');
    ['a', 'b', 'c'].forEach(name => new RedisCluster(chart, name, { name, image: name === 'b' ? 'redis:8.0' : image }));
    app.synth();
  };
  synth('redis:7.0');
  expect(() => synth('redis:6.2')).toThrow(/^\[many\/a\] 'image' must hold .*\n\[many\/c\] 'image' must hold [^\n]*$/);
});

test('the former YAML may be in another folder, where the output folder is emptied first', () => {
  write({ image: 'redis:7.0' });
  const formerYaml = mkdtempSync(join(tmpdir(), 'former-yaml-'));
  cpSync(outdir, formerYaml, { recursive: true });
  rmSync(join(outdir, 'statefulset.yaml'));
  expect(() => write({ image: 'redis:6.2' }, { formerYaml })).toThrow('Redis 7.0 or later');
  write({ image: 'redis:6.2' });
  rmSync(formerYaml, { recursive: true });
});

test.each<[string, () => App]>([
  ['another class of cdk8s', () => new App({ outdir })],
  ['another file extension', () => new RedisClusterApp({ outdir, outputFileExtension: '.k8s.yaml' })],
])('the former YAML may be that of an app of %s', (_, make) => {
  const app = make();
  new RedisClusterChart(app, 'chart', { image: 'redis:7.0', masters: 5 });
  app.synth();
  expect(() => write({ image: 'redis:6.2' })).toThrow(/'scaleInFrom' must be the former shape, of 10 pods.*\n.*'image' must hold Redis 7.0 or later/);
  write({ image: 'redis:7.0', masters: 5 });
  write({ image: 'redis:7.0', masters: 5, replicasPerMaster: 2 });
  write({ image: 'redis:7.0', masters: 5, scaleInFrom: { replicasPerMaster: 2 } }); // the newer file counts
});

test('other files are not read for a StatefulSet that they do not hold', () => {
  writeFileSync(join(outdir, 'notes.yaml'), 'kind: {{ a template, not YAML\n');
  write({});
});

test('what is no StatefulSet is passed over, and so is a patch of another one', () => {
  writeFileSync(join(outdir, 'statefulset.yaml'), Yaml.stringify({ kind: 'List' }, { kind: 'StatefulSet', metadata: { name: 'other' } }));
  write({ image: 'redis:6.2' });
});

test.each<[string, (yaml: string) => string]>([
  ['a conflict of a merge', yaml => yaml.replace('  replicas: 8\n', '<<<<<<< HEAD\n  replicas: 8\n=======\n  replicas: 10\n>>>>>>> other\n')],
  ['a tab', yaml => yaml.replace('\nspec:\n', '\nspec:\n\tx: 1\n')],
  ['no end', yaml => yaml.slice(0, yaml.indexOf('  template:'))],
  ['no image', yaml => yaml.replace('image: redis:6.2\n', 'image:\n')],
])('a former StatefulSet that is broken is not written over: %s', (_, damaged) => {
  write({ masters: 4 });
  const before = damaged(written());
  writeFileSync(join(outdir, 'statefulset.yaml'), before);

  expect(() => write({ masters: 3 })).toThrow('cannot be read, so that nobody knows what would be replaced');
  expect(written()).toBe(before);
});

test.each<[string, (manifest: any) => string]>([
  ['in a list, as kubectl writes several objects', manifest => Yaml.stringify({ apiVersion: 'v1', kind: 'List', items: [manifest] })],
  ['in JSON of one line', manifest => JSON.stringify(manifest)],
  ['in quotes', manifest => Yaml.stringify(manifest).replace('kind: StatefulSet', "kind: 'StatefulSet'")],
])('a former StatefulSet is found %s', (_, format) => {
  write({ masters: 4 });
  const manifest = Yaml.load(join(outdir, 'statefulset.yaml')).find(({ kind }: Manifest) => kind === 'StatefulSet');
  rmSync(join(outdir, 'statefulset.yaml'));
  writeFileSync(join(outdir, 'applied.yaml'), format(manifest));

  expect(() => write({ masters: 3 })).toThrow("'scaleInFrom' must be the former shape, of 8 pods");
});

test('a former folder that is named must be there', () => {
  const formerYaml = join(outdir, 'typo');
  expect(() => write({}, { formerYaml })).toThrow(`'formerYaml' must be a folder, got '${formerYaml}'; nobody would know what is replaced: make an empty one if nothing is applied yet`);
});

test('a former file that is too long to be read is not written over', () => {
  writeFileSync(join(outdir, 'statefulset.yaml'), '# long\n'.repeat(2_000_000));
  expect(() => write({})).toThrow(`${join(outdir, 'statefulset.yaml')} cannot be read, so that nobody knows what would be replaced: restore it`
    + ' or, if it is of no use, delete it');
});

const TLS = RedisTls.fromSecret({ name: 'tls' });
const key = (name: string) => ({ secret: { name: 'auth' }, key: name });
const USERS = { password: key('password'), users: [{ name: 'app', password: key('app') }], networkPolicy: true };
const rollout = 'so that a rollout would stop at its first pod: make a new cluster and move the keys, or, if the former one is gone with its claims, delete its YAML';

test.each<[string, RedisClusterChartProps, RedisClusterChartProps, string]>([
  ['the port', {}, { config: { port: 7000 } }, `'config.port' must stay '6379', as in the former YAML, got 7000; pods look for each other at their own port, ${rollout}`],
  ['TLS, turned on', {}, { tls: TLS }, "'tls' must stay 'no TLS', as in the former YAML, got 'TLS'"],
  ['TLS, turned off', { image: 'redis:7.0', tls: TLS }, { image: 'redis:7.0' }, "'tls' must stay 'TLS', as in the former YAML, got 'no TLS'"],
  ['users', {}, USERS, "'users' must stay 'no users', as in the former YAML, got 'users'"],
  ['users that go', USERS, { password: USERS.password, networkPolicy: true }, "'users' must stay 'users', as in the former YAML, got 'no users'"],
  ['a password that goes', { password: key('password'), networkPolicy: true }, {}, "'password' must stay 'a password', as in the former YAML, got 'none'; pods of before ask for one"],
  ['names of nodes that 6.2 does not understand', {}, { image: 'redis:7.0', announceHostnames: true }, "'announceHostnames' must be left out until all pods run 7.0 or later"],
  ['an upgrade from 6.2 with TLS', { tls: TLS }, { image: 'redis:7.0', tls: TLS }, "'announceHostnames' must be left out until all pods run 7.0 or later, and 'tls' with it"],
])('a pod could not reach those of before: %s', (_, before, after, problem) => {
  write(before);
  const old = written();

  expect(() => write(after)).toThrow(problem);
  expect(written()).toBe(old);
});

describe('what a patch changes is compared, too', () => {
  const patch = (props: RedisClusterChartProps, ...patches: JsonPatch[]) => write(props, {}, patches);
  const container = '/spec/template/spec/containers/1'; // the one behind the heal container

  test.each<[string, RedisClusterChartProps, JsonPatch, string]>([
    ['fewer pods', { masters: 4 }, JsonPatch.replace('/spec/replicas', 6), "'scaleInFrom' must be the former shape, of 8 pods, got '6 pods'"],
    ['pods without a number, of which there is one', { masters: 4 }, JsonPatch.remove('/spec/replicas'), "'scaleInFrom' must be the former shape, of 8 pods, got '1 pods'"],
    ['an older image', { image: 'redis:8.0' }, JsonPatch.replace(`${container}/image`, 'redis:7.4'), "'image' must hold Redis 8.0 or later, as the former YAML has 'redis:8.0', got 'redis:7.4'"],
    ['another family', { image: 'redis:8.0' }, JsonPatch.replace(`${container}/image`, 'valkey/valkey:9.1'), "'image' must hold Redis, as the former YAML has 'redis:8.0', got 'valkey/valkey:9.1'"],
    ['another port', {}, JsonPatch.replace(`${container}/ports/0/containerPort`, 7000), "'config.port' must stay '6379', as in the former YAML, got 7000"],
  ])('%s: a problem', (_, props, changed, message) => {
    patch(props);
    const before = written();

    expect(() => patch(props, changed)).toThrow(message);
    expect(written()).toBe(before);
  });

  test('so that patches may keep what the former YAML has', () => {
    patch({ masters: 4, image: 'redis:8.0' });
    const kept = [JsonPatch.replace('/spec/replicas', 8), JsonPatch.replace(`${container}/image`, 'redis:8.0.1')];
    expect(() => patch({ image: 'redis:7.4' }, ...kept)).not.toThrow();
    expect(() => patch({ image: 'redis:8.0.1', masters: 4 }, JsonPatch.replace(`${container}/image`, `mirror.example/redis${DIGEST}`))).not.toThrow();
  });

  test('and a container of another name is not compared', () => {
    patch({ image: 'redis:8.0' });
    expect(() => patch({ image: 'redis:7.4' }, JsonPatch.replace(`${container}/name`, 'server'))).not.toThrow();
  });
});

test.each<[string, RedisClusterChartProps, RedisClusterChartProps]>([
  ['another image with TLS', { image: 'redis:7.0', tls: TLS }, { image: 'redis:8.0', tls: TLS }],
  ['another certificate', { image: 'redis:7.0', tls: TLS }, { image: 'redis:7.0', tls: RedisTls.fromIssuer('ca') }],
  ['one more user', USERS, { ...USERS, users: [...USERS.users, { name: 'other', password: key('other') }] }],
  ['names of nodes of 7.0', { image: 'redis:7.0' }, { image: 'redis:7.0', announceHostnames: true }],
  ['a password', {}, { password: key('password'), networkPolicy: true }],
])('pods reach those of before: %s', (_, before, after) => {
  write(before);
  expect(() => write(after)).not.toThrow();
});

test('a namespace that one of the two leaves to kubectl may be that of the other', () => {
  write({ image: 'redis:7.0' });
  expect(() => write({ image: 'redis:6.2', namespace: 'data' })).toThrow("'image' must hold Redis 7.0 or later");
  write({ image: 'redis:7.0', namespace: 'data' });
  expect(() => write({ image: 'redis:6.2' })).toThrow("'image' must hold Redis 7.0 or later");
});

test('but not that of a cluster which is still there beside it', () => {
  write({ image: 'redis:7.0' });
  const app = new RedisClusterApp({ outdir });
  new RedisClusterChart(app, 'chart', { image: 'redis:7.0' });
  new RedisClusterChart(app, 'other', { image: 'redis:6.2', namespace: 'data' });
  expect(() => app.synth()).not.toThrow();
});
