import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { ISecret } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ClusterInitJob, PodDiscovery, RedisCluster, RedisClusterPreset, RedisStorage, RedisTls } from '../src';

/**
 * What the library renders, in files that are reviewed as YAML; `npm run test:update` writes them anew. The scripts are left
 * out: of their ConfigMaps only the keys are there.
 */
const folder = join(__dirname, 'golden');
const isUpdate = process.env.GOLDEN === 'update';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;

const cases: Record<string, (scope: Construct) => void> = {
  'default': scope => new RedisCluster(scope, 'Cluster'),
  'production': scope => {
    const cluster = new RedisCluster(scope, 'Cluster', {
      preset: RedisClusterPreset.PRODUCTION,
      image: `redis:8.0${DIGEST}`,
      initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` },
      tls: RedisTls.fromIssuer('internal-authority'),
    });
    cluster.grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } });
  },
  'five-masters-two-replicas': scope => new RedisCluster(scope, 'Cluster', { masters: 5, replicasPerMaster: 2 }),
  'dns-discovery': scope => new RedisCluster(scope, 'Cluster', { initJob: { discovery: PodDiscovery.DNS } }),
  'ephemeral': scope => new RedisCluster(scope, 'Cluster', { storage: RedisStorage.ephemeral() }),
  'tls-6.2': scope => new RedisCluster(scope, 'Cluster', { image: 'redis:6.2', tls: RedisTls.fromSecret({ name: 'certificate' } as ISecret) }),
  'init-job-alone': scope => new ClusterInitJob(scope, 'Init', { statefulSetName: 'cache', masters: 4, replicasPerMaster: 2, port: 7000 }),
};

const files = Object.keys(cases).map(name => `${name}.yaml`);

beforeAll(() => {
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    readdirSync(folder).filter(file => !files.includes(file)).forEach(file => rmSync(join(folder, file)));
  }
});

test.each(Object.entries(cases))('%s is rendered as it was reviewed', (name, build) => {
  const file = join(folder, `${name}.yaml`);
  const yaml = render(build);
  if (isUpdate) {
    writeFileSync(file, yaml);
  }
  expect(yaml).toBe(existsSync(file) ? readFileSync(file, 'utf8') : 'not there yet: npm run test:update writes it');
});

test('there are no other files', () => {
  expect(readdirSync(folder).sort()).toEqual([...files].sort());
});

function render(build: (scope: Construct) => void): string {
  const chart = new Chart(new App(), 'golden', { namespace: 'data' });
  build(chart);
  return Yaml.stringify(...chart.node.findAll().filter(ApiObject.isApiObject).map(object => withoutScripts(object.toJson())));
}

/** A change of a script alone changes nothing here. */
function withoutScripts(object: any): unknown {
  const { data } = object;
  if (object.kind === 'ConfigMap' && Object.keys(data).every(key => /\.(sh|awk)$/.test(key))) {
    return { ...object, data: Object.keys(data) };
  }
  const annotations = object.spec?.template?.metadata?.annotations;
  if (annotations?.['checksum/scripts'] !== undefined) {
    annotations['checksum/scripts'] = 'of-the-scripts';
  }
  return object;
}
