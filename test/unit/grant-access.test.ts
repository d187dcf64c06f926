import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Cron, Include, JsonPatch, Yaml } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { GrantAccessOptions, RedisCluster, RedisClusterApp, RedisClusterProps, RedisTls } from '../../src';
import { synth } from '../support/synth';

const { k8s } = kplus;
const image = 'app:1';
const safe = { image, securityContext: { user: 1000 } };
const template = { metadata: { labels: { app: 'api' } }, spec: { initContainers: [{ name: 'migrate', image }], containers: [{ name: 'api', image }] } };
const selector = { matchLabels: { app: 'api' } };
const schedule = Cron.daily();
const spec = { selector, template };

/** Where each kind keeps the template of its pods. */
const templateOf: Record<string, (object: any) => any> = {
  Pod: object => object,
  CronJob: object => object.spec.jobTemplate.spec.template,
};
const podOf = (object: any) => (templateOf[object.kind] ?? (({ spec: { template: pod } }: any) => pod))(object);
const podSpecOf = (object: any) => podOf(object).spec;
const namesOf = (container: any) => container.env.map(({ name }: any) => name);

/** The workload of a chart that was granted access, and how the NetworkPolicy selects its pods. */
function workloads(make: (chart: Chart) => IConstruct, props: RedisClusterProps = {}, options: GrantAccessOptions = {}) {
  const app = new App();
  const cluster = new RedisCluster(new Chart(app, 'test'), 'Cluster', { networkPolicy: true, ...props });
  const chart = new Chart(app, 'client');
  cluster.grantAccess(make(chart), options);
  const [object] = chart.toJson().filter(({ kind }) => /Deployment|Set|Job|Pod|Rollout|Controller/.test(kind));
  const policy = Chart.of(cluster).toJson().find(({ metadata }) => metadata.name.startsWith('redis-cluster-client-'));
  return { object, selected: policy?.spec.ingress[0].from[0].podSelector };
}

