import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Duration, JsonPatch, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  PodDiscovery, PodSpread, RedisCluster, RedisClusterApp, RedisClusterAppProps, RedisClusterChart, RedisClusterChartProps, RedisClusterPreset,
  RedisMonitoring, RedisStorage, RedisTls,
} from '../../src';
import { Manifest } from '../../src/kubernetes/manifest';
import { topologyOf } from '../../src/topology/topology';
import { readFiles } from '../support/pages/examples';
import { oddLines } from '../support/pages/markdown';
import { expectDiagram } from '../support/pages/mermaid';
import { acceptableProps } from '../support/props/arbitrary-props';

/** Pages that are reviewed as Markdown; `npm run test:update` writes them anew. */
const folder = join(__dirname, 'topology');
const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;

interface Case {
  readonly props: RedisClusterChartProps;
  /** What is applied now. @default - nothing */
  readonly former?: RedisClusterChartProps;
  readonly extend?: (cluster: RedisCluster) => void;
}

const orders: RedisClusterChartProps = { name: 'orders', namespace: 'shop', resources: RedisCluster.DOCUMENTED_RESOURCES };

const cases: Record<string, Case> = {
  'default': { props: {} },
  'production': {
    props: {
      name: 'sessions',
      namespace: 'data',
      preset: RedisClusterPreset.PRODUCTION,
      image: `redis:8.0${DIGEST}`,
      initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` },
      tls: RedisTls.fromIssuer('internal-authority'),
    },
    extend: cluster => cluster.grantAccessByLabels('metrics', { podLabels: { app: 'metrics' }, namespaceLabels: { team: 'monitoring' } }),
  },
  'three-zones': { props: { ...orders, masters: 5, replicasPerMaster: 2, spread: PodSpread.REQUIRED } },
  'scale-out': { former: orders, props: { ...orders, masters: 5 } },
  'refused': { former: orders, props: { ...orders, storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(2) }) } },
  'image': { former: orders, props: { ...orders, image: 'redis:7.0' } },
};

const folders: string[] = [];
const emptyFolder = () => {
  const made = mkdtempSync(join(tmpdir(), 'topology-'));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach(made => rmSync(made, { recursive: true })));

function write(outdir: string, props: RedisClusterChartProps, appProps: RedisClusterAppProps = {}, extend: Case['extend'] = () => undefined): string {
  const app = new RedisClusterApp({ outdir, topology: true, ...appProps });
  extend(new RedisClusterChart(app, 'chart', props).cluster);
  app.synth();
  return existsSync(join(outdir, 'topology.md')) ? readFileSync(join(outdir, 'topology.md'), 'utf8') : 'no page';
}

function page({ props, former, extend }: Case): string {
  const formerYaml = former && emptyFolder();
  if (former) {
    write(formerYaml!, former, { topology: false });
  }
  return write(emptyFolder(), props, { formerYaml }, extend);
}

const pageOf = (props: RedisClusterChartProps, former?: RedisClusterChartProps) => page({ props, former });
const effects = (props: RedisClusterChartProps, former: RedisClusterChartProps) => pageOf(props, former).split('\n').filter(line => /^- \*\*/.test(line)).slice(0, -5);
const row = (text: string, what: string) => text.split('\n').find(line => line.startsWith(`| ${what} |`));

test.each(Object.entries(cases))('the page of %s is as it was reviewed', (name, each) => {
  const file = join(folder, `${name}.md`);
  const text = page(each);
  if (process.env.GOLDEN === 'update') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : 'not there yet: npm run test:update writes it');
  expectDiagram(text);
  expect(oddLines(text)).toEqual([]);
});

test('there are no other pages', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(cases).map(name => `${name}.md`).sort());
});

test('without being asked for, no page is there, and with it, the YAML is the same', () => {
  const [without, plain] = [emptyFolder(), emptyFolder()];
  expect(write(without, orders, { topology: false })).toBe('no page');
  write(plain, orders);
  const { 'topology.md': own, ...yaml } = readFiles(plain);
  expect(own).toContain('## Cluster `shop/orders`');
  expect(yaml).toEqual(readFiles(without));
});

describe('what applying will do', () => {
  const printed = jest.spyOn(console, 'warn');
  beforeEach(() => printed.mockReset().mockImplementation(() => undefined));
  afterAll(() => printed.mockRestore());
  const lines = () => printed.mock.calls.map(([line]) => String(line)).filter(line => !line.startsWith('Warning: ['));

  test('is printed when it replaces the YAML that it is compared with, and the page stays the same', () => {
    const outdir = emptyFolder();
    write(outdir, orders);
    expect(lines()).toEqual([]);
    const first = write(outdir, { ...orders, image: 'redis:7.0' });
    expect(lines()).toEqual([expect.stringMatching(/^## What applying this will do\n[^]*- \*\*Pods restart\*\*: 6 pods/)]);
    expect(write(outdir, { ...orders, image: 'redis:7.0' })).toBe(first);
    expect(lines()).toHaveLength(1);
    expect(first).not.toContain('What applying this will do');
  });

  test('is in the page, and not printed, when the former YAML has a folder of its own, and the same again and again', () => {
    const [outdir, formerYaml] = [emptyFolder(), emptyFolder()];
    write(formerYaml, orders, { topology: false });
    const first = write(outdir, { ...orders, image: 'redis:7.0' }, { formerYaml });
    expect(first).toContain('## What applying this will do');
    expect(write(outdir, { ...orders, image: 'redis:7.0' }, { formerYaml })).toBe(first);
    expect(lines()).toEqual([]);
  });

  test('is everything where nothing was, and nothing where all is the same', () => {
    expect(write(emptyFolder(), orders, { formerYaml: emptyFolder() })).toContain('- **New**: everything. There is no former YAML.\n');
    expect(pageOf(orders, orders)).toContain('- **Nothing** changes.');
  });

  test('of a file that the app no longer writes, and does not delete, is that it stays', () => {
    const outdir = emptyFolder();
    write(outdir, { ...orders, networkPolicy: true });
    writeFileSync(join(outdir, 'namespace.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
    write(outdir, orders);
    const leftOver = lines().join('').match(/^- \*\*.*$/gm);
    expect(leftOver).toEqual(['orders', 'orders-init'].map(name => `- **Left over**: \`NetworkPolicy shop/${name}\` is in \`networkpolicy.yaml\`, `
      + 'which this app no longer writes, but which is still applied. Delete the file, then the object.'));
    rmSync(join(outdir, 'networkpolicy.yaml'));
    write(outdir, orders);
    expect(lines()).toHaveLength(1);
  });

  test('of a file that is gone is that its objects stay in the Kubernetes cluster', () => {
    expect(effects(orders, { ...orders, networkPolicy: true })).toEqual(['orders', 'orders-init'].map(name =>
      expect.stringContaining(`**No longer in the YAML**: \`NetworkPolicy shop/${name}\`.`)));
  });

  test('is nothing when a synth is refused', () => {
    const outdir = emptyFolder();
    const first = write(outdir, { ...orders, masters: 6 });
    expect(() => write(outdir, orders)).toThrow("'scaleInFrom' must be");
    expect(readFileSync(join(outdir, 'topology.md'), 'utf8')).toBe(first);
    expect(lines()).toEqual([]);
  });
});

