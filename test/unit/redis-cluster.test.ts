import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ClaimRetention, PodSpread, RedisCluster, RedisClusterProps, RedisConfig, RedisStorage, RedisTls } from '../../src';
import { scripts } from '../../src/scripts/scripts';
import { containerOf, synth, synthCluster } from '../support/synth';

const podSpec = (props: RedisClusterProps) => synthCluster(props).one('StatefulSet').spec.template.spec;
const redisOf = (spec: any) => spec.containers.find((container: any) => container.name === 'redis');
const envOf = (container: any) => Object.fromEntries(container.env.map(({ name, value }: any) => [name, value]));

describe('the parts agree with each other', () => {
  const props: RedisClusterProps = { name: 'sessions', masters: 5, replicasPerMaster: 2, config: { port: 7000 } };
  const objects = synthCluster(props);
  const statefulSet = objects.one('StatefulSet');
  const service = objects.one('Service', 'sessions-headless');
  const peers = objects.one('Service', 'sessions-peers');
  const redis = containerOf(statefulSet, 'redis');

  test('the port of redis.conf is that of Service, container, scripts and init Job, the bus 10000 above it', () => {
    const config = objects.one('ConfigMap', 'sessions-config').data['redis.conf'];
    expect(config).toContain('\nport 7000\n');
    expect(service.spec.ports.map((port: any) => port.port)).toEqual([7000, 17000]);
    expect(redis.ports.map((port: any) => port.containerPort)).toEqual([7000, 17000]);
    const containers = [redis, containerOf(statefulSet, 'heal'), containerOf(objects.one('Job'), 'redis-init')];
    expect(containers.map(container => envOf(container).PORT)).toEqual(['7000', '7000', '7000']);
  });

  test('every selector finds the pods of the StatefulSet and not those of the Job', () => {
    const selectors = [
      statefulSet.spec.selector.matchLabels, service.spec.selector, objects.one('PodDisruptionBudget').spec.selector.matchLabels,
      ...statefulSet.spec.template.spec.topologySpreadConstraints.map((constraint: any) => constraint.labelSelector.matchLabels),
    ];
    for (const selector of selectors) {
      expect(statefulSet.spec.template.metadata.labels).toMatchObject(selector);
      expect(objects.one('Job').spec.template.metadata.labels).not.toMatchObject(selector);
    }
  });

  test('the server works in the folder of the claim, and reads the config that is mounted', () => {
    const mounts = Object.fromEntries(redis.volumeMounts.map((mount: any) => [mount.name, mount.mountPath]));
    expect(mounts['redis-data']).toBe(redis.workingDir);
    expect(statefulSet.spec.volumeClaimTemplates.map((claim: any) => claim.metadata.name)).toContain('redis-data');
    expect(redis.command).toEqual(['sh', `${mounts.scripts}/start.sh`, 'redis-server', `${mounts['redis-config']}/redis.conf`]);
    const volume = statefulSet.spec.template.spec.volumes.find((candidate: any) => candidate.name === 'redis-config');
    expect(objects.one('ConfigMap', volume.configMap.name).data).toHaveProperty(['redis.conf']);
  });

  test('every mount has a volume or a claim', () => {
    const { containers, volumes } = statefulSet.spec.template.spec;
    const names = [...volumes, ...statefulSet.spec.volumeClaimTemplates.map((claim: any) => claim.metadata)].map((volume: any) => volume.name);
    for (const container of containers) {
      expect(names).toEqual(expect.arrayContaining(container.volumeMounts.map((mount: any) => mount.name)));
    }
  });

  test('the StatefulSet names the headless Service, which publishes pods before they are ready', () => {
    expect(statefulSet.spec.serviceName).toBe(service.metadata.name);
    expect(service.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  test('the healing finds peers, ready or not, at the address of a Service that is not headless', () => {
    expect(envOf(containerOf(statefulSet, 'heal'))).toMatchObject({ PEERS: peers.metadata.name, PORT: String(peers.spec.ports[0].port) });
    expect(peers.spec).toMatchObject({ publishNotReadyAddresses: true, selector: service.spec.selector });
    expect(peers.spec).not.toHaveProperty('clusterIP');
  });

  test('pods, init Job and healing want the same shape', () => {
    expect(statefulSet.spec.replicas).toBe(15);
    const wanted = { MASTERS: '5', REPLICAS_PER_MASTER: '2' };
    expect(objects.one('ConfigMap', `${statefulSet.metadata.name}-config`).data.shape).toBe('masters 5\nreplicas-per-master 2\npods 15\n');
    expect(envOf(containerOf(objects.one('Job'), 'redis-init'))).toMatchObject({ ...wanted, NAME: 'sessions' });
  });

  test('healing starts before the server, which kubectl means all the same, and reads its disk', () => {
    const { metadata, spec } = statefulSet.spec.template;
    expect(spec.containers.map((container: any) => container.name)).toEqual(['heal', 'redis']);
    expect(metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('redis');
    expect(containerOf(statefulSet, 'heal').volumeMounts).toContainEqual({ name: 'redis-data', mountPath: redis.workingDir, readOnly: true });
    expect(envOf(containerOf(statefulSet, 'heal'))).toHaveProperty('POD_NAME');
  });

  test('podAnnotations may name another default container', () => {
    const podAnnotations = { 'kubectl.kubernetes.io/default-container': 'heal' };
    expect(synthCluster({ podAnnotations }).one('StatefulSet').spec.template.metadata.annotations).toMatchObject(podAnnotations);
  });

  test('every script that a container runs is in the ConfigMap that it mounts', () => {
    for (const workload of [statefulSet, objects.one('Job')]) {
      const volume = workload.spec.template.spec.volumes.find((candidate: any) => candidate.name === 'scripts');
      const data = objects.one('ConfigMap', volume.configMap.name).data;
      const run = JSON.stringify(workload).match(/\/scripts\/[\w.-]+/g)!.map(path => path.replace('/scripts/', ''));
      expect(Object.keys(data)).toEqual(expect.arrayContaining(run));
    }
  });

  test('every script finds beside it what it reads', () => {
    for (const data of [scripts('pods'), scripts('job')]) {
      const code = Object.values<string>(data).map(script => script.replace(/^ *#.*$/gm, '')).join('\n');
      const read = [...code.matchAll(/"\$(?:\{0%\/\*\}|\w+)\/([\w-]+\.(?:sh|awk))"/g)].map(match => match[1]);
      expect(read.length).toBeGreaterThan(0);
      expect(Object.keys(data)).toEqual(expect.arrayContaining(read));
    }
  });
});

test('healing starts before the server, which kubectl means when no container is named', () => {
  const { metadata, spec } = synthCluster().one('StatefulSet').spec.template;
  expect(spec.containers.map((container: any) => container.name)).toEqual(['heal', 'redis']);
  expect(metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('redis');
});

describe('names', () => {
  test('all begin with the name of the cluster', () => {
    const names = synthCluster({ name: 'sessions' }).objects.map(object => `${object.kind} ${object.metadata.name}`);
    expect(names).toEqual([
      'ConfigMap sessions-config', 'ConfigMap sessions-scripts', 'Service sessions-headless', 'Service sessions-peers',
      'StatefulSet sessions', 'PodDisruptionBudget sessions', 'ServiceAccount sessions-init', 'Role sessions-init', 'RoleBinding sessions-init',
      'Job sessions-init',
    ]);
  });

  test('two clusters with different names fit into one chart', () => {
    const objects = synth(scope => {
      new RedisCluster(scope, 'Sessions', { name: 'sessions' });
      new RedisCluster(scope, 'Cache', { name: 'cache' });
    });
    expect(objects.all('StatefulSet').map(object => object.metadata.name)).toEqual(['sessions', 'cache']);
  });

  test('two clusters with one name in one namespace are refused, all their objects at once', () => {
    const twice = () => synth(scope => {
      new RedisCluster(scope, 'First');
      new RedisCluster(scope, 'Second');
    });
    expect(twice).toThrow("[test/Second/Config] the ConfigMap 'redis-cluster-config' is that of 'test/First/Config/Resource' too, in the same namespace;"
      + " give one of the two another 'name' or namespace");
  });

  test('one name in two namespaces is fine', () => {
    const app = new App();
    new RedisCluster(new Chart(app, 'a', { namespace: 'a' }), 'Cluster');
    expect(() => new RedisCluster(new Chart(app, 'b', { namespace: 'b' }), 'Cluster')).not.toThrow();
  });

  test("a cluster whose pods another one's selector would find is refused", () => {
    const overlap = () => synth(scope => {
      new RedisCluster(scope, 'First', { name: 'cache' });
      new RedisCluster(scope, 'Second', { name: 'cache-init' });
    }, { namespace: 'data' });
    expect(overlap).toThrow("[test/Second] the label 'app: cache-init' of its pods is that of 'test/First/InitJob' too, in namespace 'data'");
  });

  test('pods, hosts and port are there for other constructs', () => {
    const cluster = new RedisCluster(Testing.chart(), 'Cluster', { replicasPerMaster: 0, config: { port: 7000 } });
    expect(cluster).toMatchObject({
      name: 'redis-cluster',
      host: 'redis-cluster-headless',
      port: 7000,
      nodeHosts: [0, 1, 2].map(ordinal => `redis-cluster-${ordinal}.redis-cluster-headless`),
    });
  });

  test('hosts hold the namespace of the chart', () => {
    const cluster = new RedisCluster(new Chart(new App(), 'test', { namespace: 'data' }), 'Cluster', { image: 'redis:7.0' });
    expect(cluster.host).toBe('redis-cluster-headless.data.svc');
    expect(cluster.nodeHosts[5]).toBe('redis-cluster-5.redis-cluster-headless.data.svc');
  });

  test('a namespace that cannot be one is refused', () => {
    expect(() => synthCluster({}, { namespace: 'My_Data' })).toThrow("[test/Cluster] 'namespace' must be a DNS label of at most 63");
  });
});

describe('props', () => {
  test('the original YAML\'s resources are one option', () => {
    expect(redisOf(podSpec({ resources: RedisCluster.DOCUMENTED_RESOURCES })).resources).toEqual({
      requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: '500m', memory: '1Gi' },
    });
  });

  test('quantities are written as the API server writes them', () => {
    const resources = { cpu: { request: kplus.Cpu.millis(1000) }, memory: { request: Size.mebibytes(2048) } };
    expect(redisOf(podSpec({ resources })).resources).toEqual({ requests: { cpu: '1', memory: '2Gi' } });
  });

  test('the claim has size, class and retention', () => {
    const storage = RedisStorage.persistentVolumeClaim({
      size: Size.gibibytes(20), storageClassName: 'fast', whenDeleted: ClaimRetention.DELETE, whenScaled: ClaimRetention.RETAIN,
    });
    const none = synthCluster({ storage: RedisStorage.persistentVolumeClaim({ storageClassName: '' }) }).one('StatefulSet');
    expect(none.spec.volumeClaimTemplates[0].spec.storageClassName).toBe(''); // binds to volumes that somebody made
    const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy } = synthCluster({ storage }).one('StatefulSet').spec;
    expect(volumeClaimTemplates[0].spec).toEqual({
      accessModes: ['ReadWriteOnce'], storageClassName: 'fast', volumeMode: 'Filesystem', resources: { requests: { storage: '20Gi' } },
    });
    expect(persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Delete', whenScaled: 'Retain' });
  });

  test('ephemeral storage has a folder and no claim', () => {
    const { spec } = synthCluster({ storage: RedisStorage.ephemeral({ sizeLimit: Size.gibibytes(2) }) }).one('StatefulSet');
    expect(spec).not.toHaveProperty('volumeClaimTemplates');
    expect(spec.template.spec.volumes).toContainEqual({ name: 'redis-data', emptyDir: { sizeLimit: '2Gi' } });
  });

  test('placement reaches the pods, and what the Job needs of it the Job', () => {
    const props: RedisClusterProps = {
      spread: PodSpread.REQUIRED,
      priorityClassName: 'high',
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'redis', effect: 'NoSchedule' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [] }] } } },
      imagePullSecrets: ['registry'],
    };
    const objects = synthCluster(props);
    const common = { nodeSelector: props.nodeSelector, tolerations: props.tolerations, imagePullSecrets: [{ name: 'registry' }] };
    const pod = objects.one('StatefulSet').spec.template.spec;
    expect(pod).toMatchObject({ ...common, priorityClassName: 'high', affinity: props.affinity });
    expect(pod.topologySpreadConstraints.map((constraint: any) => constraint.whenUnsatisfiable)).toEqual(['DoNotSchedule', 'DoNotSchedule']);
    expect(objects.one('Job').spec.template.spec).toMatchObject(common);
  });

  test('an affinity keeps fields that Kubernetes 1.28 did not have', () => {
    const rules = [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } }, matchLabelKeys: ['pod-template-hash'] }];
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: rules } };
    expect(podSpec({ affinity }).affinity).toEqual(affinity);
  });

  test('labels of chart and pods reach the pod template, but no selector', () => {
    const { spec } = synthCluster({ podLabels: { tier: 'data' } }, { labels: { team: 'payments' } }).one('StatefulSet');
    expect(spec.template.metadata.labels).toEqual({ app: 'redis-cluster', team: 'payments', tier: 'data' });
    expect(spec.selector.matchLabels).toEqual({ app: 'redis-cluster' });
  });

  test('times reach the pods', () => {
    const spec = podSpec({ handoverTimeout: Duration.seconds(20), terminationGracePeriod: Duration.minutes(2), startupTimeout: Duration.hours(1) });
    expect(spec.terminationGracePeriodSeconds).toBe(120);
    expect(envOf(redisOf(spec)).HANDOVER_TIMEOUT).toBe('20');
    const { periodSeconds, failureThreshold } = redisOf(spec).startupProbe;
    expect(periodSeconds * failureThreshold).toBe(3600);
  });

  test('a server that accepts a connection lives; with TLS it is asked once a minute, as Redis logs each time', () => {
    const accepts = { tcpSocket: { port: 7000 }, timeoutSeconds: 5 };
    const tls = { tls: RedisTls.fromIssuer('issuer'), image: 'redis:7.0' };
    const [plain, secure] = [{}, tls].map(props => containerOf(synthCluster({ ...props, config: { port: 7000 } }).one('StatefulSet'), 'redis'));
    expect(plain.startupProbe).toEqual({ ...accepts, periodSeconds: 2, failureThreshold: 900 });
    expect(plain.livenessProbe).toEqual({ ...accepts, periodSeconds: 10, failureThreshold: 6 });
    expect(secure.livenessProbe).toEqual({ ...accepts, periodSeconds: 60, failureThreshold: 2 });
    expect(secure.readinessProbe).toEqual({ exec: { command: ['sh', '/scripts/probe.sh'] }, timeoutSeconds: 5, periodSeconds: 12 });
  });

  test('a pod that serves nothing may be evicted, unless its data would go with it', () => {
    const policy = (props: RedisClusterProps): string | undefined => synthCluster(props).one('PodDisruptionBudget').spec.unhealthyPodEvictionPolicy;
    expect(policy({})).toBe('AlwaysAllow');
    expect(policy({ storage: RedisStorage.ephemeral() })).toBeUndefined();
  });

  test('host names are announced on request, as 6.2 and 7.0 could not talk to each other during an upgrade', () => {
    expect(redisOf(podSpec({ image: 'redis:7.0', announceHostnames: true })).args).toEqual([
      '--cluster-announce-ip', '$(POD_IP)', '--replica-announce-ip', '$(POD_IP)',
      '--cluster-announce-hostname', '$(POD_NAME).redis-cluster-headless',
    ]);
    expect(redisOf(podSpec({ image: 'redis:7.0' })).args)
      .toEqual(['--cluster-announce-ip', '$(POD_IP)', '--replica-announce-ip', '$(POD_IP)']);
  });

  test('Valkey is started by its own name', () => {
    expect(redisOf(podSpec({ image: 'valkey/valkey:8.1' })).command).toContain('valkey-server');
  });
});