describe('a workload', () => {
  test.each<[string, (chart: Chart) => IConstruct]>([
    ['a Deployment of cdk8s-plus', chart => new kplus.Deployment(chart, 'Api', { containers: [safe] })],
    ['a StatefulSet of cdk8s-plus', chart => new kplus.StatefulSet(chart, 'Api', {
      containers: [{ ...safe, portNumber: 80 }], service: new kplus.Service(chart, 'Service', { ports: [{ port: 80 }] }),
    })],
    ['a DaemonSet of cdk8s-plus', chart => new kplus.DaemonSet(chart, 'Api', { containers: [safe] })],
    ['a Job of cdk8s-plus', chart => new kplus.Job(chart, 'Api', { containers: [safe] })],
    ['a CronJob of cdk8s-plus', chart => new kplus.CronJob(chart, 'Api', { schedule, containers: [safe] })],
    ['a Pod of cdk8s-plus', chart => new kplus.Pod(chart, 'Api', { containers: [safe] })],
    ['a Deployment that selects nothing by itself', chart => new kplus.Deployment(chart, 'Api', { select: false, containers: [safe] })],
    ['a typed Deployment', chart => new k8s.KubeDeployment(chart, 'Api', { spec })],
    ['a typed StatefulSet', chart => new k8s.KubeStatefulSet(chart, 'Api', { spec: { serviceName: 'api', ...spec } })],
    ['a typed DaemonSet', chart => new k8s.KubeDaemonSet(chart, 'Api', { spec })],
    ['a typed ReplicaSet', chart => new k8s.KubeReplicaSet(chart, 'Api', { spec })],
    ['a typed ReplicationController', chart => new k8s.KubeReplicationController(chart, 'Api', { spec: { selector: { app: 'api' }, template } })],
    ['a typed Job', chart => new k8s.KubeJob(chart, 'Api', { spec: { template } })],
    ['a typed CronJob', chart => new k8s.KubeCronJob(chart, 'Api', { spec: { schedule: '0 1 * * *', jobTemplate: { spec: { template } } } })],
    ['a typed Pod', chart => new k8s.KubePod(chart, 'Api', template)],
    ['an object without types', chart => new ApiObject(chart, 'Api', { apiVersion: 'apps/v1', kind: 'Deployment', spec })],
    ['a Rollout of Argo', chart => new ApiObject(chart, 'Api', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec })],
    ['a chart that holds one', chart => {
      new k8s.KubeDeployment(chart, 'Api', { spec });
      new k8s.KubeService(chart, 'Service', { spec: { selector: { app: 'api' }, ports: [{ port: 80 }] } });
      return chart;
    }],
  ])('is %s', (_, make) => {
    const { object, selected } = workloads(make);
    const containers = [...podSpecOf(object).containers, ...podSpecOf(object).initContainers ?? []];
    expect(containers.length).toBeGreaterThan(0);
    containers.forEach(container => expect(namesOf(container)).toEqual(['REDIS_HOST', 'REDIS_PORT']));
    expect(Object.keys(selected.matchLabels).length).toBeGreaterThan(0);
    expect(podOf(object).metadata.labels).toMatchObject(selected.matchLabels);
  });

  test('is one that a file holds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'include-'));
    const url = join(folder, 'api.yaml');
    writeFileSync(url, Yaml.stringify(
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' }, spec: { ports: [{ port: 80 }] } },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' }, spec },
    ));
    const { object, selected } = workloads(chart => new Include(chart, 'Api', { url }));
    rmSync(folder, { recursive: true });
    expect(namesOf(podSpecOf(object).containers[0])).toEqual(['REDIS_HOST', 'REDIS_PORT']);
    expect(selected).toEqual(selector);
  });

  test('is not the cluster that the same construct holds', () => {
    const objects = synth(scope => {
      const cluster = new RedisCluster(scope, 'Cluster');
      new k8s.KubeDeployment(scope, 'Api', { spec });
      cluster.grantAccess(scope);
    });
    expect(namesOf(podSpecOf(objects.one('Deployment')).containers[0])).toEqual(['REDIS_HOST', 'REDIS_PORT']);
  });

  test('gets into containers that are added after the grant, and by a patch', () => {
    const { object } = workloads(chart => new kplus.Deployment(chart, 'Api', { containers: [safe] }), {});
    expect(podSpecOf(object).containers).toHaveLength(1);
    const objects = synth(scope => {
      const api = new kplus.Deployment(scope, 'Api', { containers: [{ ...safe, name: 'api' }] });
      new RedisCluster(scope, 'Cluster').grantAccess(api);
      api.addContainer({ ...safe, name: 'second' });
      api.addInitContainer({ ...safe, name: 'migrate' });
      ApiObject.of(api).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/-', { name: 'patched', image }));
    });
    const { containers, initContainers } = podSpecOf(objects.one('Deployment'));
    expect([...containers, ...initContainers].map(({ name, env }: any) => [name, env?.length])).toEqual([
      ['api', 2], ['second', 2], ['patched', 2], ['migrate', 2],
    ]);
  });

  test('may let only some of its containers in', () => {
    const { object } = workloads(chart => new k8s.KubeDeployment(chart, 'Api', { spec }), {}, { containers: ['migrate'] });
    expect(podSpecOf(object).containers[0]).not.toHaveProperty('env');
    expect(namesOf(podSpecOf(object).initContainers[0])).toEqual(['REDIS_HOST', 'REDIS_PORT']);
  });

  test('may refer to the variables in its own', () => {
    const url = { name: 'URL', value: 'redis://$(REDIS_HOST):$(REDIS_PORT)' };
    const { object } = workloads(chart => new k8s.KubePod(chart, 'Api', {
      metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image, env: [url] }] },
    }));
    expect(namesOf(podSpecOf(object).containers[0])).toEqual(['REDIS_HOST', 'REDIS_PORT', 'URL']);
  });

  test('is found by its selector, so that other labels may change during a rollout', () => {
    const matchExpressions = [{ key: 'tier', operator: 'In', values: ['web'] }];
    const labels = { app: 'api', tier: 'web', version: '2' };
    const { selected } = workloads(chart => new k8s.KubeDeployment(chart, 'Api', {
      spec: { selector: { matchExpressions, matchLabels: { app: 'api' } }, template: { ...template, metadata: { labels } } },
    }));
    expect(selected).toEqual({ matchExpressions, matchLabels: { app: 'api' } });
  });

  test('of cdk8s-plus is rendered once, as rules for its spread would grow', () => {
    const render = (grant: boolean) => {
      const chart = new Chart(new App(), 'test');
      const api = new kplus.Deployment(chart, 'Api', { spread: true, containers: [safe] });
      const cluster = new RedisCluster(chart, 'Cluster', { networkPolicy: true });
      if (grant) {
        cluster.grantAccess(api);
      }
      return chart.toJson().find(({ kind }) => kind === 'Deployment').spec.template.spec.affinity;
    };
    expect(render(true)).toEqual(render(false));
  });
});

