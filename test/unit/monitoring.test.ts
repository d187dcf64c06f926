import { Duration, Size } from 'cdk8s';
import { Cpu, RedisCluster, RedisClusterPreset, RedisClusterProps, RedisMonitoring, RedisTls } from '../../src';
import { operatorsRecording } from '../support/kubernetes/prometheus';
import { committedFolder, objectsOf, readFiles } from '../support/pages/examples';
import { containerOf, synthCluster, Synthesized } from '../support/synth';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const key = (name: string) => ({ secret: { name: 'redis-auth' }, key: name });
const exporterOf = (objects: Synthesized) => containerOf(objects.one('StatefulSet'), 'exporter');
const annotationsOf = (objects: Synthesized) => objects.one('StatefulSet').spec.template.metadata.annotations;
const usersOf = (props: RedisClusterProps): string[] => synthCluster(props).one('ConfigMap', 'redis-cluster-config').data['users.acl'].trim().split('\n');
const refused = (props: RedisClusterProps) => () => synthCluster(props);
const prometheus = { podLabels: { 'app.kubernetes.io/name': 'prometheus' }, namespaceLabels: { 'kubernetes.io/metadata.name': 'watch' } };

describe('without monitoring', () => {
  test.each<[string, RedisClusterProps]>([
    ['documented', {}],
    ['production', { preset: RedisClusterPreset.PRODUCTION, requireImageDigests: false }],
  ])('the %s preset has nothing of it', (_, props) => {
    expect(JSON.stringify(synthCluster(props).objects)).not.toMatch(/exporter|PodMonitor|prometheus|metrics/i);
  });
});

describe('a PodMonitor', () => {
  const objects = synthCluster({
    name: 'sessions', monitoring: RedisMonitoring.podMonitor({ labels: { release: 'stack' }, interval: Duration.seconds(20) }), labels: { team: 'web' },
  });

  const relabelings = [{ action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }];

  test('has the pods of the cluster scraped at the port of the exporter, with labels that say of which cluster and on which node they are', () => {
    expect(objects.one('PodMonitor')).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: 'sessions', labels: { release: 'stack', team: 'web' } },
      spec: { selector: { matchLabels: { app: 'sessions' } }, podTargetLabels: ['app'], podMetricsEndpoints: [{ port: 'metrics', interval: '20s', relabelings }] },
    });
    expect(exporterOf(objects).ports).toEqual([{ name: 'metrics', containerPort: 9121 }]);
    expect(objects.one('StatefulSet').spec.template.metadata.labels).toMatchObject({ app: 'sessions' });
    expect(Object.keys(annotationsOf(objects)).join()).not.toContain('prometheus');
  });

  test('keeps the labels by which Prometheus selects it, and its rules, whatever the cluster has', () => {
    const both = synthCluster({
      labels: { release: 'v2', team: 'web' }, monitoring: RedisMonitoring.podMonitor({ labels: { release: 'stack' }, alerts: {} }),
    }, { namespace: 'data' });
    expect(both.one('PodMonitor').metadata.labels).toEqual({ release: 'stack', team: 'web' });
    expect(both.one('PrometheusRule').metadata.labels).toEqual({ release: 'stack', team: 'web' });
    expect(both.one('StatefulSet').metadata.labels).toEqual({ release: 'v2', team: 'web' });
  });

  test('is what the operator was asked about, whose configuration the end-to-end tests scrape by', () => {
    const { 'podmonitor.yaml': example } = readFiles(committedFolder('monitoring'));
    expect(objectsOf({ example })).toEqual([operatorsRecording()[0]]);
  });

  test('leaves the interval to Prometheus unless it is given', () => {
    expect(synthCluster({ monitoring: RedisMonitoring.podMonitor() }).one('PodMonitor').spec.podMetricsEndpoints).toEqual([{ port: 'metrics', relabelings }]);
  });
});

describe('annotations', () => {
  test('are those of the pods, and there is no PodMonitor', () => {
    const objects = synthCluster({ monitoring: RedisMonitoring.annotations(), podAnnotations: { 'team': 'web', 'prometheus.io/scrape': 'slow' } });
    expect(objects.all('PodMonitor')).toEqual([]);
    expect(annotationsOf(objects)).toMatchObject({ 'prometheus.io/scrape': 'slow', 'prometheus.io/port': '9121', 'team': 'web' });
    expect(annotationsOf(synthCluster({ monitoring: RedisMonitoring.annotations() }))['prometheus.io/scrape']).toBe('true');
  });
});

