import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { RedisClientLabels, RedisCluster, RedisClusterPreset, RedisClusterProps, RedisConfig, RedisMonitoring, RedisTls } from '../../src';
import { containerOf, synth, synthCluster, Synthesized } from '../support/synth';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const key = (name: string): kplus.SecretValue => ({ secret: { name: 'redis-auth' } as kplus.ISecret, key: name });
const envOf = (container: any) => Object.fromEntries(container.env.map((variable: any) => [variable.name, variable.value ?? variable.valueFrom]));
const workloads = (objects: Synthesized) => [objects.one('StatefulSet'), objects.one('Job')];
const ownContainers = (objects: Synthesized) => [
  ...['redis', 'heal'].map(name => containerOf(objects.one('StatefulSet'), name)), containerOf(objects.one('Job'), 'redis-init'),
];
const volumeOf = (workload: any, name: string) => workload.spec.template.spec.volumes.find((volume: any) => volume.name === name);
const usersOf = (objects: Synthesized) => objects.one('ConfigMap', 'redis-cluster-config').data['users.acl'];
const refused = (props: RedisClusterProps) => () => synthCluster(props);

describe.each<[string, RedisClusterProps]>([
  ['documented', {}],
  ['production', { preset: RedisClusterPreset.PRODUCTION, requireImageDigests: false }],
])('pods of the %s preset', (_, props) => {
  const objects = synthCluster(props);

  test('are as the Pod Security level restricted wants them, every container of them', () => {
    for (const workload of workloads(objects)) {
      const pod = workload.spec.template.spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 999, fsGroup: 999, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  test('have no token of a service account where Redis runs', () => {
    expect(objects.one('StatefulSet').spec.template.spec.automountServiceAccountToken).toBe(false);
  });
});

describe('a password', () => {
  const objects = synthCluster({ password: key('current') });

  test('comes as a file to server, healing and init Job, and not to kubectl', () => {
    for (const workload of workloads(objects)) {
      expect(volumeOf(workload, 'redis-passwords').projected.sources).toEqual([
        { secret: { name: 'redis-auth', items: [{ key: 'current', path: 'default/password' }] } },
      ]);
    }
    for (const container of ownContainers(objects)) {
      expect(envOf(container).REDIS_PASSWORD_FILE).toBe('/etc/redis-passwords/default/password');
      expect(container.volumeMounts).toContainEqual({ name: 'redis-passwords', mountPath: '/etc/redis-passwords', readOnly: true });
    }
    expect(JSON.stringify(containerOf(objects.one('Job'), 'kubectl'))).not.toContain('password');
  });

  test('is written by the script that starts the server, into memory', () => {
    const redis = containerOf(objects.one('StatefulSet'), 'redis');
    expect(redis.command).toEqual(['sh', '/scripts/start.sh', 'redis-server', '/etc/redis/redis.conf']);
    expect(redis.volumeMounts).toContainEqual({ name: 'run', mountPath: '/run/redis' });
    expect(volumeOf(objects.one('StatefulSet'), 'run').emptyDir).toEqual({ medium: 'Memory' });
    expect(usersOf(objects)).toBe('default ~* &* +@all\n');
    expect(redis.volumeMounts).toContainEqual({ name: 'redis-config', mountPath: '/etc/redis' });
  });

  test('rolls the pods when the rights of a user change', () => {
    const checksumOf = (commands: string[]) => synthCluster({ password: key('own'), users: [{ name: 'app', password: key('app'), commands }] })
      .one('StatefulSet').spec.template.metadata.annotations['checksum/config'];
    expect(checksumOf(['+@read'])).not.toBe(checksumOf(['+@read', '+@write']));
  });

  test('may have an alternate while it is replaced', () => {
    const rotating = synthCluster({ password: key('current'), alternatePassword: key('next') });
    expect(volumeOf(rotating.one('StatefulSet'), 'redis-passwords').projected.sources.map((source: any) => source.secret.items[0])).toEqual([
      { key: 'current', path: 'default/password' }, { key: 'next', path: 'default/alternate' },
    ]);
    expect(volumeOf(rotating.one('Job'), 'redis-passwords').projected.sources).toHaveLength(1);
  });

  test('an alternate without one is refused', () => {
    expect(refused({ alternatePassword: key('next') }))
      .toThrow("[test/Cluster] 'alternatePassword' must come with a 'password', got 'next'; it is a second one, for the time of a rotation");
  });
});

describe('users', () => {
  const props: RedisClusterProps = {
    password: key('own'),
    users: [
      { name: 'orders', password: key('orders'), keys: ['orders:*', '{orders}*'], channels: ['orders.*'], commands: ['+@read', '+@write', '-flushdb'] },
      { name: 'app', password: key('app') },
    ],
  };
  const objects = synthCluster(props);

  test('have their rights in a ConfigMap, and their passwords in files', () => {
    expect(usersOf(objects).split('\n')).toEqual([
      'maintenance -@all +ping +info +cluster +config|get +config|set +client|pause +psync +replconf resetchannels &heal +subscribe',
      'mover ~* resetchannels -@all +ping +wait +select +cluster +config|get +migrate +restore-asking +eval +memory|usage',
      'orders ~orders:* ~{orders}* resetchannels &orders.* +@read +@write -flushdb +info +cluster|slots +cluster|nodes +cluster|info +cluster|keyslot +cluster|myid',
      'app ~* &* +@all -@admin -@dangerous +info +cluster|slots +cluster|nodes +cluster|info +cluster|keyslot +cluster|myid',
      '',
    ]);
    expect(volumeOf(objects.one('StatefulSet'), 'redis-passwords').projected.sources.map((source: any) => source.secret.items[0])).toEqual([
      { key: 'own', path: 'maintenance/password' }, { key: 'own', path: 'mover/password' }, { key: 'orders', path: 'orders/password' }, { key: 'app', path: 'app/password' },
    ]);
  });

  test('have patterns with quotes, as Redis reads them back', () => {
    const users = [{ name: 'app', password: key('app'), keys: ["it's\\:*", '"', 'plain\\:*'], channels: ["'a'"] }];
    expect(usersOf(synthCluster({ password: key('own'), users })))
      .toContain(String.raw`app "~it's\\:*" "~\"" ~plain\:* resetchannels "&'a'" +@all`);
  });

  test.each<[string, RedisClusterProps, string]>([
    ["'users[1].password'", { users: [{ name: 'one', password: key('one') }, { name: 'two', password: key('own') }] }, 'password'],
    ["'users[0].password'", { alternatePassword: key('next'), users: [{ name: 'one', password: key('next') }] }, 'alternatePassword'],
    ["'backupPassword'", { users: props.users, backupPassword: key('own') }, 'password'],
    ["'monitoring.password'", { monitoring: RedisMonitoring.annotations({ password: key('own') }) }, 'password'],
  ])('do not share the key of the cluster itself, as %s would', (prop, shared, other) => {
    expect(() => synthCluster({ password: key('own'), ...shared })).toThrow(
      `${prop} must be another key than '${other}', got '${other === 'password' ? 'own' : 'next'}'; whoever knows it could log in as one of the cluster's own users, who may do more`);
    expect(() => synthCluster({ password: { secret: { name: 'another' }, key: 'own' }, ...shared, alternatePassword: undefined })).not.toThrow();
  });

  test('newer servers are asked for their shards', () => {
    expect(usersOf(synthCluster({ ...props, image: 'redis:7.0' }))).toContain('+cluster|shards');
  });

  test('leave the cluster a user of its own, which is all that the init Job gets', () => {
    for (const container of ownContainers(objects)) {
      expect(envOf(container)).toMatchObject({ REDIS_PASSWORD_FILE: '/etc/redis-passwords/maintenance/password', REDISCLI_OPTIONS: '--user maintenance' });
    }
    expect(envOf(ownContainers(objects)[0]).CLUSTER_USER).toBe('maintenance');
    expect(volumeOf(objects.one('Job'), 'redis-passwords').projected.sources).toHaveLength(1);
  });

  test('leave the init Job one that reads and writes keys, with the same password, when slots move', () => {
    expect(envOf(containerOf(objects.one('Job'), 'redis-init')).MOVER).toBe('mover');
    expect(usersOf(synthCluster({ ...props, image: 'redis:7.0' }))).toContain('+memory|usage +function|list +function|dump +function|restore\n');
  });

  test.each<[string, RedisClusterProps['users'], string]>([
    ['the name of that one', [{ name: 'mover', password: key('a') }],
      "'users[0].name' must be another name, got 'mover'; probes, heal container, init Job and replication would lose commands that they need"],
    ['the cluster\'s own', [{ name: 'maintenance', password: key('a') }],
      "'users[0].name' must be another name, got 'maintenance'; probes, heal container, init Job and replication would lose commands that they need"],
    ['a name with a space', [{ name: 'my app', password: key('a') }],
      "'users[0].name' must consist of letters, digits, _ and -, got 'my app'; Redis would refuse to start, or read something else"],
    ['a name twice', [{ name: 'app', password: key('a') }, { name: 'app', password: key('b') }],
      "'users[1].name' must be given once, got 'app'; Redis knows users by their names"],
    ['a user without a password', [{ name: 'app' } as any],
      "'users[0].password' must name a Secret and a key in it, got undefined; nobody could log in as this user"],
    ['a password that is nothing', [{ name: 'app', password: null as any }],
      "'users[0].password' must name a Secret and a key in it, got undefined; nobody could log in as this user"],
    ['a user without a name', [{ password: key('a') } as any],
      "'users[0].name' must consist of letters, digits, _ and -, got undefined; Redis would refuse to start, or read something else"],
    ['a user that is nothing', [undefined as any],
      "'users[0].name' must consist of letters, digits, _ and -, got undefined; Redis would refuse to start, or read something else"],
    ['a pattern that breaks the line', [{ name: 'app', password: key('a'), keys: ['a\nuser evil on nopass'] }],
      "'users[0].keys' must hold patterns without spaces, got 'a\\nuser evil on nopass'; Redis would refuse to start, or read something else"],
    ['a pattern beside one for all', [{ name: 'app', password: key('a'), keys: ['*', 'app:*'] }],
      "'users[0].keys' must hold '*' alone, or not at all, got '* app:*'; Redis would refuse to start: the others add nothing to it"],
    ['a channel with a space', [{ name: 'app', password: key('a'), channels: ['a b'] }],
      "'users[0].channels' must hold patterns without spaces, got 'a b'; Redis would refuse to start, or read something else"],
    ['a rule that takes a subcommand away, for 6.2', [{ name: 'app', password: key('a'), commands: ['+@all', '-config|set'] }],
      "'users[0].commands' must take whole commands away from Redis 6.2, got '-config|set'; it knows no rule that takes a subcommand away, and would not start"],
    ['a rule that is none', [{ name: 'app', password: key('a'), commands: ['nopass'] }],
      "'users[0].commands' must hold rules such as +@read, -flushdb or +cluster|slots, got 'nopass'; Redis would refuse to start, or read something else"],
  ])('%s is refused', (_, users, message) => {
    expect(refused({ password: key('own'), users })).toThrow(`[test/Cluster] ${message}`);
  });

  test('without a password for the cluster are refused', () => {
    expect(refused({ users: props.users }))
      .toThrow("[test/Cluster] 'users' must come with a 'password', got 'orders, app'; it is that of the cluster's own user, 'maintenance'");
  });
});

describe('TLS', () => {
  const fromSecret = RedisTls.fromSecret({ name: 'nodes-tls' } as kplus.ISecret);
  const configOf = (objects: Synthesized) => objects.one('ConfigMap', 'redis-cluster-config').data['redis.conf'];

  test('turns the plaintext port off, and encrypts clients, replication and bus', () => {
    const lines = configOf(synthCluster({ tls: fromSecret, image: 'redis:7.0', config: { port: 7000 } })).split('\n');
    expect(lines).toEqual(expect.arrayContaining([
      'port 0', 'tls-port 7000', 'tls-cert-file /etc/redis-tls/tls.crt', 'tls-key-file /etc/redis-tls/tls.key',
      'tls-ca-cert-file /etc/redis-tls/ca.crt', 'tls-auth-clients no', 'tls-replication yes', 'tls-cluster yes',
      'cluster-preferred-endpoint-type hostname',
    ]));
    expect(lines).not.toContain('port 7000');
  });

  test('is checked by every script against the authority', () => {
    const objects = synthCluster({ tls: fromSecret, image: 'redis:7.0' });
    for (const container of ownContainers(objects)) {
      expect(envOf(container).REDISCLI_OPTIONS).toBe('--tls --cacert /etc/redis-tls/ca.crt');
      expect(container.volumeMounts).toContainEqual({ name: 'redis-tls', mountPath: '/etc/redis-tls', readOnly: true });
    }
    for (const workload of workloads(objects)) {
      expect(volumeOf(workload, 'redis-tls').secret.secretName).toBe('nodes-tls');
    }
    expect(JSON.stringify(objects.objects)).not.toContain('--insecure');
  });

  test('may ask clients for a certificate, which the scripts then show', () => {
    const tls = RedisTls.fromSecret({ name: 'nodes-tls' } as kplus.ISecret, { authClients: true });
    const objects = synthCluster({ tls, image: 'redis:7.0' });
    expect(configOf(objects)).toContain('tls-auth-clients yes');
    expect(envOf(ownContainers(objects)[2]).REDISCLI_OPTIONS)
      .toBe('--tls --cacert /etc/redis-tls/ca.crt --cert /etc/redis-tls/tls.crt --key /etc/redis-tls/tls.key');
  });

  test('before Redis 7.0 has no host names for clients', () => {
    expect(configOf(synthCluster({ tls: fromSecret }))).not.toContain('hostname');
  });

  test('with an issuer has a Certificate for every pod, the Service and localhost', () => {
    const tls = RedisTls.fromIssuer('authority', { issuerKind: 'ClusterIssuer', duration: Duration.days(30), renewBefore: Duration.minutes(90) });
    const objects = synthCluster({ tls, image: 'redis:7.0', replicasPerMaster: 0 }, { namespace: 'data' });
    const { metadata, spec } = objects.one('Certificate');
    expect(metadata.name).toBe('redis-cluster-tls');
    expect(spec).toMatchObject({
      secretName: 'redis-cluster-tls',
      issuerRef: { name: 'authority', kind: 'ClusterIssuer' },
      duration: '720h0m0s',
      renewBefore: '1h30m0s',
      usages: expect.arrayContaining(['server auth', 'client auth']),
      ipAddresses: ['127.0.0.1'],
    });
    const pods = [0, 1, 2].map(ordinal => `redis-cluster-${ordinal}`);
    const services = ['redis-cluster-headless', 'redis-cluster-headless.data.svc'];
    expect([...spec.dnsNames].sort()).toEqual(['localhost', ...services, ...pods.flatMap(pod => services.map(service => `${pod}.${service}`))].sort());
    expect(volumeOf(objects.one('StatefulSet'), 'redis-tls').secret.secretName).toBe('redis-cluster-tls');
    const announced = containerOf(objects.one('StatefulSet'), 'redis').args.at(-1).replace('$(POD_NAME)', 'redis-cluster-0');
    expect(spec.dnsNames).toContain(announced);
  });

  test.each([{}, true, 'redis-tls'])('that no factory has made is refused: %p', made => {
    const message = "'tls' must be made by RedisTls.fromSecret, RedisTls.fromIssuer or RedisTls.disabled, got 'something else'; nobody would know the certificate";
    expect(refused({ tls: made as any })).toThrow(new Error(`[test/Cluster] ${message}`));
    expect(() => new RedisConfig(new Chart(new App(), 'test'), 'Config', { tls: made as any })).toThrow(new Error(`[test/Config] ${message}`));
  });

  test('times that cert-manager would refuse are refused', () => {
    const tls = RedisTls.fromIssuer('authority', { duration: Duration.minutes(59), renewBefore: Duration.hours(2) });
    expect(refused({ tls })).toThrow([
      "[test/Cluster] 'tls.duration' must be whole minutes, at least 60, got '3540 seconds'; cert-manager refuses less",
      "[test/Cluster] 'tls.renewBefore' must be less than 'duration' (3540 seconds), got '7200 seconds'; the certificate would be renewed for ever",
    ].join('\n'));
    expect(refused({ tls: RedisTls.fromIssuer('authority', { renewBefore: Duration.days(90) }) }))
      .toThrow("'tls.renewBefore' must be less than 'duration' (7776000 seconds), got '7776000 seconds'; the certificate would be renewed for ever");
    expect(refused({ tls: RedisTls.fromIssuer('authority', { renewBefore: Duration.days(89) }) })).not.toThrow();
  });
});

describe('the NetworkPolicy', () => {
  const objects = synthCluster({ networkPolicy: true });

  test('lets nodes talk to each other, bus included, and the init Job to the nodes', () => {
    expect(objects.one('NetworkPolicy', 'redis-cluster').spec).toEqual({
      podSelector: { matchLabels: { app: 'redis-cluster' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'redis-cluster' } } }], ports: [{ port: 6379, protocol: 'TCP' }, { port: 16379, protocol: 'TCP' }] },
        { from: [{ podSelector: { matchLabels: { app: 'redis-cluster-init' } } }], ports: [{ port: 6379, protocol: 'TCP' }] },
      ],
      egress: [
        { to: [{ podSelector: { matchLabels: { app: 'redis-cluster' } } }], ports: [{ port: 6379, protocol: 'TCP' }, { port: 16379, protocol: 'TCP' }] },
        { ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] },
      ],
    });
  });

  test('lets nobody into the init Job, and the init Job to the API', () => {
    const { spec } = objects.one('NetworkPolicy', 'redis-cluster-init');
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec).not.toHaveProperty('ingress');
    expect(spec.egress).toContainEqual({ ports: [{ port: 443, protocol: 'TCP' }, { port: 6443, protocol: 'TCP' }] });
  });

  test('is opt-in', () => {
    expect(synthCluster().all('NetworkPolicy')).toEqual([]);
  });
});