describe('the YAML', () => {
  const build = (app: App) => {
    const chart = new Chart(app, 'test', { namespace: 'data' });
    const cluster = new RedisCluster(chart, 'Cluster', {
      networkPolicy: true, image: 'redis:7.0', tls: RedisTls.fromIssuer('issuer'), password: { secret: { name: 'auth' }, key: 'password' },
    });
    cluster.grantAccess(new kplus.Deployment(chart, 'Api', { containers: [safe] }));
    cluster.grantAccess(new k8s.KubeJob(chart, 'Job', { spec: { template } }));
    return app;
  };
  const filesOf = (app: App) => {
    app.synth();
    return readdirSync(app.outdir).map(file => readFileSync(join(app.outdir, file), 'utf8'));
  };
  const outdir = () => mkdtempSync(join(tmpdir(), 'grant-'));

  test('is the same at every synth, by every way', () => {
    const [plain, own] = [build(new App({ outdir: outdir() })), build(new RedisClusterApp({ outdir: outdir() }))];
    expect(filesOf(plain)).toEqual(filesOf(build(new App({ outdir: outdir() }))));
    expect(filesOf(plain)).toEqual(filesOf(plain));
    expect(filesOf(own)).toEqual(filesOf(own));
    expect(plain.synthYaml()).not.toMatch(/[&*]a\d/); // YAML would refer from one container to what another one has too
    const documents = (files: string[]) => files.flatMap(text => text.split('---\n')).map(text => text.trim()).sort();
    expect(documents(filesOf(own))).toEqual(documents([plain.synthYaml()]));
  });

  test('has its keys in the order of cdk8s', () => {
    const keysOf = (value: any): string[][] => value === null || typeof value !== 'object' ? []
      : [...Array.isArray(value) ? [] : [Object.keys(value)], ...Object.values(value).flatMap(keysOf)];
    const [chart] = build(new App()).charts;
    const { spec: podSpec } = chart.toJson().find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('api')).spec.template;
    keysOf(podSpec).forEach(keys => expect(keys).toEqual([...keys].sort()));
  });
});

describe('two clusters', () => {
  const secure = { image: 'redis:7.0', tls: RedisTls.fromIssuer('issuer'), networkPolicy: true };
  const both = (options: GrantAccessOptions) => synth(scope => {
    const api = new k8s.KubeDeployment(scope, 'Api', { spec });
    new RedisCluster(scope, 'Sessions', { name: 'sessions', ...secure }).grantAccess(api);
    new RedisCluster(scope, 'Cache', { name: 'cache', ...secure }).grantAccess(api, options);
  });

  test('have their own variables and folders with a prefix', () => {
    const objects = both({ variablePrefix: 'CACHE_' });
    const { containers: [api], volumes } = podSpecOf(objects.one('Deployment'));
    expect(api.env).toEqual([
      { name: 'REDIS_HOST', value: 'sessions-headless' },
      { name: 'REDIS_PORT', value: '6379' },
      { name: 'REDIS_CA_FILE', value: '/etc/redis-ca/ca.crt' },
      { name: 'CACHE_HOST', value: 'cache-headless' },
      { name: 'CACHE_PORT', value: '6379' },
      { name: 'CACHE_CA_FILE', value: '/etc/cache-ca/ca.crt' },
    ]);
    expect(api.volumeMounts.map(({ name, mountPath }: any) => [name, mountPath])).toEqual([['redis-ca', '/etc/redis-ca'], ['cache-ca', '/etc/cache-ca']]);
    expect(volumes.map(({ secret }: any) => secret.secretName)).toEqual(['sessions-tls', 'cache-tls']);
  });

  test('are refused without', () => {
    expect(() => both({})).toThrow("[test/Cache] 'variablePrefix' must differ from that of other grants of 'test/Api', got 'REDIS_';"
      + " 'test/Sessions' has variables or a folder of the same names (REDIS_…)");
    expect(() => both({ variablePrefix: 'redis_' })).toThrow("'test/Sessions' has variables or a folder of the same names (REDIS_…)");
  });
});

