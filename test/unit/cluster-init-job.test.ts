import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { ClusterInitJob, ClusterInitJobProps, PodDiscovery, RedisTls } from '../../src';
import { containerOf, synth } from '../support/synth';

const password = { secret: { name: 'auth' }, key: 'password' };
const synthJob = (props: ClusterInitJobProps = {}) => synth(scope => new ClusterInitJob(scope, 'Init', props));
const envOf = (container: any) => Object.fromEntries(container.env.map(({ name, value }: any) => [name, value]));

describe('the rights', () => {
  const objects = synthJob();

  test('are to list and watch the pods of its own namespace, nothing more', () => {
    expect(objects.one('Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]);
    expect(objects.all('ClusterRole')).toEqual([]);
  });

  test('belong to the ServiceAccount that the Job runs as', () => {
    const binding = objects.one('RoleBinding');
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: objects.one('ServiceAccount').metadata.name }]);
    expect(binding.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: objects.one('Role').metadata.name });
    expect(objects.one('Job').spec.template.spec.serviceAccountName).toBe(objects.one('ServiceAccount').metadata.name);
  });

  test('are none when the DNS tells the addresses', () => {
    const dns = synthJob({ discovery: PodDiscovery.DNS });
    expect(dns.objects.map(object => object.kind)).toEqual(['ConfigMap', 'Job']);
    const pod = dns.one('Job').spec.template.spec;
    expect(pod.containers.map((container: any) => container.name)).toEqual(['redis-init']);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(envOf(pod.containers[0])).toMatchObject({ DISCOVERY: 'dns', SERVICE: 'redis-cluster-headless' });
  });
});

test('the two containers share the folder of the nodes file', () => {
  const job = synthJob().one('Job');
  for (const name of ['kubectl', 'redis-init']) {
    expect(containerOf(job, name).volumeMounts).toContainEqual({ name: 'shared-data', mountPath: '/tmp' });
  }
});

test('`kubectl logs job/…` shows the container that reports', () => {
  expect(synthJob().one('Job').spec.template.metadata.annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'redis-init' });
});

test('a StatefulSet of others is a matter of its names', () => {
  const job = synthJob({ statefulSetName: 'cache', serviceName: 'cache-nodes', masters: 4, replicasPerMaster: 2, port: 7000, discovery: PodDiscovery.DNS }).one('Job');
  expect(job.metadata.name).toBe('cache-init');
  expect(envOf(containerOf(job, 'redis-init'))).toEqual({
    NAME: 'cache', SERVICE: 'cache-nodes', MASTERS: '4', REPLICAS_PER_MASTER: '2', PORT: '7000', TIMEOUT: '300', DISCOVERY: 'dns',
  });
});

test('bounds and images reach the Job', () => {
  const { spec } = synthJob({
    timeout: Duration.seconds(90),
    backoffLimit: 1,
    activeDeadline: Duration.minutes(4),
    ttlAfterFinished: Duration.hours(1),
    image: 'redis:8.0',
    kubectlImage: 'registry.example/kubectl:1.34',
    resources: { memory: { limit: Size.mebibytes(256) } },
  }).one('Job');
  expect(spec).toMatchObject({ backoffLimit: 1, activeDeadlineSeconds: 240, ttlSecondsAfterFinished: 3600 });
  const [kubectl, redisInit] = spec.template.spec.containers;
  expect([kubectl.image, redisInit.image]).toEqual(['registry.example/kubectl:1.34', 'redis:8.0']);
  expect(envOf(redisInit).TIMEOUT).toBe('90');
  expect(kubectl.resources).toEqual({ limits: { memory: '256Mi' } });
});

test('the default deadline leaves time for every run and the pauses between them', () => {
  const { spec } = synthJob({ timeout: Duration.minutes(10), backoffLimit: 2 }).one('Job');
  expect(spec.activeDeadlineSeconds).toBeGreaterThanOrEqual(3 * 600 + 10 + 20);
});

test.each([[0, 600], [6, 1200], [7, 1200], [10, 2400], [100, 36000], [2 ** 31 - 1, 2 ** 31 - 1]])(
  'with %i repetitions, it counts pauses of 10 s, 20 s and so on, but none longer than 6 minutes, and ends where Kubernetes cannot count', (backoffLimit, seconds) => {
    expect(synthJob({ timeout: Duration.seconds(10), backoffLimit }).one('Job').spec).toMatchObject({ backoffLimit, activeDeadlineSeconds: seconds });
  });

