import { Duration, Size } from 'cdk8s';
import { ClusterInitJob, ClusterInitJobProps, PodDiscovery } from '../src';
import { containerOf, synth } from './support/synth';

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
    "[test/Init] 'timeout' must be a whole number of at least 10, got 1; it is in seconds, and a cluster needs some of them to form",
  ].join('\n'));
});