describe('a certificate of the client', () => {
  const asks: RedisClusterProps = { image: 'redis:7.0', tls: RedisTls.fromIssuer('issuer', { authClients: true }) };
  const mounted = (folder: string) => ({ mountPath: `/etc/${folder}`, name: folder, readOnly: true });

  test('is mounted into every container, and its files are named', () => {
    const objects = synth(scope => {
      const api = new kplus.Deployment(scope, 'Api', { containers: [{ ...safe, name: 'api' }] });
      new RedisCluster(scope, 'Cluster', asks).grantAccess(api, { certificate: { name: 'api-tls' } });
      api.addContainer({ ...safe, name: 'second' });
    });
    const { containers, volumes } = podSpecOf(objects.one('Deployment'));
    expect(containers).toHaveLength(2);
    containers.forEach(({ env, volumeMounts }: any) => {
      expect(env.slice(2)).toEqual([
        { name: 'REDIS_CA_FILE', value: '/etc/redis-ca/ca.crt' },
        { name: 'REDIS_CERT_FILE', value: '/etc/redis-cert/tls.crt' },
        { name: 'REDIS_KEY_FILE', value: '/etc/redis-cert/tls.key' },
      ]);
      expect(volumeMounts).toEqual([mounted('redis-ca'), mounted('redis-cert')]);
    });
    expect(volumes[1]).toEqual({
      name: 'redis-cert', secret: { items: [{ key: 'tls.crt', path: 'tls.crt' }, { key: 'tls.key', path: 'tls.key' }], secretName: 'api-tls' },
    });
  });

  test('has the prefix of its grant', () => {
    const { object } = workloads(chart => new k8s.KubePod(chart, 'Api', template), asks, { certificate: { name: 'api-tls' }, variablePrefix: 'CACHE_' });
    const { containers: [{ env, volumeMounts }] } = podSpecOf(object);
    expect(env.map(({ name }: any) => name).slice(2)).toEqual(['CACHE_CA_FILE', 'CACHE_CERT_FILE', 'CACHE_KEY_FILE']);
    expect(volumeMounts).toEqual([mounted('cache-ca'), mounted('cache-cert')]);
  });

  test('is in the template of External Secrets, and among what a client needs', () => {
    const cluster = new RedisCluster(new Chart(new App(), 'test'), 'Cluster', asks);
    const { certificate, secretTemplate } = cluster.connection({ certificate: { name: 'api-tls' } });
    expect(certificate).toEqual({ name: 'api-tls' });
    expect(secretTemplate).toMatchObject({ REDIS_CERT: '{{ index . "tls.crt" }}', REDIS_KEY: '{{ index . "tls.key" }}' });
    expect(cluster.connection()).not.toHaveProperty('certificate'); // for whoever asks for the host alone
  });

  test('must be given where a cluster of another app asks for it, too', () => {
    const chart = new Chart(new App(), 'test');
    const cluster = RedisCluster.fromAttributes(chart, 'Cluster', { tls: RedisTls.fromSecret({ name: 'tls' }, { authClients: true }) });
    expect(() => cluster.grantAccess(new k8s.KubePod(chart, 'Api', template))).toThrow(
      "[test/Cluster] 'certificate' must be given with 'authClients', got 'none'; the servers refuse clients without one: name a Secret with tls.crt and tls.key");
  });
});