describe('the exporter', () => {
  const plain = exporterOf(synthCluster({ monitoring: RedisMonitoring.annotations(), config: { port: 7000 } }));

  test('reads the server beside it, without CONFIG, and nothing else', () => {
    expect(plain.image).toBe('oliver006/redis_exporter:v1.88.0');
    expect(plain.args).toEqual(['--redis.addr=redis://localhost:7000', '--config-command=-', '--set-client-name=false', '--disable-scrape-endpoint',
      '--exclude-latency-histogram-metrics']);
    expect(plain.env).toBeUndefined();
    expect(plain.volumeMounts).toBeUndefined();
  });

  test('reads the histograms of latency where the server has them', () => {
    expect(exporterOf(synthCluster({ image: 'redis:7.0', monitoring: RedisMonitoring.annotations() })).args).not.toContain('--exclude-latency-histogram-metrics');
  });

  test('is as the Pod Security level restricted wants it', () => {
    expect(plain.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  });

  test('does not keep the server from starting, whatever becomes of it', () => {
    const pod = synthCluster({ monitoring: RedisMonitoring.annotations() }).one('StatefulSet').spec.template.spec;
    expect(pod.containers.map(({ name }: any) => name)).toEqual(['heal', 'redis', 'exporter']);
    expect(plain.livenessProbe).toBeUndefined();
    expect(plain.readinessProbe).toBeUndefined();
  });

  test('requests little, and no CPU to speak of beside a server that requests none', () => {
    expect(plain.resources).toEqual({ requests: { cpu: '1m', memory: '32Mi' }, limits: { memory: '64Mi' } });
    const beside = synthCluster({ resources: RedisCluster.DOCUMENTED_RESOURCES, monitoring: RedisMonitoring.annotations() });
    expect(exporterOf(beside).resources.requests).toEqual({ cpu: '10m', memory: '32Mi' });
  });

  test('may have another image and other resources', () => {
    const resources = { cpu: { request: Cpu.millis(5) }, memory: { limit: Size.mebibytes(96) } };
    const other = exporterOf(synthCluster({ monitoring: RedisMonitoring.podMonitor({ image: 'registry.example/exporter:v2', resources }) }));
    expect(other).toMatchObject({ image: 'registry.example/exporter:v2', resources: { requests: { cpu: '5m' }, limits: { memory: '96Mi' } } });
  });

  test('checks the certificate of the server, and shows one where clients must', () => {
    const args = (tls: RedisTls, keys: string[] | undefined) => {
      const objects = synthCluster({ image: 'redis:7.0', tls, monitoring: RedisMonitoring.annotations() });
      const { args: all, volumeMounts: [mount, ...more] } = exporterOf(objects);
      expect([mount.mountPath, more]).toEqual(['/etc/redis-tls', []]);
      const { secret } = objects.one('StatefulSet').spec.template.spec.volumes.find(({ name }: any) => name === mount.name);
      expect({ ...secret, items: secret.items?.map(({ key: item }: any) => item) }).toEqual({ secretName: 'nodes', defaultMode: 0o440, items: keys });
      return [all[0], ...all.slice(4)];
    };
    const checks = ['--redis.addr=rediss://localhost:6379', '--tls-ca-cert-file=/etc/redis-tls/ca.crt'];
    expect(args(RedisTls.fromSecret({ name: 'nodes' }), ['ca.crt'])).toEqual(checks);
    expect(args(RedisTls.fromSecret({ name: 'nodes' }, { authClients: true }), undefined)) // all of it
      .toEqual([...checks, '--tls-client-cert-file=/etc/redis-tls/tls.crt', '--tls-client-key-file=/etc/redis-tls/tls.key']);
  });
});

describe('the user of the exporter', () => {
  const monitoring = RedisMonitoring.podMonitor({ password: key('figures') });
  const password = key('own');

  test('has its password from the Secret, in a variable of the exporter and in a file of the server', () => {
    const objects = synthCluster({ password, users: [{ name: 'app', password: key('app') }], networkPolicy: false, monitoring });
    expect(exporterOf(objects).env).toEqual([
      { name: 'REDIS_USER', value: 'exporter' }, { name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name: 'redis-auth', key: 'figures' } } },
    ]);
    expect(objects.one('StatefulSet').spec.template.spec.volumes.find(({ name }: any) => name === 'redis-passwords').projected.sources)
      .toContainEqual({ secret: { name: 'redis-auth', items: [{ key: 'figures', path: 'exporter/password' }] } });
  });

  test.each([
    ['redis:6.2', ''], ['redis:7.0', ' +latency|histogram'], ['redis:8.2', ' +latency|histogram'],
    ['valkey/valkey:8.0', ' +latency|histogram'], ['valkey/valkey:8.1', ' +latency|histogram +commandlog|len'], ['valkey/valkey:9.1', ' +latency|histogram +commandlog|len'],
  ])('may read figures of %s and nothing else, beside users and beside the default user', (image, more) => {
    const line = `exporter -@all resetchannels +info +cluster|info +slowlog|len +slowlog|get +latency|latest${more}`;
    expect(usersOf({ image, password, users: [{ name: 'app', password: key('app') }], monitoring }).pop()).toBe(line);
    expect(usersOf({ image, password, monitoring })).toEqual(['default ~* &* +@all', line]);
  });
});

