import { ChartProps } from 'cdk8s';
import type { ISecret } from 'cdk8s-plus-28';
import { ClusterInitJob, RedisCluster, RedisClusterProps, RedisTls, RedisVersion } from '../../src';
import { synth, synthCluster, Synthesized } from '../support/synth';

/** All kinds of objects that there are. */
const everything: RedisClusterProps = {
  networkPolicy: true, tls: RedisTls.fromIssuer('internal'), password: { secret: { name: 'redis-auth' } as ISecret, key: 'password' },
};

function granted(props: RedisClusterProps, chartProps: ChartProps = {}): Synthesized {
  return synth(scope => new RedisCluster(scope, 'Cluster', { ...everything, ...props })
    .grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } }), chartProps);
}

const podTemplates = (objects: Synthesized) => [objects.one('StatefulSet'), objects.one('Job')].map(object => object.spec.template.metadata);
const recommended = (labels: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith('app.kubernetes.io/')).map(([key, value]) => [key.split('/')[1], value]));

/** What the API server would refuse to change, and selectors. */
function immutable(objects: Synthesized): unknown[] {
  const { selector, volumeClaimTemplates, serviceName, template } = objects.one('StatefulSet').spec;
  return [
    selector, volumeClaimTemplates, serviceName, template.spec.topologySpreadConstraints, objects.one('PodDisruptionBudget').spec.selector,
    ...objects.all('Service').map(service => service.spec), ...objects.all('NetworkPolicy').map(policy => policy.spec),
  ];
}

describe('labels of all objects', () => {
  const labels = { 'team': 'payments', 'app.kubernetes.io/part-of': 'shop' };
  const objects = granted({ labels });

  test('are on every object, of those of a grant too, and on the pods', () => {
    expect(objects.objects.map(object => object.kind)).toEqual(expect.arrayContaining(['NetworkPolicy', 'Certificate', 'ServiceAccount', 'ConfigMap']));
    for (const metadata of [...objects.objects.map(object => object.metadata), ...podTemplates(objects)]) {
      expect(metadata.labels).toMatchObject(labels);
    }
  });

  test('change nothing that cannot be changed, and no selector', () => {
    expect(immutable(objects)).toEqual(immutable(granted({})));
  });

  test('leave the label by which pods are selected to the library', () => {
    const [nodes, job] = podTemplates(granted({ labels: { app: 'shop' } }));
    expect(nodes.labels.app).toBe('redis-cluster');
    expect(job.labels.app).toBe('redis-cluster-init');
  });

  test('win over those of the chart, and lose to those of the pods', () => {
    const both = granted({ labels: { team: 'payments', tier: 'data' }, podLabels: { tier: 'pods' } }, { labels: { team: 'platform', stage: 'test' } });
    expect(both.one('StatefulSet').metadata.labels).toEqual({ team: 'payments', tier: 'data', stage: 'test' });
    expect(podTemplates(both)[0].labels).toEqual({ team: 'payments', tier: 'pods', stage: 'test', app: 'redis-cluster' });
  });

  test('must be labels', () => {
    expect(() => synthCluster({ labels: { 'team': 'a b', 'a/b/c': 'x' } })).toThrow(new Error([
      "[test/Cluster] 'labels' must have keys like name or example.com/name, got 'a/b/c'; Kubernetes takes no other keys",
      "[test/Cluster] 'labels.team' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 'a b'; Kubernetes takes no other labels",
    ].join('\n')));
  });
});

describe('the recommended labels', () => {
  const expected = { 'name': 'redis', 'instance': 'sessions', 'version': '7.0', 'component': 'cluster', 'managed-by': 'cdk8s' };
  const objects = granted({ name: 'sessions', image: 'redis:7.0.15-alpine', recommendedLabels: true });

  test('are on every object and on the pods; what belongs to the init Job is another component', () => {
    const ofInitJob = ['Job', 'ServiceAccount', 'Role', 'RoleBinding'];
    for (const { kind, metadata } of objects.objects) {
      expect(recommended(metadata.labels)).toEqual({ ...expected, ...ofInitJob.includes(kind) ? { component: 'init-job' } : {} });
    }
    expect(podTemplates(objects).map(({ labels }) => recommended(labels))).toEqual([expected, { ...expected, component: 'init-job' }]);
  });

  test('change nothing that cannot be changed, and no selector', () => {
    expect(immutable(objects)).toEqual(immutable(granted({ name: 'sessions', image: 'redis:7.0.15-alpine' })));
  });

  test('are there on request only', () => {
    expect(granted({}).objects.map(object => recommended(object.metadata.labels))).toEqual(granted({}).objects.map(() => ({})));
  });

  test('have no version where nothing tells it, and that of the prop where it is given', () => {
    const labelsOf = (props: RedisClusterProps) => recommended(granted({ ...props, recommendedLabels: true }).one('StatefulSet').metadata.labels);
    expect(labelsOf({ image: 'redis:latest' })).not.toHaveProperty('version');
    expect(labelsOf({ image: 'registry.example/own', version: RedisVersion.VALKEY_9_1 })).toMatchObject({ name: 'valkey', version: '9.1' });
    expect(labelsOf({ image: 'valkey/valkey:latest' })).toMatchObject({ name: 'valkey' });
  });

  test('give way to labels that are given', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'argocd', 'app.kubernetes.io/component': 'sessions' };
    const [nodes, job] = podTemplates(granted({ recommendedLabels: true, labels }));
    expect(nodes.labels).toMatchObject(labels);
    expect(job.labels).toMatchObject(labels);
  });
});