describe('what cannot be', () => {
  const deployment = (container: any, pod: any = {}) => (chart: Chart) => new k8s.KubeDeployment(chart, 'Api', {
    spec: { selector, template: { ...template, spec: { containers: [{ name: 'api', image, ...container }], ...pod } } },
  });
  const tls = { tls: RedisTls.fromIssuer('issuer') };

  test.each<[string, (chart: Chart) => IConstruct, RedisClusterProps, GrantAccessOptions, string]>([
    ['no workload', chart => new k8s.KubeService(chart, 'Api', {}), {}, {},
      "'workload' must be or hold one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Rollout, got 'client/Api', which contains none;"
      + ' pass the construct that renders it'],
    ['nothing', () => undefined as any, {}, {},
      "'workload' must be or hold one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Rollout, got undefined;"
      + ' pass the construct that renders it'],
    ['two workloads', chart => {
      new k8s.KubeDeployment(chart, 'Api', { spec });
      new k8s.KubeJob(chart, 'Job', { spec: { template } });
      return chart;
    }, {}, {},
    "'workload' must be or hold one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Rollout, got 'client/Api' and 'client/Job';"
      + ' pass one of them'],
    ['a variable that is there', deployment({ env: [{ name: 'REDIS_HOST', value: 'localhost' }] }), {}, {},
      "'workload' must leave the variable 'REDIS_HOST' of container 'api' of 'client/Api' to the grant, got 'localhost';"
      + " remove it there, or grant with another 'variablePrefix'"],
    ['a volume that is there', deployment({}, { volumes: [{ name: 'redis-ca', emptyDir: {} }] }), tls, {},
      "'workload' must leave the volume 'redis-ca' of 'client/Api' to the grant, got 'a volume of that name';"
      + " it is where the authority's certificate is: rename it there, or grant with another 'variablePrefix'"],
    ['a volume that is there for the certificate', deployment({}, { volumes: [{ name: 'redis-cert', emptyDir: {} }] }), tls, { certificate: { name: 'api-tls' } },
      "'workload' must leave the volume 'redis-cert' of 'client/Api' to the grant, got 'a volume of that name';"
      + " it is where the client's certificate is: rename it there, or grant with another 'variablePrefix'"],
    ['no certificate where the servers ask for one', deployment({}), { tls: RedisTls.fromIssuer('issuer', { authClients: true }) }, {},
      "'certificate' must be given with 'authClients', got 'none'; the servers refuse clients without one: name a Secret with tls.crt and tls.key"],
    ['a certificate that no Secret has', deployment({}), tls, { certificate: {} as any },
      "'certificate' must name a Secret in lower-case letters, digits, hyphens and dots, got undefined; Kubernetes names Secrets like that"],
    ['a certificate without TLS', deployment({}), {}, { certificate: { name: 'api-tls' } },
      "'certificate' must be left out, got 'api-tls'; the cluster is not known to have TLS: give it 'tls'"],
    ['a folder that is there', deployment({ volumeMounts: [{ name: 'x', mountPath: '/etc/redis-ca' }] }), tls, {},
      "'workload' must leave the folder '/etc/redis-ca' of container 'api' of 'client/Api' to the grant, got 'a mount there';"
      + " it is where the authority's certificate is: move it there, or grant with another 'variablePrefix'"],
    ['a container that is not there', deployment({}), {}, { containers: ['web'] },
      "'containers' must be among those of 'client/Api' ('api'), got 'web'; it has no other containers"],
    ['no container', deployment({}, { containers: [] }), {}, {},
      "'workload' must have containers, got 'client/Api'; the variables are set on them"],
    ['a prefix that no variable can have', deployment({}), {}, { variablePrefix: '2ND-' },
      "'variablePrefix' must be a letter and at most 39 more letters, digits and _, got '2ND-'; names of environment variables begin with it"],
    ['pods without labels', chart => new k8s.KubePod(chart, 'Api', { spec: template.spec }), {}, {},
      "'workload' must have labels on its pods, got 'client/Api'; the NetworkPolicy could not tell them from others: add a label,"
      + ' or use grantAccessByLabels'],
    ['a label that a patch takes away', chart => {
      const api = new kplus.Deployment(chart, 'Api', { containers: [safe] });
      ApiObject.of(api).addJsonPatch(JsonPatch.replace('/spec/template/metadata/labels', { app: 'api' }));
      return api;
    }, {}, {},
    "'workload' must keep the label 'cdk8s.io/metadata.addr: client-Api-c8bb7c1c' on the pods of 'client/Api/Resource', got 'none';"
      + ' the NetworkPolicy finds them by it: use grantAccessByLabels with the labels that they have'],
  ])('%s is a clear error', (_, make, props, options, message) => {
    expect(() => workloads(make, props, options)).toThrow(`[test/Cluster] ${message}`);
  });
});