describe('grantAccess', () => {
  const client = (scope: Chart, namespace?: string) => new kplus.Deployment(scope, 'Api', {
    metadata: { name: 'api', namespace }, containers: [{ image: 'api:1', securityContext: { user: 1000 } }],
  });

  test('gives a workload its network rule, host, user, password and authority', () => {
    const objects = synth(scope => {
      const cluster = new RedisCluster(scope, 'Cluster', {
        password: key('own'),
        users: [{ name: 'app', password: key('app') }],
        networkPolicy: true,
        tls: RedisTls.fromSecret({ name: 'nodes-tls' } as kplus.ISecret),
        image: 'redis:7.0',
      });
      cluster.grantAccess(client(scope as Chart));
    });
    const deployment = objects.one('Deployment');
    const [container] = deployment.spec.template.spec.containers;
    expect(envOf(container)).toEqual({
      REDIS_HOST: 'redis-cluster-headless',
      REDIS_PORT: '6379',
      REDIS_USERNAME: 'app',
      REDIS_PASSWORD: { secretKeyRef: { name: 'redis-auth', key: 'app' } },
      REDIS_CA_FILE: '/etc/redis-ca/ca.crt',
    });
    expect(container.volumeMounts).toEqual([{ name: 'redis-ca', mountPath: '/etc/redis-ca', readOnly: true }]);
    expect(volumeOf(deployment, 'redis-ca').secret).toEqual({ secretName: 'nodes-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] });
    const grants = objects.all('NetworkPolicy').filter(policy => policy.metadata.name.startsWith('redis-cluster-client-'));
    expect(grants.map(policy => policy.spec)).toEqual([{
      podSelector: { matchLabels: { app: 'redis-cluster' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: deployment.spec.selector.matchLabels } }], ports: [{ port: 6379, protocol: 'TCP' }] }],
    }]);
  });

  test('without a policy isolates nobody', () => {
    const objects = synth(scope => new RedisCluster(scope, 'Cluster').grantAccess(client(scope as Chart)));
    expect(objects.all('NetworkPolicy')).toEqual([]);
    expect(envOf(objects.one('Deployment').spec.template.spec.containers[0])).toEqual({ REDIS_HOST: 'redis-cluster-headless', REDIS_PORT: '6379' });
  });

  test('reaches a workload of another namespace by the namespace\'s name', () => {
    const objects = synth(scope => new RedisCluster(scope, 'Cluster', { networkPolicy: true }).grantAccess(client(scope as Chart, 'web')), { namespace: 'data' });
    const [grant] = objects.all('NetworkPolicy').filter(policy => policy.metadata.name.startsWith('redis-cluster-client-'));
    expect(grant.spec.ingress[0].from[0].namespaceSelector).toEqual({ matchLabels: { 'kubernetes.io/metadata.name': 'web' } });
    expect(envOf(objects.one('Deployment').spec.template.spec.containers[0]).REDIS_HOST).toBe('redis-cluster-headless.data.svc');
  });

  test('refuses to take a Secret across namespaces', () => {
    const across = () => synth(scope => new RedisCluster(scope, 'Cluster', { password: key('own') }).grantAccess(client(scope as Chart, 'web')), { namespace: 'data' });
    expect(across).toThrow("[test/Cluster] 'workload' must be in the namespace of the cluster (data), got 'web'; it could not read the Secret: copy it there and name it by 'password'");
  });

  test('refuses a user that is not there', () => {
    const unknown = () => synth(scope => new RedisCluster(scope, 'Cluster').grantAccess(client(scope as Chart), { user: 'app' }));
    expect(unknown).toThrow("[test/Cluster] 'user' must be one of 'default', got 'app'; clients can log in as no other user");
  });

  test.each([true, false])('by labels is given once under a name, with a NetworkPolicy: %p', networkPolicy => {
    const cluster = new RedisCluster(new Chart(new App(), 'test'), 'Cluster', { networkPolicy });
    cluster.grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } });
    cluster.grantAccessByLabels('web', { podLabels: { app: 'web' } });
    expect(() => cluster.grantAccessByLabels('metrics', { podLabels: { app: 'other' } })).toThrow(
      "[test/Cluster] 'name' must differ from those of other grants of the cluster, got 'metrics'; the NetworkPolicy is named after it: give each grant a name of its own");
  });

  test('by labels lets in pods that are not made here', () => {
    const objects = synth(scope => new RedisCluster(scope, 'Cluster', { networkPolicy: true })
      .grantAccessByLabels('metrics', { podLabels: { app: 'prometheus' }, namespaceLabels: { team: 'observability' } }));
    expect(objects.one('NetworkPolicy', 'redis-cluster-client-metrics').spec.ingress[0].from).toEqual([
      { podSelector: { matchLabels: { app: 'prometheus' } }, namespaceSelector: { matchLabels: { team: 'observability' } } },
    ]);
  });

  test.each<[string, string, {}, string]>([
    ['no labels', 'metrics', undefined as any, "'podLabels' must have at least one label, got 'none'; every pod would be let in"],
    ['no name', undefined as any, { podLabels: { app: 'metrics' } }, "'name' must be given, got undefined; the NetworkPolicy is named after it"],
    ['no label', 'metrics', { podLabels: {} }, "'podLabels' must have at least one label, got 'none'; every pod would be let in"],
    ['a label without a value', 'metrics', { podLabels: { app: 'metrics', tier: undefined } },
      "'podLabels.tier' must have a value, got undefined; without this label, more pods would be let in"],
    ['a namespace without a name', 'metrics', { podLabels: { app: 'metrics' }, namespaceLabels: { team: undefined } },
      "'namespaceLabels.team' must have a value, got undefined; without this label, more pods would be let in"],
    ['a label that is none', 'metrics', { podLabels: { app: 'x y' } },
      "'podLabels.app' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 'x y'; Kubernetes takes no other labels"],
    ['a grant that is not a name', 'a b', { podLabels: { app: 'metrics' } },
      "'name' must be a DNS label of at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends, got 'a b'; the NetworkPolicy is named after it"],
  ])('by labels refuses %s', (_, name, labels, message) => {
    for (const networkPolicy of [true, false]) {
      const grant = () => synth(scope => new RedisCluster(scope, 'Cluster', { networkPolicy }).grantAccessByLabels(name, labels as RedisClientLabels));
      expect(grant).toThrow(`[test/Cluster] ${message}`);
    }
  });
});