describe('a change', () => {
  test('to fewer pods says in its two steps which are emptied, and which go', () => {
    const six = { ...orders, masters: 6 };
    const step = { ...orders, scaleInFrom: { masters: 6 } };
    expect(effects(step, six)).toEqual(expect.arrayContaining([
      expect.stringMatching(/^- \*\*Data moves\*\*: 8191 of 16384 slots .* about 50 % of the data, as 6 masters become 3,/),
      '- **Pods are emptied**: `orders-6` to `orders-11`. They stay until an apply without `scaleInFrom`.',
    ]));
    const last = effects(orders, step);
    expect(last).toEqual(expect.arrayContaining([expect.stringMatching(/^- \*\*Pods go\*\*: `orders-6` to `orders-11`, at once\./)]));
    expect(last.filter(line => line.includes('Data moves') || line.includes('Pods restart'))).toEqual([]);
  });

  test('of the shape restarts no pod, and names the new ones', () => {
    const lines = effects({ ...orders, replicasPerMaster: 2 }, orders);
    expect(lines.filter(line => /Pods restart|Data moves|Refused\*\*/.test(line))).toEqual([]);
    expect(lines).toContain('- **New pods**: `orders-6` to `orders-8`. Those that become replicas copy all data of their masters.');
  });

  test('to another kind of disks is refused, and says what becomes of the data', () => {
    const ephemeral = { ...orders, storage: RedisStorage.ephemeral() };
    const lines = effects(ephemeral, orders);
    expect(lines[0]).toMatch(/^- \*\*Refused\*\*: `StatefulSet shop\/orders` .*`kubectl delete statefulset orders --namespace shop --cascade=orphan`/);
    expect(lines[0]).not.toContain('kubectl patch pvc');
    expect(lines).toContain('- **Other disks**: each pod that restarts begins with an empty folder, and copies its shard from another pod; the former claims stay.');
    expect(effects({ ...ephemeral, replicasPerMaster: 0, acceptDataLoss: true, scaleInFrom: { replicasPerMaster: 1 } }, orders).join('\n')).toContain('**without its keys**');
  });

  test("of the Job's deadline or time to live is accepted, one of its pod is not", () => {
    const lines = effects({ ...orders, initJob: { activeDeadline: Duration.minutes(50), backoffLimit: 3 } }, orders);
    expect(lines).toEqual(['- **Changes in place**: `Job shop/orders-init`, `spec.activeDeadlineSeconds` (from `1800` to `3000`) and `spec.backoffLimit` (from `4` to `3`).']);
    expect(effects({ ...orders, initJob: { timeout: Duration.minutes(4) } }, orders)[0]).toMatch(/^- \*\*Refused while the former Job is there\*\*: .*10 min after it ended/);
  });

  test('to a Job with a hash in its name makes a new Job, and leaves the former one', () => {
    const lines = effects({ ...orders, initJob: { contentHashInName: true } }, orders);
    expect(lines).toEqual([
      expect.stringMatching(/^- \*\*New\*\*: `Job shop\/orders-init-[0-9a-f]{8}`\.$/),
      expect.stringMatching(/^- \*\*No longer in the YAML\*\*: `Job shop\/orders-init`\. .*\(`kubectl delete job orders-init --namespace shop`\)\.$/),
    ]);
  });

  test('of the name is another cluster', () => {
    const text = effects({ ...orders, name: 'other' }, orders).join('\n');
    expect(text).toContain('`StatefulSet shop/other`');
    expect(text).toContain('(`kubectl delete statefulset orders --namespace shop`). Its pods go with it; its claims stay');
    expect(text).not.toContain('Data moves');
  });

  test('that only spells out what the API server adds is none', () => {
    const [formerYaml, outdir] = [emptyFolder(), emptyFolder()];
    write(formerYaml, orders, { topology: false });
    const file = join(formerYaml, 'statefulset.yaml');
    const text = readFileSync(file, 'utf8').replace(/ +status:\n +phase: Pending\n/, '').replace(/ +volumeMode: Filesystem\n/, '').replace(/^( +)apiVersion: v1\n +kind: PersistentVolumeClaim\n/m, '$1');
    expect(text).not.toContain('volumeMode');
    writeFileSync(file, text.replace(/- +(metadata:\n +name: redis-data)/, '- $1'));
    expect(write(outdir, orders, { formerYaml })).not.toContain('**Refused**');
  });
});