describe('pods with the label of the nodes', () => {
  const labels = { app: 'redis-cluster' };
  const typed = (chart: Chart) => new k8s.KubeDeployment(chart, 'Api', {
    spec: { selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
  });
  const late = (chart: Chart) => {
    const api = new kplus.Deployment(chart, 'Api', { containers: [safe] });
    api.podMetadata.addLabel('app', 'redis-cluster');
    return api;
  };
  const grant = (make: (chart: Chart) => IConstruct, namespace: string, networkPolicy: boolean) => {
    const app = new App();
    const cluster = new RedisCluster(new Chart(app, 'redis', { namespace: 'data' }), 'Cluster', { networkPolicy });
    const chart = new Chart(app, 'client', { namespace });
    cluster.grantAccess(make(chart));
    return chart.toJson();
  };

  test.each<[string, (chart: Chart) => IConstruct, boolean]>([
    ['a typed Deployment', typed, true], ['a typed Deployment without a NetworkPolicy', typed, false], ['a Deployment of cdk8s-plus', late, false],
  ])('would be taken for nodes: %s', (_, make, networkPolicy) => {
    expect(() => grant(make, 'data', networkPolicy)).toThrow(/\[redis\/Cluster\] 'workload' must have another label 'app' on the pods of 'client\/Api[^']*', got 'redis-cluster'; the Services, /);
  });

  test('are not in another namespace', () => {
    expect(grant(typed, 'web', true)).toHaveLength(1);
  });

  test('are not beside a host of which only its name is known', () => {
    const chart = new Chart(new App(), 'test');
    RedisCluster.fromAttributes(chart, 'Old', { host: 'redis.example.com' }).grantAccess(typed(chart));
    expect(chart.toJson()).toHaveLength(1);
  });
});

describe('namespaces', () => {
  const grant = (from: string | undefined, to: string | undefined, props: RedisClusterProps, options: GrantAccessOptions = {}) => {
    const app = new App();
    const cluster = new RedisCluster(new Chart(app, 'redis', { namespace: to }), 'Cluster', props);
    const chart = new Chart(app, 'client', { namespace: from });
    cluster.grantAccess(new k8s.KubeDeployment(chart, 'Api', { spec }), options);
    return podSpecOf(chart.toJson()[0]);
  };
  const secure = { password: { secret: { name: 'auth' }, key: 'own' }, tls: RedisTls.fromIssuer('issuer'), image: 'redis:7.0' };

  test('are crossed by Secrets that were copied', () => {
    const { containers: [api], volumes } = grant('web', 'data', secure, { password: { secret: { name: 'copy' }, key: 'redis' }, authority: { name: 'ca' } });
    expect(api.env).toContainEqual({ name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { key: 'redis', name: 'copy' } } });
    expect(volumes[0].secret.secretName).toBe('ca');
  });

  test.each<[string, GrantAccessOptions, string]>([
    ['a key that none has', { password: { secret: { name: 'copy' }, key: 'a b' }, authority: { name: 'ca' } }, "'password' must be a key of letters, digits, -, _ and ."],
    ['a Secret without a name', { password: { secret: { name: '' }, key: 'redis' }, authority: { name: 'ca' } }, "'password' must name a Secret in lower-case letters"],
    ['an authority without a name', { password: { secret: { name: 'copy' }, key: 'redis' }, authority: { name: '' } }, "'authority' must name a Secret in lower-case letters"],
    ['an authority whose name is not known', { password: { secret: { name: 'copy' }, key: 'redis' }, authority: {} as any }, "'authority' must name a Secret in lower-case letters"],
  ])('are not crossed by %s', (_, options, message) => {
    expect(() => grant('web', 'data', secure, options)).toThrow(`[redis/Cluster] ${message}`);
  });

  test.each<[string, string | undefined, string | undefined, RedisClusterProps, GrantAccessOptions, string]>([
    ['a Secret that would cross them', 'web', 'data', secure, {},
      "'workload' must be in the namespace of the cluster (data), got 'web'; it could not read the Secret: copy it there and name it by 'password' and 'authority'"],
    ['half of the Secrets', 'web', 'data', secure, { authority: { name: 'ca' } }, "copy it there and name it by 'password'"],
    ['a cluster in an unknown one', 'web', undefined, {}, {}, "'workload' must be in the namespace of the cluster (not known), got 'web';"
      + " the cluster's host name holds no namespace, as its chart has none: set that"],
    ['a workload in an unknown one', undefined, 'data', { networkPolicy: true }, {}, "'workload' must be in the namespace of the cluster (data),"
      + " got 'none'; the NetworkPolicy could not tell its pods by their namespace: set that of its chart"],
  ])('%s is a clear error', (_, from, to, props, options, message) => {
    expect(() => grant(from, to, props, options)).toThrow(message);
  });
});
