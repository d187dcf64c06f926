import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { IRedisCluster, RedisAuthentication, RedisCluster, RedisClusterAttributes, RedisClusterPreset, RedisConnectionOptions, RedisTls } from '../../src';

const secure: RedisClusterAttributes = {
  name: 'sessions',
  masters: 4,
  replicasPerMaster: 0,
  password: { secret: { name: 'sessions-auth' }, key: 'own' },
  users: [{ name: 'web', password: { secret: { name: 'sessions-auth' }, key: 'web' } }, { name: 'jobs', password: { secret: { name: 'jobs-auth' }, key: 'jobs.password' } }],
  tls: RedisTls.fromIssuer('authority'),
  networkPolicy: true,
};

/** The same cluster, made here and by another app. */
const clusters: [string, (attributes: RedisClusterAttributes) => IRedisCluster][] = [
  ['made here', ({ port, namespace = 'data', ...props }) => new RedisCluster(new Chart(new App(), 'test', { namespace }), 'Cluster',
    { image: 'redis:7.0', config: { port }, ...props })],
  ['of another app', ({ namespace = 'data', ...attributes }) => RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Cluster', { namespace, ...attributes })],
];

describe.each(clusters)('a cluster %s', (_, make) => {
  const connection = (options?: RedisConnectionOptions) => make(secure).connection(options);

  test('has names and hosts', () => {
    expect(make({ ...secure, port: 7000 })).toMatchObject({
      name: 'sessions',
      port: 7000,
      host: 'sessions-headless.data.svc',
      nodeHosts: [0, 1, 2, 3].map(ordinal => `sessions-${ordinal}.sessions-headless.data.svc`),
    });
  });

  test('tells a client where it is and who the client is', () => {
    expect(connection()).toMatchObject({
      host: 'sessions-headless.data.svc',
      port: 6379,
      username: 'web',
      password: { secret: { name: 'sessions-auth' }, key: 'web' },
      authority: { secret: { name: 'sessions-tls' }, key: 'ca.crt' },
    });
    expect(connection({ user: 'jobs' }).password).toEqual({ secret: { name: 'jobs-auth' }, key: 'jobs.password' });
  });

  test('has its variables as Kubernetes writes them', () => {
    const env: k8s.EnvVar[] = connection({ variablePrefix: 'SESSIONS_', password: { secret: { name: 'copy' }, key: 'redis' } }).env;
    expect(env).toEqual([
      { name: 'SESSIONS_HOST', value: 'sessions-headless.data.svc' },
      { name: 'SESSIONS_PORT', value: '6379' },
      { name: 'SESSIONS_USERNAME', value: 'web' },
      { name: 'SESSIONS_PASSWORD', valueFrom: { secretKeyRef: { key: 'redis', name: 'copy' } } },
      { name: 'SESSIONS_CA_FILE', value: '/etc/sessions-ca/ca.crt' },
    ]);
  });

  test('has a template for External Secrets, in which any key is readable', () => {
    expect(connection().secretTemplate).toEqual({
      REDIS_HOST: 'sessions-headless.data.svc',
      REDIS_PORT: '6379',
      REDIS_USERNAME: 'web',
      REDIS_PASSWORD: '{{ .web }}',
      REDIS_CA: '{{ index . "ca.crt" }}',
    });
    expect(connection({ user: 'jobs' }).secretTemplate.REDIS_PASSWORD).toBe('{{ index . "jobs.password" }}');
  });

  test('without a password asks for none', () => {
    const { username, password, authority, secretTemplate } = make({}).connection();
    expect([username, password, authority]).toEqual([undefined, undefined, undefined]);
    expect(secretTemplate).toEqual({ REDIS_HOST: 'redis-cluster-headless.data.svc', REDIS_PORT: '6379' });
  });

  test('refuses a password and an authority where it has none', () => {
    expect(() => make({ name: 'open' }).connection({ password: { secret: { name: 'copy' }, key: 'app' }, authority: { name: 'copy-ca' } })).toThrow(new Error([
      "[test/Cluster] 'password' must be left out, got 'app'; the cluster is not known to have one: give it 'password' or 'users'",
      "[test/Cluster] 'authority' must be left out, got 'copy-ca'; the cluster is not known to have TLS: give it 'tls'",
    ].join('\n')));
  });

  test('takes options that are null for options that are not given', () => {
    const none: any = null;
    expect(connection({ user: none, variablePrefix: none, password: none, authority: none, certificate: none })).toEqual(connection());
    expect(connection(none)).toEqual(connection());
  });

  test('refuses a user that is not there', () => {
    expect(() => connection({ user: 'root' })).toThrow("[test/Cluster] 'user' must be one of 'web', 'jobs', got 'root'; clients can log in as no other user");
  });
});

describe('a cluster of another app', () => {
  const template = { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image: 'api:1' }] } };
  const client = (scope: Construct) => new k8s.KubeDeployment(scope, 'Api', {
    metadata: { name: 'api' }, spec: { selector: { matchLabels: { app: 'api' } }, template },
  });

  test('renders nothing but the grants, each in the namespace of the cluster and with a name of its own', () => {
    const [first, second] = ['web', 'mobile'].map(namespace => {
      const chart = new Chart(new App(), 'test', { namespace });
      RedisCluster.fromAttributes(chart, 'Sessions', { name: 'sessions', namespace: 'data', networkPolicy: true }).grantAccess(client(chart));
      return chart.toJson();
    });
    const { metadata, spec } = first.find(({ kind }) => kind === 'NetworkPolicy');
    expect(first.map(({ kind }) => kind)).toEqual(['NetworkPolicy', 'Deployment']);
    expect(metadata).toEqual({ name: expect.stringMatching(/^sessions-client-[0-9a-f]{8}$/), namespace: 'data' });
    expect(spec.podSelector).toEqual({ matchLabels: { app: 'sessions' } });
    expect(spec.ingress).toEqual([{
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } }, podSelector: { matchLabels: { app: 'api' } } }],
      ports: [{ port: 6379, protocol: 'TCP' }],
    }]);
    expect(second.find(({ kind }) => kind === 'NetworkPolicy').metadata.name).not.toBe(metadata.name);
    expect(first[1].spec.template.spec.containers[0].env[0]).toEqual({ name: 'REDIS_HOST', value: 'sessions-headless.data.svc' });
  });

  test('lets pods in by their labels', () => {
    const chart = new Chart(new App(), 'test');
    RedisCluster.fromAttributes(chart, 'Sessions', { namespace: 'data', networkPolicy: true }).grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } });
    expect(chart.toJson().map(({ metadata }) => metadata)).toEqual([{ name: 'redis-cluster-client-metrics', namespace: 'data' }]);
  });

  test('lets pods in under a name that no other grant has, whoever makes it', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'data' });
    const sessions = (id: string) => RedisCluster.fromAttributes(chart, id, { name: 'sessions', networkPolicy: true });
    sessions('One').grantAccessByLabels('web', { podLabels: { app: 'web' } });
    expect(() => sessions('Two').grantAccessByLabels('web', { podLabels: { app: 'shop' } })).toThrow(
      "[test/Two/Client-web] the NetworkPolicy 'sessions-client-web' is that of 'test/One/Client-web' too, in namespace 'data'; give one of the two another 'name' or namespace");
    expect(() => RedisCluster.fromAttributes(chart, 'Elsewhere', { name: 'sessions', namespace: 'other', networkPolicy: true })
      .grantAccessByLabels('web', { podLabels: { app: 'shop' } })).not.toThrow();
  });

  test('has the host that it is given, and no names of pods', () => {
    const old = RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Old', { name: 'sessions', host: 'redis.example.com', port: 7000 });
    expect(old.connection()).toMatchObject({ host: 'redis.example.com', port: 7000, nodeHosts: ['redis.example.com'] });
    expect([old.host, old.nodeHosts]).toEqual(['redis.example.com', ['redis.example.com']]);
    expect(RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Old', { host: 'fd00::7' }).host).toBe('fd00::7');
  });

  test('may have any port behind a host, as a single server or a proxy has no cluster bus', () => {
    const old = (port: number, host?: string) => RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Old', { host, port });
    expect([old(60000, 'redis.example.com').port, old(65535, 'redis.example.com').port]).toEqual([60000, 65535]);
    expect(() => old(65536, 'redis.example.com')).toThrow("[test/Old] 'port' must be a whole number from 1 to 65535, got 65536; there is no other");
    expect(() => old(60000)).toThrow("[test/Old] 'port' must be a whole number from 1 to 55535, got 60000; the cluster bus");
  });

  test('elsewhere, and without Secrets, is reached from any namespace', () => {
    const app = new App();
    const old = RedisCluster.fromAttributes(new Chart(app, 'test'), 'Old', { host: 'redis.example.com' });
    const web = new Chart(app, 'web', { namespace: 'web' });
    old.grantAccess(client(web));
    expect(web.toJson()[0].spec.template.spec.containers[0].env[0]).toEqual({ name: 'REDIS_HOST', value: 'redis.example.com' });
  });

  test('is refused when a rule would have to select the pods of a host that this library knows nothing about', () => {
    const old = (networkPolicy?: boolean) => RedisCluster.fromAttributes(
      new Chart(new App(), 'test'), 'Old', { host: 'redis.example.com', preset: RedisClusterPreset.PRODUCTION, networkPolicy });
    expect(() => old()).toThrow("'networkPolicy' must be false with a 'host', got true");
    expect(old(false).host).toBe('redis.example.com');
  });

  test('has the Secrets and the NetworkPolicy of its preset', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'data' });
    const sessions = RedisCluster.fromAttributes(chart, 'Sessions', { name: 'sessions', preset: RedisClusterPreset.PRODUCTION });
    sessions.grantAccess(client(chart));
    expect(sessions.connection()).toMatchObject({
      username: 'app',
      password: { secret: { name: 'sessions-auth' }, key: 'app' },
      authority: { secret: { name: 'sessions-tls' } },
    });
    expect(chart.toJson().map(({ kind }) => kind)).toEqual(['NetworkPolicy', 'Deployment']);
  });

  test('is refused when an attribute is out of its bounds', () => {
    const bad = () => RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Sessions', { name: 'Sessions', namespace: 'My_Data', masters: 2, port: 0, host: 'a b' });
    expect(bad).toThrow(/^\[test\/Sessions\] 'name' must .*\n.*'namespace' must .*\n.*'host' must .*\n.*'masters' must .*\n.*'port' must /);
  });

  const user = (name: string) => ({ name, password: { secret: { name: 'auth' }, key: 'app' } });

  test('may have users behind a host whose names this library would not give', () => {
    const old = RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Old', { host: 'redis.example.com', users: [user('shop.web:1')] });
    expect(old.connection().username).toBe('shop.web:1');
  });

  test.each<[string, RedisClusterAttributes, string]>([
    ['a password for backups that nobody would log in with', { host: 'redis.example.com', backupPassword: { secret: { name: 'auth' }, key: 'copies' } },
      "'backupPassword' must come with 'users', got 'copies'; without them, backups are taken by the default user"],
    ['an unknown preset', { preset: 'PRODUCTION' as RedisClusterPreset }, "'preset' must be one of documented, production, got 'PRODUCTION'; an unknown preset would protect nothing"],
    ['a password that no Secret has', { password: { secret: { name: 'auth' }, key: 'a b' } }, "'password' must be a key of letters, digits, -, _ and ."],
    ['a password of a user that no Secret has', { users: [{ name: 'app', password: { secret: { name: 'Auth' }, key: 'app' } }] },
      "'users[0].password' must name a Secret in lower-case letters, digits, hyphens and dots, got 'Auth'"],
    ['a user without a password', { users: [{ name: 'app' } as any] },
      "'users[0].password' must name a Secret and a key in it, got undefined; nobody could log in as this user"],
    ['a user that is nothing', { users: [undefined as any] }, "'users[0].name' must consist of letters, digits, _ and -, got undefined"],
    ['a user of a name that the cluster cannot have', { users: [user('a b')] }, "'users[0].name' must consist of letters, digits, _ and -, got 'a b'"],
    ['a user that is none of the clients', { users: [user('maintenance')] }, "'users[0].name' must be another name, got 'maintenance'"],
    ['a user twice', { users: [user('app'), user('app')] }, "'users[1].name' must be given once, got 'app'; Redis knows users by their names"],
    ['a user of a name that no server can have', { host: 'redis.example.com', users: [user('a b')] }, "'users[0].name' must hold no spaces, got 'a b'"],
    ['a certificate of no factory', { tls: {} as any }, "'tls' must be made by RedisTls.fromSecret, RedisTls.fromIssuer or RedisTls.disabled, got 'something else'"],
    ['a certificate that is nowhere', { tls: RedisTls.fromSecret({ name: undefined as any }) },
      "'tls' must name a Secret in lower-case letters, digits, hyphens and dots, got undefined"],
  ])('is refused with %s', (_, attributes, message) => {
    expect(() => RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Sessions', attributes)).toThrow(`[test/Sessions] ${message}`);
  });

  test('may have no TLS in spite of its preset', () => {
    const sessions = RedisCluster.fromAttributes(new Chart(new App(), 'test'), 'Sessions', { preset: RedisClusterPreset.PRODUCTION, tls: RedisTls.disabled() });
    expect(sessions.connection().authority).toBeUndefined();
  });
});

test('clients of a production cluster with one password log in as its default user', () => {
  const cluster = RedisCluster.fromAttributes(new Chart(new App(), 'test', { namespace: 'data' }), 'Cluster', {
    preset: RedisClusterPreset.PRODUCTION, authentication: RedisAuthentication.PASSWORD,
  });
  expect(cluster.connection()).toMatchObject({ username: 'default', password: { secret: { name: 'redis-cluster-auth' }, key: 'password' } });
});