describe('texts', () => {
  const hostile = '`\n```\n| x | y |\n<script>alert(1)</script> ``\u2028"';

  test('that look like Markdown stay in their line', () => {
    const lines = effects({ ...orders, podAnnotations: { 'example.com/note': hostile } }, { ...orders, podAnnotations: { 'example.com/note': 'plain' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('(from `plain` to ```` `\\n```\\n| x | y |\\n<script>alert(1)</script> ``\\u2028" ````)');
  });

  test('of somebody else in the former YAML end neither line nor command', () => {
    const [formerYaml, outdir] = [emptyFolder(), emptyFolder()];
    const foreign = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x; reboot\n# heading' } };
    writeFileSync(join(formerYaml, 'foreign.json'), JSON.stringify(foreign));
    const text = write(outdir, orders, { formerYaml });
    expect(text).toContain('- **No longer in the YAML**: `ConfigMap x; reboot\\n# heading`. It stays in the Kubernetes cluster until something prunes it, or you delete it.\n');
    expect(text).not.toContain('kubectl delete configmap');
  });
});

describe('good props', () => {
  const rendered = (props: RedisClusterChartProps) => {
    const app = new App();
    new RedisClusterChart(app, 'chart', { ...props, name: 'cluster' });
    return { app, objects: new Map(app.node.findAll().filter(ApiObject.isApiObject).map(object => [object, object.toJson() as Manifest])) };
  };

  test('of any kind, after any others, have a page in which no text breaks out', () => {
    fc.assert(fc.property(acceptableProps, acceptableProps, (props, others) => {
      const { app, objects } = rendered(props);
      const former = [...rendered(others).objects.values()].map(manifest => ({ file: 'former.yaml', manifest, stays: false }));
      const text = topologyOf(app, objects, former, true).page;
      expectDiagram(text);
      expect(oddLines(text)).toEqual([]);
      expect(topologyOf(app, objects, [...objects.values()].map(manifest => ({ file: 'same.yaml', manifest, stays: false })), false).changes).toBeUndefined();
    }), { numRuns: 60, seed: 20260101 });
  });
});

describe('a page says truly', () => {
  test('that more Kubernetes nodes are needed where fewer masters may fail', () => {
    expect(row(pageOf({ ...orders, masters: 4 }), 'a Kubernetes node')).toContain('on at least 4 Kubernetes nodes');
    expect(row(pageOf({ ...orders, masters: 7 }), 'a Kubernetes node')).toContain('on at least 3 Kubernetes nodes');
  });

  test('that nothing is known of nodes where the DNS tells the addresses', () => {
    const text = pageOf({ ...orders, initJob: { discovery: PodDiscovery.DNS } });
    expect(row(text, 'a Kubernetes node')).toContain('**no promise**');
    expect(text).toContain('the pods of Redis have no token; the init Job has none either.');
  });

  test('who logs in, and where the exporter listens', () => {
    const key = (name: string) => ({ secret: { name: 'orders-auth' }, key: name });
    const text = pageOf({ ...orders, password: key('password'), monitoring: RedisMonitoring.annotations({ password: key('exporter') }) });
    expect(text).toContain('are the default user, whose password is in the Secret `orders-auth`, the exporter is `exporter`.');
    expect(text).toContain('9121 (`exporter`)');
  });

  test('that nobody takes over without replicas', () => {
    const alone = pageOf({ ...orders, replicasPerMaster: 0 });
    expect(row(alone, 'a master')).toContain('it has no replica: its slots are not served until it is back');
    expect(alone).not.toContain('until a replica takes over from a master that crashed');
  });

  test('what times are, in the unit in which they are whole', () => {
    const text = pageOf({
      ...orders,
      config: { clusterNodeTimeout: Duration.millis(7500), appendonly: false },
      handoverTimeout: Duration.seconds(20),
      terminationGracePeriod: Duration.minutes(2),
      startupTimeout: Duration.seconds(90),
    });
    expect(row(text, 'until a node that does not answer counts as failed')).toContain('| 7500 ms |');
    expect(row(text, 'that a crashed master waits before it starts, so that its replica takes over')).toContain('| 15 s |');
    expect(row(text, 'until a replica has taken over from a master that is told to stop')).toContain('| at most 20 s |');
    expect(row(text, 'until a pod that is told to stop is killed')).toContain('| 2 min |');
    expect(row(text, 'until a starting pod that accepts no connections is restarted')).toContain('| 90 s |');
  });

  test('what containers cost that a patch adds, and which claims have which class', () => {
    const ofClass = (storageClassName: string) => (
      { ...orders, storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(10), storageClassName }) });
    const props = ofClass('fast');
    const withSidecar = (memory: string) => page({
      props,
      extend: cluster => (cluster.node.findChild('Resource') as ApiObject).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/-', {
        name: 'exporter', ports: [{ name: 'metrics', containerPort: 9121 }], resources: { requests: { cpu: '0.1' }, limits: { memory } },
      })),
    });
    const text = withSidecar('48Mi');
    expect(row(text, 'all 6 pods of Redis')).toBe('| all 6 pods of Redis | 2160m | 3456Mi | 3, and **none** for `heal` and `exporter` | 6816Mi |');
    expect(text).toContain('- **Ports of the pods**: 6379 and 16379 (`redis`) and 9121 (`exporter`).');
    expect(text).toContain('Disks: 6 claims `redis-data` of 10Gi, 60Gi in sum, of the StorageClass `fast`.');
    expect(pageOf(ofClass(''))).toContain('60Gi in sum, of no StorageClass.');
    expect(row(withSidecar('50e6'), 'all 6 pods of Redis')).toContain('| see the YAML |');
    expect(pageOf({ ...orders, storage: RedisStorage.ephemeral({ sizeLimit: Size.gibibytes(3) }) })).toContain('at most 3Gi for each pod.');
  });

  test.each([[200, 4], [3, 332], [1000, 0]])('of %d masters with %d replicas each what fits into a diagram, and all in the table', (masters, replicasPerMaster) => {
    const text = pageOf({ ...orders, masters, replicasPerMaster });
    expectDiagram(text);
    expect(text.match(/^```mermaid[^]*?^```$/m)![0].split('\n').length).toBeLessThan(200);
    expect(text.split('### Slots')[1].split('###')[0].match(/^\| \d+ \|/gm)).toHaveLength(masters);
    expect(text).toContain(`orders-${masters * (1 + replicasPerMaster) - 1}`);
  });

  test('of all clusters of an app, each with the policies that are its own', () => {
    const outdir = emptyFolder();
    const app = new RedisClusterApp({ outdir, topology: true });
    ['one', 'two'].forEach(namespace => new RedisClusterChart(app, namespace, { namespace, networkPolicy: true })
      .cluster.grantAccessByLabels(namespace, { podLabels: { app: namespace } }));
    app.synth();
    const [, one, two] = readFileSync(join(outdir, 'topology.md'), 'utf8').split('\n## ');
    expect([one, two].map(text => text.match(/^.*/)![0])).toEqual(['Cluster `one/redis-cluster`', 'Cluster `two/redis-cluster`']);
    expect([one, two].map(text => text.match(/redis-cluster-client-\w+/g))).toEqual([['redis-cluster-client-one'], ['redis-cluster-client-two']]);
  });
});