describe('the production preset', () => {
  const images = { image: `redis:7.0${DIGEST}`, initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` } };
  const production = { preset: RedisClusterPreset.PRODUCTION, ...images };

  test('has TLS, users, a NetworkPolicy and resources, with Secrets named after the cluster', () => {
    const objects = synthCluster({ ...production, name: 'sessions' });
    const secrets = volumeOf(objects.one('StatefulSet'), 'redis-passwords').projected.sources.map(({ secret }: any) => [secret.name, secret.items[0].key]);
    expect(secrets).toEqual([['sessions-auth', 'password'], ['sessions-auth', 'password'], ['sessions-auth', 'app']]);
    expect(volumeOf(objects.one('StatefulSet'), 'redis-tls').secret.secretName).toBe('sessions-tls');
    expect(objects.all('NetworkPolicy')).toHaveLength(2);
    expect(containerOf(objects.one('StatefulSet'), 'redis').resources.limits).toEqual({ cpu: '500m', memory: '1Gi' });
  });

  test('wants digests', () => {
    expect(refused({ preset: RedisClusterPreset.PRODUCTION })).toThrow([
      "[test/Cluster] 'image' must be pinned by its digest (…@sha256:…), got 'redis:6.2'; a tag can be moved; or set 'requireImageDigests' to false",
      "[test/Cluster] 'initJob.kubectlImage' must be pinned by its digest (…@sha256:…), got 'alpine/kubectl:1.34.1'; a tag can be moved; or set 'requireImageDigests' to false",
    ].join('\n'));
  });

  test('yields to any prop', () => {
    const objects = synthCluster({
      ...production, networkPolicy: false, users: [{ name: 'web', password: key('web') }], resources: { cpu: { request: kplus.Cpu.units(2) } },
    });
    expect(objects.all('NetworkPolicy')).toEqual([]);
    expect(usersOf(objects)).toContain('\nweb ');
    expect(containerOf(objects.one('StatefulSet'), 'redis').resources).toEqual({ requests: { cpu: '2' } });
  });

  test('holds no secret', () => {
    const cluster = new RedisCluster(new Chart(new App(), 'test'), 'Cluster', production);
    const kinds = cluster.node.findAll().map(construct => (construct as any).kind);
    expect(kinds).not.toContain('Secret');
  });
});