describe('rollouts', () => {
  const annotations = (props: RedisClusterProps) => synthCluster(props).one('StatefulSet').spec.template.metadata.annotations;

  test('a changed redis.conf changes the pods', () => {
    const before = annotations({});
    const after = annotations({ config: RedisConfig.documentedTuning() });
    expect(after['checksum/config']).not.toBe(before['checksum/config']);
    expect(after['checksum/scripts']).toBe(before['checksum/scripts']);
  });

  test('the same props give the same bytes', () => {
    expect(JSON.stringify(synthCluster().objects)).toBe(JSON.stringify(synthCluster().objects));
  });
});

describe('bad props', () => {
  const problems = (props: RedisClusterProps) => {
    try {
      synthCluster(props);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };

  test.each<[string, RedisClusterProps, string]>([
    ['two masters', { masters: 2 },
      "'masters' must be a whole number from 3 to 1000, got 2; a majority of masters must remain when one fails, and Redis Cluster is made for at most 1000 nodes"],
    ['more masters than nodes', { masters: 1001, replicasPerMaster: 0 },
      "'masters' must be a whole number from 3 to 1000, got 1001; a majority of masters must remain when one fails, and Redis Cluster is made for at most 1000 nodes"],
    ['a fraction of a replica', { replicasPerMaster: 0.5 },
      "'replicasPerMaster' must be a whole number of at least 0, got 0.5; it counts the replicas of every master"],
    ['less than no replica', { replicasPerMaster: -1 },
      "'replicasPerMaster' must be a whole number of at least 0, got -1; it counts the replicas of every master"],
    ['a name with capitals', { name: 'Redis' },
      "'name' must be a DNS label of at most 52 lower-case letters, digits and hyphens, with a letter or digit at both ends, got 'Redis';"
      + ' it begins the names of pods, revisions and the init Job'],
    ['a name that is too long', { name: 'a'.repeat(53) },
      `'name' must be a DNS label of at most 52 lower-case letters, digits and hyphens, with a letter or digit at both ends, got '${'a'.repeat(53)}';`
      + ' it begins the names of pods, revisions and the init Job'],
    ['an image with a space', { image: 'redis: 6.2' },
      "'image' must be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…, got 'redis: 6.2'; the kubelet could not pull it"],
    ['no storage', { storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(0) }) },
      "'storage.size' must be at least 1 MiB, in whole kibibytes, got '0Gi'; Redis must be able to write its data and the table of nodes"],
    ['a request above its limit', { resources: { cpu: { request: kplus.Cpu.units(2), limit: kplus.Cpu.millis(500) } } },
      "'resources.cpu.request' must be at most the limit of 500 millicores, got 2000; the API server rejects a request above its limit"],
    ['a grace period that ends during the handover', { handoverTimeout: Duration.seconds(30), terminationGracePeriod: Duration.seconds(35) },
      "'terminationGracePeriod' must be at least 'handoverTimeout' and 10 s (40 s), got '35 s'; Kubernetes would kill Redis while its replica takes over"
      + ' or its data is saved'],
    ['a label that is the selectors\'', { podLabels: { app: 'mine' } },
      "'podLabels' must leave 'app' to the library, got 'mine'; the selectors of the Service and the StatefulSet use it"],
    ['host names that the version does not have', { announceHostnames: true },
      "'announceHostnames' must be left out for Redis 6.2, got true; 'cluster-announce-hostname' exists in Redis 7.0 and later"],
    ['a label that is none', { podLabels: { team: 'a b' } },
      "'podLabels.team' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 'a b'; Kubernetes takes no other labels"],
    ['an annotation without a name', { podAnnotations: { 'example.com/': 'x' } },
      "'podAnnotations' must have keys like name or example.com/name, got 'example.com/'; Kubernetes takes no other keys"],
    ['storage that no factory has made', { storage: {} as any },
      "'storage' must be made by RedisStorage.persistentVolumeClaim or RedisStorage.ephemeral, got 'something else'; the data would have no place"],
    ['a storage class with capitals', { storage: RedisStorage.persistentVolumeClaim({ storageClassName: 'Fast' }) },
      "'storage.storageClassName' must be lower-case letters, digits, hyphens and dots, with a letter or digit at both ends, got 'Fast';"
      + ' Kubernetes names such objects like that'],
    ['a port without room for the bus', { config: { port: 60000 } },
      "'config.port' must be a whole number from 1024 to 55535, got 60000; the cluster bus takes the port 10000 above it, and ports end at 65535"],
    ['a grace period that is used up by Redis\' own', { config: { shutdownTimeout: Duration.seconds(50) }, image: 'redis:7.0' },
      "'terminationGracePeriod' must be at least 'handoverTimeout' and 50 s (65 s), got '60 s'; Kubernetes would kill Redis while its replica takes over"
      + ' or its data is saved'],
    ['more replicas to write to than there are', { config: { minReplicasToWrite: 2 } },
      "'config.minReplicasToWrite' must be at most 'replicasPerMaster' (1), got 2; no master would take a write"],
    ['protected mode without a password', { config: { protectedMode: true } },
      "'config.protectedMode' must be false without a 'password', got true; replicas and clients would be refused"],
    ['a deadline before the timeout', { initJob: { timeout: Duration.minutes(10), activeDeadline: Duration.minutes(5) } },
      "'initJob.activeDeadline' must be longer than 'timeout' (600 s), got '300 s'; Kubernetes would end the Job before it can say what is missing"],
    ['an image that is too old', { image: 'redis:5.0' },
      "'image' must hold Redis 6.2, Valkey 7.2 or a later version, got 'redis:5.0'; older ones lack directives and commands that this library needs"],
  ])('%s: a clear error', (_, props, message) => {
    expect(problems(props)).toEqual([`[test/Cluster] ${message}`]);
  });

  test('all of them at once', () => {
    expect(problems({ masters: 1, replicasPerMaster: -1, config: { port: 0 }, image: '' })).toHaveLength(4);
  });
});
