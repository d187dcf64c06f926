import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import {
  BackupTarget, PodDiscovery, PodSpread, RedisClusterApp, RedisClusterChart, RedisClusterPreset, RedisClusterProps, RedisLogFormat, RedisMonitoring,
  RedisTls,
} from '../../src';
import { containerOf, synthCluster } from '../support/synth';

const envOf = (container: any) => Object.fromEntries((container.env ?? []).map(({ name, value }: any) => [name, value]));
const initOf = (props: RedisClusterProps) => envOf(containerOf(synthCluster(props).one('Job'), 'redis-init'));

describe('a changed shape', () => {
  test('restarts no pod, whatever the cluster has', () => {
    const secret = { name: 'redis-auth' };
    const templateOf = (masters: number, replicasPerMaster: number) => synthCluster({
      masters,
      replicasPerMaster,
      preset: RedisClusterPreset.PRODUCTION,
      requireImageDigests: false,
      image: 'redis:8.0',
      planJob: true,
      scaleInGuard: true,
      tls: RedisTls.fromIssuer('issuer'),
      announceHostnames: true,
      logFormat: RedisLogFormat.JSON,
      spread: PodSpread.REQUIRED,
      monitoring: RedisMonitoring.annotations({ alerts: {}, password: { secret, key: 'exporter' }, prometheus: { podLabels: { app: 'prometheus' } } }),
      restoreFrom: { target: BackupTarget.claim('backups'), time: '20260131T031500Z' },
    }, { namespace: 'data' }).one('StatefulSet').spec.template;
    expect(templateOf(6, 2)).toEqual(templateOf(3, 1));
  });

  test.each<[string, RedisClusterProps]>([
    ['more masters', { masters: 6 }],
    ['more replicas', { replicasPerMaster: 2 }],
    ['more replicas of Redis 8.0', { replicasPerMaster: 2, image: 'redis:8.0' }],
    ['pods that are to leave', { scaleInFrom: { masters: 6 } }],
  ])('restarts no pod: %s', (_, { image = 'redis:6.2', ...props }) => {
    const templateOf = (given: RedisClusterProps) => synthCluster({ image, ...given }).one('StatefulSet').spec.template;
    expect(templateOf(props)).toEqual(templateOf({}));
    expect(synthCluster(props).one('ConfigMap', 'redis-cluster-config')).not.toEqual(synthCluster().one('ConfigMap', 'redis-cluster-config'));
  });

  test('with pods that are to leave keeps them, and tells heal containers and Job', () => {
    const objects = synthCluster({ masters: 3, scaleInFrom: { masters: 4, replicasPerMaster: 2 } });
    expect(objects.one('StatefulSet').spec.replicas).toBe(12);
    expect(objects.one('ConfigMap', 'redis-cluster-config').data.shape).toBe('masters 3\nreplicas-per-master 1\npods 12\n');
    expect(envOf(containerOf(objects.one('Job'), 'redis-init'))).toMatchObject({ MASTERS: '3', REPLICAS_PER_MASTER: '1', PODS: '12' });
    expect(initOf({ masters: 6 })).not.toHaveProperty('PODS');
  });

  test('without any pod that would leave is refused', () => {
    expect(() => synthCluster({ masters: 6, scaleInFrom: { masters: 3 } })).toThrow(
      "[test/Cluster] 'scaleInFrom' must be a shape of more than 12 pods, got '6 pods'; no pod would leave: leave it out");
    expect(() => synthCluster({ scaleInFrom: { masters: 2 } })).toThrow("'scaleInFrom.masters' must be a whole number from 3 to 1000, got 2");
  });
});

describe('resharding', () => {
  test('is as the scripts have it, unless something else is said', () => {
    expect(Object.keys(initOf({}))).toEqual(['NAME', 'MASTERS', 'REPLICAS_PER_MASTER', 'PORT', 'TIMEOUT']);
    expect(initOf({ initJob: { resharding: { keysPerBatch: 100, keysPerSecond: 5000, maxKeySize: Size.mebibytes(8) } } }))
      .toMatchObject({ KEYS_PER_BATCH: '100', KEYS_PER_SECOND: '5000', LARGEST_KEY: '8388608' });
  });

  test.each<[object, string]>([
    [{ keysPerBatch: 0 }, "'initJob.resharding.keysPerBatch' must be a whole number of at least 1, got 0"],
    [{ keysPerSecond: 0.5 }, "'initJob.resharding.keysPerSecond' must be a whole number of at least 1, got 0.5"],
    [{ maxKeySize: Size.kibibytes(900) }, "'initJob.resharding.maxKeySize' must be a whole number of at least 1"],
  ])('%j is refused', (resharding, message) => {
    expect(() => synthCluster({ initJob: { resharding } })).toThrow(message);
  });
});