describe('a content hash in the name', () => {
  const nameOf = (props: ClusterInitJobProps) => synthJob({ contentHashInName: true, ...props }).one('Job').metadata.name;

  test('changes with anything that the Job consists of, and with nothing else', () => {
    expect(nameOf({})).toMatch(/^redis-cluster-init-[0-9a-f]{8}$/);
    expect(nameOf({})).toBe(nameOf({}));
    expect(nameOf({ image: 'redis:7.0' })).not.toBe(nameOf({}));
    expect(nameOf({ kubectlImage: 'alpine/kubectl:1.36.3' })).not.toBe(nameOf({}));
  });

  test('leaves the Job where it is, for who compares the cluster with the manifests', () => {
    expect(synthJob({ contentHashInName: true }).one('Job').spec).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  test('leaves the names of what the Job uses as they are', () => {
    expect(synthJob({ contentHashInName: true }).one('Role').metadata.name).toBe('redis-cluster-init');
  });
});

test('bad props: all errors at once, with path, bound and reason', () => {
  expect(() => synthJob({ statefulSetName: 'Redis', masters: 1, timeout: Duration.seconds(1), image: 'redis 6.2' })).toThrow([
    "[test/Init] 'name' must be a DNS label of at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends, got 'Redis-init'; Kubernetes names such objects by a DNS label",
    "[test/Init] 'statefulSetName' must be a DNS label of at most 52 lower-case letters, digits and hyphens, with a letter or digit at both ends, got 'Redis'; the names of its pods and of their revisions must fit into labels of 63 characters",
    "[test/Init] 'masters' must be a whole number from 3 to 1000, got 1; a majority of masters must remain when one fails, and Redis Cluster is made for at most 1000 nodes",
    "[test/Init] 'image' must be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…, got 'redis 6.2'; the kubelet could not pull it",
    "[test/Init] 'timeout' must be whole seconds, at least 10, got '1 seconds'; a cluster needs some of them to form",
  ].join('\n'));
});

test.each<[string, ClusterInitJobProps, string]>([
  ['a user without a password', { user: 'admin' }, "'user' must come with a 'password', got 'admin'; without one, the Job would be the default user"],
  ['a user whose name would be several words', { user: 'ad min', password }, "'user' must consist of letters, digits and _ . @ : + -, got 'ad min'; redis-cli would read something else"],
  ['a user whose name is a folder above', { user: '../x', password }, "'user' must consist of letters, digits and _ . @ : + -, got '../x'; redis-cli would read something else"],
  ['the name of the StatefulSet', { name: 'cache', statefulSetName: 'cache' },
    "'name' must differ from that of the StatefulSet, got 'cache'; it is the label 'app' of the Job's pod, by which Services would send clients there"],
  ['a certificate that nobody would make', { tls: RedisTls.fromIssuer('ca') },
    "'tls' must be RedisTls.fromSecret with the certificate that the pods have, got 'ca'; the Job makes none, as the StatefulSet is your own"],
  ['a certificate that is nowhere', { tls: RedisTls.fromSecret({ name: 'Nodes' }) }, "'tls' must name a Secret in lower-case letters, digits, hyphens and dots, got 'Nodes'"],
  ['an image of another layout', { image: 'bitnami/redis-cluster:7.0' }, "'image' must be laid out like the official images, got 'bitnami/redis-cluster:7.0'"],
  ['an image that is too old', { image: 'redis:5.0' }, "'image' must hold Redis 6.2, Valkey 7.2 or a later version, got 'redis:5.0'"],
  ['a label that no node has', { nodeSelector: { 'disk type': 'ssd' } }, "'nodeSelector' must have keys like name or example.com/name, got 'disk type'"],
  ['a Secret of the registry that cannot be', { imagePullSecrets: ['registry', 'My_Registry'] }, "'imagePullSecrets[1]' must be lower-case letters"],
])('%s is refused', (_, props, message) => {
  expect(() => synthJob(props)).toThrow(`[test/Init] ${message}`);
});

test('a user of a name that this library would not give may run the Job', () => {
  expect(envOf(containerOf(synthJob({ user: 'ops.redis@example', password }).one('Job'), 'redis-init'))).toMatchObject({ REDISCLI_OPTIONS: '--user ops.redis@example' });
});

describe('a StatefulSet that is given', () => {
  const containers = [{ name: 'redis', image: 'redis:7.0' }];
  const spec = (replicas?: number) => ({
    replicas, serviceName: 'cache-nodes', selector: { matchLabels: { app: 'cache' } }, template: { metadata: { labels: { app: 'cache' } }, spec: { containers } },
  });
  const typed = (scope: Construct, replicas?: number) => new kplus.k8s.KubeStatefulSet(scope, 'Cache', { metadata: { name: 'cache' }, spec: spec(replicas) });
  const plusProps = { metadata: { name: 'cache' }, spread: true, containers: [{ image: 'redis:7.0', portNumber: 6379, securityContext: { user: 999 } }] };
  const plus = (scope: Construct) => new kplus.StatefulSet(scope, 'Cache', {
    ...plusProps,
    replicas: 6,
    service: new kplus.Service(scope, 'Service', { metadata: { name: 'cache-nodes' }, ports: [{ port: 6379 }] }),
  });
  const scaled = (scope: Construct) => {
    const target = new kplus.StatefulSet(scope, 'Cache', plusProps);
    new kplus.HorizontalPodAutoscaler(scope, 'Autoscaler', { target, minReplicas: 6, maxReplicas: 6 });
    return target;
  };
  const jobFor = (make: (chart: Chart) => IConstruct, props: ClusterInitJobProps = {}, namespace = 'data') => {
    const app = new App();
    const statefulSet = make(new Chart(app, 'own', { namespace }));
    const chart = new Chart(app, 'test', { namespace: 'data' });
    new ClusterInitJob(chart, 'Init', { statefulSet, discovery: PodDiscovery.DNS, ...props });
    return containerOf(chart.toJson().find(({ kind }) => kind === 'Job'), 'redis-init');
  };

  test.each<[string, (chart: Chart) => IConstruct]>([
    ['of cdk8s-plus', plus],
    ['typed', chart => typed(chart, 6)],
    ['without types', chart => new ApiObject(chart, 'Cache', { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'cache' }, spec: spec(6) })],
    ['in a chart', chart => Chart.of(typed(chart, 6))],
  ])('%s has its name and that of its Service', (_, make) => {
    expect(envOf(jobFor(make))).toMatchObject({ NAME: 'cache', SERVICE: 'cache-nodes' });
  });

  test('may leave the number of its pods to an autoscaler', () => {
    expect(envOf(jobFor(scaled)).NAME).toBe('cache');
  });

  test('may have another Service named', () => {
    expect(envOf(jobFor(plus, { serviceName: 'all-nodes' })).SERVICE).toBe('all-nodes');
  });

  test.each<[string, (chart: Chart) => IConstruct, ClusterInitJobProps, string, string]>([
    ['beside another name', plus, { statefulSetName: 'redis' }, 'data',
      "'statefulSetName' must be left out beside 'statefulSet', got 'redis'; the name is that of 'own/Cache/Resource'"],
    ['that is none', chart => new kplus.k8s.KubeService(chart, 'Service'), {}, 'data',
      "'statefulSet' must be or hold one StatefulSet, got 'own/Service', which contains none; pass the construct that renders it"],
    ['of another namespace', plus, {}, 'web', "'statefulSet' must be in the namespace of the Job (data), got 'web'; the Job sees no pods of others"],
    ['with too few pods', chart => typed(chart), {}, 'data',
      "'statefulSet' must have 6 replicas, as 'masters' and 'replicasPerMaster' say, got 1; the Job waits for so many pods: change one of the three"],
    ['of cdk8s-plus with its default of one pod', chart => new kplus.StatefulSet(chart, 'Cache', plusProps), {}, 'data',
      "'statefulSet' must have 6 replicas, as 'masters' and 'replicasPerMaster' say, got 1"],
    ['with too many pods', plus, { replicasPerMaster: 0 }, 'data', "'statefulSet' must have 3 replicas, as 'masters' and 'replicasPerMaster' say, got 6"],
  ])('%s is a clear error', (_, make, props, namespace, message) => {
    expect(() => jobFor(make, props, namespace)).toThrow(`[test/Init] ${message}`);
  });
});
