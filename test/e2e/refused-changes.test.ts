import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { ClaimRetention, RedisClusterApp, RedisClusterChart, RedisClusterChartProps, RedisStorage } from '../../src';
import { TestNamespace } from '../support/kubernetes/test-namespace';

let namespace: TestNamespace;
const former = mkdtempSync(join(tmpdir(), 'former-'));

function write(outdir: string, props: RedisClusterChartProps, formerYaml?: string): void {
  const app = new RedisClusterApp({ outdir, topology: formerYaml !== undefined, formerYaml });
  new RedisClusterChart(app, 'chart', { name: 'cluster', namespace: namespace.name, ...props });
  app.synth();
}

/** The former YAML is applied, but for its pods: StatefulSet and Job are there with none. */
beforeAll(async () => {
  namespace = await TestNamespace.create('topology');
  write(former, {});
  const applied = mkdtempSync(join(tmpdir(), 'applied-'));
  [
    ['statefulset.yaml', '  replicas: 6\n', '  replicas: 0\n'],
    ['redis-cluster-init.yaml', '  backoffLimit: 4\n', '  backoffLimit: 4\n  completions: 1\n  parallelism: 0\n'],
  ].forEach(([file, line, without]) => {
    const text = readFileSync(join(former, file), 'utf8');
    expect(text).toContain(line);
    writeFileSync(join(applied, file), text.replace(line, without));
  });
  await namespace.kubectl.run(['apply', '--filename', applied]);
  rmSync(applied, { recursive: true });
});
afterAll(async () => {
  rmSync(former, { recursive: true });
  await namespace.remove();
});

test.each<[string, RedisClusterChartProps, string[]]>([
  ['more masters', { masters: 5 }, ['Job']],
  ['another image', { image: 'redis:7.0' }, ['Job']],
  ['larger claims', { storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(2) }) }, ['StatefulSet']],
  ['no claims', { storage: RedisStorage.ephemeral() }, ['StatefulSet']],
  ['claims that go with the StatefulSet', { storage: RedisStorage.persistentVolumeClaim({ whenDeleted: ClaimRetention.DELETE }) }, []],
  ['another time to stop, and labels', { terminationGracePeriod: Duration.seconds(90), podLabels: { tier: 'cache' } }, []],
  ['another bound of the Job', { initJob: { backoffLimit: 2, activeDeadline: Duration.minutes(50), ttlAfterFinished: Duration.minutes(3) } }, []],
  ['another time of the Job, and claims of a class', {
    initJob: { timeout: Duration.minutes(4) }, storage: RedisStorage.persistentVolumeClaim({ storageClassName: 'fast' }),
  }, ['Job', 'StatefulSet']],
])('the API refuses of a change what topology.md says: %s', async (_, props, refused) => {
  const folder = mkdtempSync(join(tmpdir(), 'changed-'));
  write(folder, props, former);
  const said = [...readFileSync(join(folder, 'topology.md'), 'utf8').matchAll(/^- \*\*Refused[^*]*\*\*: `(\w+) /gm)].map(([, kind]) => kind);
  const { output } = await namespace.kubectl.attempt(['apply', '--dry-run=server', '--filename', folder]);
  const found = [...output.matchAll(/(?:^The|:) (\w+)(?:\.\w+)? "[^"]*" is invalid: /gm)].map(([, kind]) => kind);
  expect([said.sort(), found.sort()]).toEqual([refused, refused]);
  rmSync(folder, { recursive: true });
});
