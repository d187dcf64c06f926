import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { ISecret } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { BackupTarget, PodDiscovery, RedisCluster, RedisTls } from '../../src';

/**
 * What no example renders (`examples.test.ts` compares those), in files that are reviewed as YAML; `npm run test:update` writes
 * them anew. The scripts are left out: of their ConfigMaps only the keys are there.
 */
const folder = join(__dirname, 'golden');
const isUpdate = process.env.GOLDEN === 'update';

const keyOf = (name: string) => ({ secret: { name: 'backups' }, key: name });
const bucket = BackupTarget.s3({ bucket: 'backups', endpoint: 'https://s3.example.com', accessKeyId: keyOf('id'), secretAccessKey: keyOf('secret') });

const cases: Record<string, (scope: Construct) => void> = {
  'dns-discovery': scope => new RedisCluster(scope, 'Cluster', { initJob: { discovery: PodDiscovery.DNS } }),
  'restore': scope => new RedisCluster(scope, 'Cluster', { restoreFrom: { target: bucket, time: '20260131T031500Z' }, networkPolicy: true }),
  'tls-6.2': scope => new RedisCluster(scope, 'Cluster', { image: 'redis:6.2', tls: RedisTls.fromSecret({ name: 'certificate' } as ISecret) }),
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
