import { App, Chart, Size } from 'cdk8s';
import type { ISecret, SecretValue } from 'cdk8s-plus-28';
import {
  ClusterInitJob, ClusterInitJobProps, Cpu, PodDiscovery, RedisAuthentication, RedisCluster, RedisClusterChart, RedisClusterPreset, RedisClusterProps,
  RedisClusterWarning, RedisConfig, RedisStorage, RedisTls,
} from '../../src';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const password: SecretValue = { secret: { name: 'redis-auth' } as ISecret, key: 'password' };
const resources = RedisCluster.DOCUMENTED_RESOURCES;
const cores = (millis: number) => ({ ...resources, cpu: { limit: Cpu.millis(millis) } });
const initJob = { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` };
const production: RedisClusterProps = { preset: RedisClusterPreset.PRODUCTION, image: `redis:7.0${DIGEST}`, initJob };
const claimOf = (mebibytes: number) => RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(mebibytes) });
const NEVER_REWRITTEN = "'config.autoAofRewritePercentage' should be at least 1, got 0; the append-only file is never rewritten and grows with every write,"
  + ' so that no storage is large enough for long (silenced by acknowledgedWarnings: RedisClusterWarning.SMALL_STORAGE)';

let printed: jest.SpyInstance;

beforeEach(() => {
  printed = jest.spyOn(console, 'warn').mockImplementation();
});

afterEach(() => printed.mockRestore());

const linesOf = (build: (chart: Chart) => void) => {
  printed.mockClear();
  build(new Chart(new App(), 'test'));
  return printed.mock.calls.map(([line]) => line as string);
};
const ofCluster = (props: RedisClusterProps) => linesOf(chart => new RedisCluster(chart, 'Cluster', props));
const ofJob = (props: ClusterInitJobProps) => linesOf(chart => new ClusterInitJob(chart, 'Init', props));

describe('a doubt about', () => {
  test.each<[string, RedisClusterProps, string]>([
    ['the tag latest', { resources, image: 'redis:latest' },
      "'image' should have a version as its tag, or a digest, got 'redis:latest'; pods that start later may run another one"
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.MOVING_TAG)'],
    ['no tag', { resources, image: 'registry.example:5000/redis' },
      "'image' should have a version as its tag, or a digest, got 'registry.example:5000/redis'; pods that start later may run another one"
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.MOVING_TAG)'],
    ['the tag latest of kubectl', { resources, initJob: { kubectlImage: 'alpine/kubectl:latest' } },
      "'initJob.kubectlImage' should have a version as its tag, or a digest, got 'alpine/kubectl:latest'; pods that start later may run another one"
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.MOVING_TAG)'],
    ['a password that the cluster bus gives away', { resources, password },
      "'password' should come with 'tls' or 'networkPolicy', got neither; the cluster bus has no password: a pod that reaches it can take slots, and is sent"
      + ' this password in plaintext (silenced by acknowledgedWarnings: RedisClusterWarning.OPEN_CLUSTER_BUS)'],
    ['no resources', { masters: 5 },
      "'resources' should have cpu.request, memory.request and memory.limit, got none; Kubernetes may place pods where there is no room for them,"
      + ' and evicts them first (silenced by acknowledgedWarnings: RedisClusterWarning.MISSING_RESOURCES)'],
    ['a version that nobody knew', { resources, image: 'redis:9.0' },
      'Redis 9.0 is newer than Redis 8.10, the newest that this version of the library knows: directives and commands that no known version has are not checked'
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.NEW_VERSION)'],
    ['a part of the resources', { resources: { memory: { limit: Size.gibibytes(1) } } },
      "'resources' should have cpu.request, memory.request and memory.limit, got memory.request and memory.limit; Kubernetes may place pods where there is no room for them,"
      + ' and evicts them first (silenced by acknowledgedWarnings: RedisClusterWarning.MISSING_RESOURCES)'],
    ['the original YAML\'s disk with its tuning', { resources, config: RedisConfig.documentedTuning() },
      "'storage.size' should be at least 2Gi, got '1Gi'; the append-only file grows to 200 % of 'config.maxmemory' (512Mi) before it is rewritten, the new one"
      + ' is written beside it, and a snapshot may be there, too (silenced by acknowledgedWarnings: RedisClusterWarning.SMALL_STORAGE)'],
    ['a folder for small data', {
      resources, config: { maxmemory: Size.mebibytes(10) }, storage: RedisStorage.ephemeral({ sizeLimit: Size.mebibytes(83) }),
    },
    "'storage.sizeLimit' should be at least 84Mi, got '83Mi'; the append-only file grows to 64Mi before it is rewritten, the new one"
      + ' is written beside it, and a snapshot may be there, too (silenced by acknowledgedWarnings: RedisClusterWarning.SMALL_STORAGE)'],
    ['a file that is never rewritten', { resources, config: { maxmemory: Size.mebibytes(512), autoAofRewritePercentage: 0 }, storage: claimOf(1536) }, NEVER_REWRITTEN],
    ['a file that is never rewritten, on a disk that is small as well', { resources, config: { maxmemory: Size.mebibytes(512), autoAofRewritePercentage: 0 } }, NEVER_REWRITTEN],
    ['a file that is never rewritten, of data without a bound', { resources, config: { autoAofRewritePercentage: 0 } }, NEVER_REWRITTEN],
    ['a file that is never rewritten, in a folder', { resources, config: { autoAofRewritePercentage: 0 }, storage: RedisStorage.ephemeral() }, NEVER_REWRITTEN],
    ['threads that no core is there for', { resources, config: { ioThreads: 64 } },
      "'config.ioThreads' should be at most 1, got 64; 'resources.cpu.limit' is 500m, and threads that wait for each other take its time from Redis"
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.MANY_THREADS)'],
    ['more threads than cores', { resources: cores(3500), config: { ioThreads: 5 } },
      "'config.ioThreads' should be at most 4, got 5; 'resources.cpu.limit' is 3500m, and threads that wait for each other take its time from Redis"
      + ' (silenced by acknowledgedWarnings: RedisClusterWarning.MANY_THREADS)'],
  ])('%s is said in one line', (_, props, line) => {
    expect(ofCluster(props)).toEqual([`Warning: [test/Cluster] ${line}`]);
  });

  test('all that there is, is said once', () => {
    const props = { image: 'redis', password, initJob: { kubectlImage: 'kubectl' }, config: { maxmemory: Size.mebibytes(512) } };
    const lines = ofCluster(props);
    expect(lines).toHaveLength(5);
    expect(linesOf(chart => {
      new RedisCluster(chart, 'Cluster', props);
      chart.toJson();
      chart.toJson();
    })).toEqual(lines);
  });

  test('an image of the init Job alone is said', () => {
    expect(ofJob({ image: 'redis:latest' })).toEqual([expect.stringMatching(/^Warning: \[test\/Init\] 'image' should have a version/)]);
    expect(ofJob({ image: 'redis:latest', acknowledgedWarnings: [RedisClusterWarning.MOVING_TAG] })).toEqual([]);
  });
});

describe('nothing is said', () => {
  test.each<[string, RedisClusterProps]>([
    ['about the original YAML\'s cluster', {}],
    ['about the original YAML\'s cluster under another name', { name: 'sessions', preset: RedisClusterPreset.DOCUMENTED, masters: undefined }],
    ['about the original YAML\'s cluster with resources of which none is given', { resources: { cpu: undefined, memory: { limit: undefined } } }],
    ['about limits alone, as a request that is left out is the limit', { resources: { cpu: { limit: Cpu.units(1) }, memory: { limit: Size.gibibytes(1) } } }],
    ['about as many threads as cores', { resources: cores(3500), config: { ioThreads: 4 } }],
    ['about threads without a bound of cores', { resources: { ...resources, cpu: { request: Cpu.millis(250) } }, config: { ioThreads: 64 } }],
    ['about the production preset', production],
    ['about latest with a digest', { resources, image: `redis:latest${DIGEST}` }],
    ['about kubectl where it is not used', { resources, initJob: { kubectlImage: 'alpine/kubectl', discovery: PodDiscovery.DNS } }],
    ['about a password with a NetworkPolicy', { resources, password, networkPolicy: true }],
    ['about a password with TLS', { resources, password, tls: RedisTls.fromIssuer('authority'), image: 'redis:7.0' }],
    ['about disks with room', { resources, config: RedisConfig.documentedTuning(), storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(2) }) }],
    ['about disks without an append-only file', { resources, config: { maxmemory: Size.mebibytes(512), appendonly: false } }],
    ['about what is acknowledged', { password, acknowledgedWarnings: [RedisClusterWarning.OPEN_CLUSTER_BUS, RedisClusterWarning.MISSING_RESOURCES] }],
  ])('%s', (_, props) => {
    expect(ofCluster(props)).toEqual([]);
  });

  test('about the original YAML\'s cluster in a namespace of its own', () => {
    expect(linesOf(() => new RedisClusterChart(new App(), 'chart', { namespace: 'data', labels: { team: 'payments' } }))).toEqual([]);
  });

  test('where what is said is acknowledged, the rest still is', () => {
    expect(ofCluster({ password, acknowledgedWarnings: [RedisClusterWarning.OPEN_CLUSTER_BUS] })).toEqual([expect.stringContaining("'resources' should")]);
  });

  test('to standard output, which may be the YAML', () => {
    const output = jest.spyOn(process.stdout, 'write');
    ofCluster({ image: 'redis' });
    expect(output).not.toHaveBeenCalled();
    output.mockRestore();
  });
});

test('what the production preset gives up is said', () => {
  expect(ofCluster({ ...production, resources: {}, tls: RedisTls.disabled(), networkPolicy: false }).map(line => /RedisClusterWarning\.(\w+)/.exec(line)![1]))
    .toEqual(['OPEN_CLUSTER_BUS', 'MISSING_RESOURCES']);
  expect(ofCluster({ ...production, authentication: RedisAuthentication.NONE, tls: RedisTls.disabled(), networkPolicy: false })).toEqual([]);
});

test('what is said is with the construct, for who looks there', () => {
  const cluster = new RedisCluster(new Chart(new App(), 'test'), 'Cluster', { masters: 5 });
  expect(cluster.node.metadata).toEqual([expect.objectContaining({ type: 'aws:cdk:warning', data: expect.stringMatching(/^'resources' should/) })]);
});