describe('the guard against pods that go too soon', () => {
  const guarded = (props: RedisClusterProps = {}, namespace?: string) => synthCluster({ scaleInGuard: true, ...props }, { namespace });

  test('is a policy for this StatefulSet alone, with a number that only the Job writes, and no right to change pods', () => {
    const objects = guarded({ name: 'sessions' }, 'data');
    const policy = objects.one('ValidatingAdmissionPolicy');
    expect(policy.metadata.name).toBe('sessions.data.scale-in');
    expect(policy.spec.matchConstraints.resourceRules).toEqual([expect.objectContaining({ resources: ['statefulsets', 'statefulsets/scale'], resourceNames: ['sessions'] })]);
    const { spec } = objects.one('ValidatingAdmissionPolicyBinding');
    expect(spec.matchResources.namespaceSelector).toEqual({ matchLabels: { 'kubernetes.io/metadata.name': 'data' } });
    expect([policy, objects.one('ValidatingAdmissionPolicyBinding')].map(({ metadata }: any) => metadata.namespace)).toEqual([undefined, undefined]);
    expect(objects.one('Role').rules.slice(1)).toEqual([
      { apiGroups: ['apps'], resources: ['statefulsets'], resourceNames: ['sessions'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['statefulsets/status'], resourceNames: ['sessions'], verbs: ['get', 'patch'] },
    ]);
    expect(envOf(containerOf(objects.one('Job'), 'kubectl'))).toEqual({ STATEFUL_SET: 'sessions', PODS: '6', MEMBERS: '6' });
  });

  test('is not there unless wanted', () => {
    expect(synthCluster().all('ValidatingAdmissionPolicy')).toEqual([]);
    expect(containerOf(synthCluster().one('Job'), 'kubectl')).not.toHaveProperty('env');
  });

  test('needs a namespace, and a Job that may write to the API', () => {
    expect(() => guarded()).toThrow("'scaleInGuard' must be false without a 'namespace' of the chart, got true");
    expect(() => guarded({ initJob: { discovery: PodDiscovery.DNS } }, 'data')).toThrow("'scaleInGuard' must be false with PodDiscovery.DNS, got true");
  });
});

describe('the plan', () => {
  test('is a Job of its own, which changes nothing', () => {
    const objects = synthCluster({ masters: 6, planJob: true, scaleInGuard: true }, { namespace: 'data' });
    const job = objects.one('Job', 'redis-cluster-plan');
    expect(envOf(containerOf(job, 'redis-init'))).toEqual({
      NAME: 'redis-cluster', MASTERS: '6', REPLICAS_PER_MASTER: '1', PORT: '6379', PLAN: 'yes', TIMEOUT: '300',
    });
    expect(containerOf(job, 'kubectl')).not.toHaveProperty('env');
    expect(job.spec).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } }); // or Kubernetes would delete the log of one that fails
    expect(job.spec.template.spec.serviceAccountName).toBe(objects.one('Job', 'redis-cluster-init').spec.template.spec.serviceAccountName);
  });

  test('has another name with each change where the init Job has, as Kubernetes changes no Job', () => {
    const names = (masters: number) => synthCluster({ masters, planJob: true, initJob: { contentHashInName: true } }).all('Job').map(({ metadata }) => metadata.name);
    expect(names(3)).toEqual([expect.stringMatching(/^redis-cluster-init-\w{8}$/), expect.stringMatching(/^redis-cluster-plan-\w{8}$/)]);
    expect(names(4).filter(name => names(3).includes(name))).toEqual([]);
  });

  test('has a file of its own', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'plan-'));
    const app = new RedisClusterApp({ outdir });
    new RedisClusterChart(app, 'redis', { planJob: true });
    app.synth();
    expect(readFileSync(join(outdir, 'redis-cluster-plan.yaml'), 'utf8')).toContain('name: redis-cluster-plan');
    expect(readFileSync(join(outdir, 'redis-cluster-init.yaml'), 'utf8')).not.toContain('redis-cluster-plan');
    rmSync(outdir, { recursive: true });
  });
});