describe('the NetworkPolicy', () => {
  test('lets in to the exporter who is named, and nobody else', () => {
    const [, , scraping] = synthCluster({ networkPolicy: true, monitoring: RedisMonitoring.podMonitor({ prometheus }) }).one('NetworkPolicy', 'redis-cluster').spec.ingress;
    expect(scraping).toEqual({
      from: [{
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } },
      }],
      ports: [{ port: 9121, protocol: 'TCP' }],
    });
  });

  test('is not there because of it', () => {
    expect(synthCluster({ monitoring: RedisMonitoring.podMonitor({ prometheus }) }).all('NetworkPolicy')).toEqual([]);
  });
});

describe('what cannot work is refused', () => {
  test.each<[string, RedisClusterProps, string]>([
    ['a password that the exporter does not have', { password: key('own'), monitoring: RedisMonitoring.podMonitor() },
      "'monitoring.password' must be given with the cluster's 'password', got 'none'; the exporter logs in as a user of its own, 'exporter': add a key to the Secret"],
    ['one that nobody asks for', { monitoring: RedisMonitoring.podMonitor({ password: key('figures') }) },
      "'monitoring.password' must be left out without a 'password' of the cluster, got 'figures'; nobody is asked for one"],
    ['one under a key that no Secret has', { password: key('own'), monitoring: RedisMonitoring.annotations({ password: key('a b') }) },
      "'monitoring.password' must be a key of letters, digits, -, _ and ., and not begin with .., got 'a b'; the Secret has its values under such keys"],
    ['another user of that name', {
      password: key('own'), users: [{ name: 'exporter', password: key('app') }], monitoring: RedisMonitoring.annotations({ password: key('figures') }),
    }, "'users' must leave the name 'exporter' to 'monitoring', got 'exporter'; it is that of the user that reads figures"],
    ['what no factory has made', { monitoring: {} as any },
      "'monitoring' must be made by RedisMonitoring.podMonitor or RedisMonitoring.annotations, got 'something else'; nobody would know who scrapes"],
    ['a NetworkPolicy that lets nobody scrape', { networkPolicy: true, monitoring: RedisMonitoring.podMonitor() },
      "'monitoring.prometheus' must be given with 'networkPolicy', got 'none'; nobody could read the metrics: name the labels of its pods"],
    ['one that lets everybody', { networkPolicy: true, monitoring: RedisMonitoring.podMonitor({ prometheus: { podLabels: {} } }) },
      "'monitoring.prometheus.podLabels' must have at least one label, got 'none'; every pod would be let in"],
    ['one with a label that has no value', { networkPolicy: true, monitoring: RedisMonitoring.podMonitor({ prometheus: { podLabels: { app: undefined } as any } }) },
      "'monitoring.prometheus.podLabels.app' must have a value, got undefined; without this label, more pods would be let in"],
    ['labels that are none', { monitoring: RedisMonitoring.podMonitor({ labels: { 'a b': 'x' }, prometheus: { podLabels: { app: 'x y' } } }) },
      "'monitoring.labels' must have keys like name or example.com/name, got 'a b'; Kubernetes takes no other keys"],
    ['half a second', { monitoring: RedisMonitoring.podMonitor({ interval: Duration.millis(500) }) },
      "'monitoring.interval' must be whole seconds, at least 1, got '500 milliseconds'; Prometheus counts it in seconds"],
    ['an image that is none', { monitoring: RedisMonitoring.podMonitor({ image: 'a b' }) },
      "'monitoring.image' must be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…, got 'a b'; the kubelet could not pull it"],
    ['a request above its limit', { monitoring: RedisMonitoring.podMonitor({ resources: { memory: { request: Size.mebibytes(2), limit: Size.mebibytes(1) } } }) },
      "'monitoring.resources.memory.request' must be at most the limit of 1024 kibibytes, got 2048; the API server rejects a request above its limit"],
    ['the port of the exporter', { config: { port: 9121 }, monitoring: RedisMonitoring.podMonitor() },
      "'config.port' must be another one with 'monitoring', got 9121; the exporter listens there"],
  ])('%s', (_, props, message) => {
    expect(refused(props)).toThrow(message);
  });

  test('an image by its tag, where digests are asked for', () => {
    const image = `redis:8.0${DIGEST}`;
    const initJob = { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` };
    expect(refused({ image, initJob, requireImageDigests: true, monitoring: RedisMonitoring.podMonitor() }))
      .toThrow("'monitoring.image' must be pinned by its digest (…@sha256:…), got 'oliver006/redis_exporter:v1.88.0'");
    const pinned = RedisMonitoring.podMonitor({ image: `oliver006/redis_exporter:v1.88.0${DIGEST}` });
    expect(exporterOf(synthCluster({ image, initJob, requireImageDigests: true, monitoring: pinned })).image).toContain(DIGEST);
  });
});