describe('annotations of all objects', () => {
  const annotations = { 'argocd.argoproj.io/sync-wave': '2' };

  test('are on every object and on no pod', () => {
    const objects = granted({ annotations });
    for (const { metadata } of objects.objects) {
      expect(metadata.annotations).toMatchObject(annotations);
    }
    for (const template of podTemplates(objects)) {
      expect(template.annotations).not.toMatchObject(annotations);
    }
  });

  test('must have keys that Kubernetes takes', () => {
    expect(() => synthCluster({ annotations: { 'a/b/c': 'x' } })).toThrow(
      new Error("[test/Cluster] 'annotations' must have keys like name or example.com/name, got 'a/b/c'; Kubernetes takes no other keys"),
    );
  });

  test('are none that tell synth and the guard how many pods are needed', () => {
    expect(() => synthCluster({ annotations: { 'cdk8s-redis-cluster/members': '1' } })).toThrow(
      "'annotations' must leave 'cdk8s-redis-cluster/members' to the library, got '1'; synth and the guard against fewer pods rely on it");
  });
});

describe('annotations and labels of the init Job', () => {
  const force = { 'kustomize.toolkit.fluxcd.io/force': 'enabled' };

  test('are on the Job alone, and win over those of all objects', () => {
    const objects = granted({ annotations: { wave: '1' }, initJob: { annotations: { ...force, wave: '2' }, labels: { queue: 'slow' } } });
    expect(objects.one('Job').metadata.annotations).toEqual({ ...force, wave: '2' });
    expect(objects.one('Job').metadata.labels).toEqual({ queue: 'slow' });
    expect(objects.one('ServiceAccount').metadata).toMatchObject({ annotations: { wave: '1' } });
    expect(objects.one('ServiceAccount').metadata.labels).toBeUndefined();
  });

  test('labels are on its pod too, annotations leave its name as it is', () => {
    const objects = granted({ initJob: { annotations: force, labels: { queue: 'slow' }, contentHashInName: true } });
    expect(objects.one('Job').spec.template.metadata.labels).toEqual({ queue: 'slow', app: 'redis-cluster-init' });
    expect(objects.one('Job').metadata.name).toBe(granted({ initJob: { labels: { queue: 'slow' }, contentHashInName: true } }).one('Job').metadata.name);
  });

  test('can be given to a Job that stands alone', () => {
    const objects = synth(scope => new ClusterInitJob(scope, 'Init', { annotations: force, labels: { queue: 'slow' } }));
    expect(objects.one('Job').metadata).toMatchObject({ annotations: force, labels: { queue: 'slow' } });
    expect(objects.one('ConfigMap').metadata.annotations).toBeUndefined();
  });

  test('are checked', () => {
    expect(() => synthCluster({ initJob: { annotations: { 'a/b/c': 'x' }, labels: { app: 'x' } } })).toThrow(new Error([
      "[test/Cluster] 'initJob.annotations' must have keys like name or example.com/name, got 'a/b/c'; Kubernetes takes no other keys",
      "[test/Cluster] 'initJob.labels' must leave 'app' to the library, got 'x'; it tells the Job's pod from those of Redis",
    ].join('\n')));
  });
});

describe('what the API server would add is rendered, so that nothing differs from what it has', () => {
  const { spec } = synthCluster().one('StatefulSet');

  test('the whole claim template, which server-side apply compares as one value', () => {
    expect(spec.volumeClaimTemplates).toEqual([{
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'redis-data' },
      spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    }]);
  });

  test('the protocol of the ports of network policies', () => {
    const rules = granted({}).all('NetworkPolicy').flatMap(({ spec: { ingress = [], egress = [] } }) => [...ingress, ...egress]);
    const ports = rules.flatMap((rule: any) => rule.ports);
    expect(ports.length).toBeGreaterThan(8);
    expect(ports.filter((port: any) => !['TCP', 'UDP'].includes(port.protocol))).toEqual([]);
  });

  test('the version of references to fields', () => {
    const references = spec.template.spec.containers.flatMap((container: any) => container.env)
      .map((variable: any) => variable.valueFrom?.fieldRef).filter(Boolean);
    expect(references.length).toBeGreaterThan(3);
    expect(references.filter((reference: any) => reference.apiVersion !== 'v1')).toEqual([]);
  });
});
