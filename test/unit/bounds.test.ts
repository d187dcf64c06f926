import { Duration, Size } from 'cdk8s';
import type { ISecret, SecretValue } from 'cdk8s-plus-28';
import { ClusterInitJob, ClusterInitJobProps, Cpu, RedisCluster, RedisClusterProps, RedisConfig, RedisConfigSettings, RedisStorage, RedisTls } from '../../src';
import { synth, synthCluster } from '../support/synth';

function problems(build: () => unknown): string[] {
  try {
    build();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const ofCluster = (props: RedisClusterProps) => problems(() => synthCluster(props)).map(line => line.replace('[test/Cluster] ', ''));
const ofJob = (props: ClusterInitJobProps) => problems(() => synth(scope => new ClusterInitJob(scope, 'Init', props))).map(line => line.replace('[test/Init] ', ''));

describe('ports', () => {
  const unprivileged = 'the pods do not run as root, and only root may listen below 1024';

  test.each([1, 80, 1023])('%p is refused where the servers listen', port => {
    const message = `'config.port' must be a whole number from 1024 to 55535, got ${port}; ${unprivileged}`;
    expect(ofCluster({ config: { port } })).toEqual([message]);
    expect(problems(() => synth(scope => new RedisConfig(scope, 'Config', { port })))).toEqual([`[test/Config] ${message.replace('config.', '')}`]);
  });

  test('1024 is accepted, and the init Job may go to any', () => {
    expect(ofCluster({ config: { port: 1024 } })).toEqual([]);
    expect(ofJob({ port: 80 })).toEqual([]);
  });
});

describe('names', () => {
  test('that begin with a digit are refused, as Services of Kubernetes before 1.36 do', () => {
    expect(ofCluster({ name: '3-masters' }))
      .toEqual(["'name' must begin with a letter, got '3-masters'; Kubernetes before 1.36 refuses Services whose names begin with a digit"]);
  });

  test('of others may, as their Services are there', () => {
    expect(ofJob({ statefulSetName: '3-masters', serviceName: '3-nodes' })).toEqual([]);
  });
});

describe('pods', () => {
  const reason = 'Redis Cluster is made for at most 1000 nodes, each of which talks to all others: make several clusters';

  test.each<[RedisClusterProps, string[]]>([
    [{ masters: 1001, replicasPerMaster: 0 }, ['\'masters\' must be a whole number from 3 to 1000, got 1001; a majority of masters must remain when one fails, and Redis Cluster is made for at most 1000 nodes']],
    [{ masters: 400, replicasPerMaster: 2 }, [`'replicasPerMaster' must be at most 1 with 400 masters, got 2; ${reason}`]],
    [{ masters: 501 }, [`'replicasPerMaster' must be at most 0 with 501 masters, got 1; ${reason}`]],
    [{ masters: 500 }, []],
  ])('%p', (props, expected) => {
    expect(ofCluster(props)).toEqual(expected);
    expect(ofJob(props)).toEqual(expected);
  });
});

describe('a certificate with the names of all pods', () => {
  const issued = (name: string): RedisClusterProps => ({ name, masters: 500, tls: RedisTls.fromIssuer('authority'), image: 'redis:7.0' });
  const inNamespace = (props: RedisClusterProps) => problems(() => synthCluster(props, { namespace: 'production' }));

  test('is refused when OpenSSL could not read it', () => {
    expect(inNamespace(issued('sessions-of-web'))).toEqual(["[test/Cluster] 'tls' must have at most 96 KiB of names in its certificate, got 105;"
      + " OpenSSL refuses certificates of more than 100 KiB: take fewer pods, a shorter 'name', or RedisTls.fromSecret with a wildcard for the Service"]);
  });

  test('is accepted when it can, or when it is another', () => {
    expect(inNamespace(issued('sessions'))).toEqual([]);
    expect(inNamespace({ ...issued('sessions-of-web'), tls: RedisTls.fromSecret({ name: 'wildcard' } as ISecret) })).toEqual([]);
    expect(inNamespace({ ...issued('sessions-of-web'), masters: NaN })).toHaveLength(1);
  });
});

describe('maxmemory', () => {
  const memory = (maxmemory: Size, limit: Size): RedisClusterProps => ({
    config: { maxmemory }, resources: { memory: { limit } }, storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(20) }),
  });

  test.each([Size.mebibytes(512), Size.mebibytes(639), Size.mebibytes(400)])('of 512 MiB leaves no room in a limit of %p', limit => {
    expect(ofCluster(memory(Size.mebibytes(512), limit))).toEqual([
      `'resources.memory.limit' must be at least 1.25 times 'config.maxmemory' (640Mi), got '${limit.asString()}'; buffers of replication and append-only file,`
      + ' fragmentation, and pages that are copied while a fork saves come on top of it: the kernel would kill Redis',
    ]);
  });

  test('of four fifths of the limit is accepted', () => {
    expect(ofCluster(memory(Size.mebibytes(512), Size.mebibytes(640)))).toEqual([]);
  });

  test.each<[string, RedisClusterProps, string]>([
    ['a claim', { storage: RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(1023) }) }, "'storage.size' must be at least twice 'config.maxmemory' (1Gi), got '1023Mi'"],
    ['a folder', { storage: RedisStorage.ephemeral({ sizeLimit: Size.mebibytes(700) }) }, "'storage.sizeLimit' must be at least twice 'config.maxmemory' (1Gi), got '700Mi'"],
  ])('and a snapshot need room in %s', (_, props, message) => {
    expect(ofCluster({ ...props, config: { maxmemory: Size.mebibytes(512) } }))
      .toEqual([`${message}; a new append-only file or snapshot is written beside the one that it replaces`]);
  });

  test('fills the default claim with half of it', () => {
    const config = (maxmemory: Size) => ({ config: { maxmemory } });
    expect(ofCluster(config(Size.mebibytes(512)))).toEqual([]);
    expect(ofCluster(config(Size.mebibytes(513)))).toEqual([expect.stringContaining("'storage.size' must be at least twice 'config.maxmemory' (1026Mi), got '1Gi'")]);
  });

  test('of the original YAML, with its resources and its claim, is accepted', () => {
    expect(ofCluster({ config: RedisConfig.documentedTuning(), resources: RedisCluster.DOCUMENTED_RESOURCES })).toEqual([]);
  });

  test('is not asked for, but a backlog must leave room in the limit', () => {
    const limited = (backlog: Size) => ofCluster({ config: { replBacklogSize: backlog }, resources: { memory: { limit: Size.gibibytes(1) } } });
    expect(limited(Size.gibibytes(10))).toEqual([
      "'config.replBacklogSize' must be less than 'resources.memory.limit' (1Gi), got '10Gi'; it is memory of Redis: the kernel would kill Redis before it is full",
    ]);
    expect(limited(Size.gibibytes(1))).toHaveLength(1);
    expect(limited(Size.mebibytes(1023))).toEqual([]);
    expect(ofCluster({ config: { replBacklogSize: Size.gibibytes(10) } })).toEqual([]);
  });

  test('is not asked for', () => {
    const storage = RedisStorage.persistentVolumeClaim({ size: Size.mebibytes(16) });
    expect(ofCluster({ resources: { memory: { limit: Size.mebibytes(64) } }, storage })).toEqual([]);
  });
});

describe('maxclients', () => {
  const message = (least: number, pods: number, got: number) => `'config.maxclients' must be at least ${least} with ${pods} pods, got ${got}; two connections to each`
    + ' other node count, those of replicas, heal container, readiness probe and init Job too, and no client would get in';

  test.each<[RedisClusterProps, number, number]>([
    [{}, 6, 15],
    [{ replicasPerMaster: 0 }, 3, 8],
    [{ masters: 5, replicasPerMaster: 2 }, 15, 34],
  ])('of %j lets a client in', (shape, pods, least) => {
    expect(ofCluster({ ...shape, config: { maxclients: least - 1 } })).toEqual([message(least, pods, least - 1)]);
    expect(ofCluster({ ...shape, config: { maxclients: least } })).toEqual([]);
  });

  test('counts the pods that are to leave', () => {
    expect(ofCluster({ scaleInFrom: { masters: 4 }, config: { maxclients: 15 } })).toEqual([message(19, 8, 15)]);
  });
});

describe('tolerations', () => {
  test.each<[string, any, string]>([
    ['an unknown operator', { key: 'a', operator: 'In', value: 'b' }, "'tolerations[0].operator' must be Equal or Exists, got 'In'; the API server takes no other"],
    ['an unknown effect', { key: 'a', operator: 'Exists', effect: 'NoRun' },
      "'tolerations[0].effect' must be NoSchedule, PreferNoSchedule or NoExecute, got 'NoRun'; the API server takes no other"],
    ['Exists with a value', { key: 'a', operator: 'Exists', value: 'b' },
      "'tolerations[0].value' must be left out with the operator Exists, got 'b'; it tolerates any value"],
    ['nothing', undefined as any, "'tolerations[0].operator' must be Exists without a 'key', got undefined; only that tolerates every taint"],
    ['no key', { effect: 'NoSchedule' }, "'tolerations[0].operator' must be Exists without a 'key', got undefined; only that tolerates every taint"],
    ['no key and an empty one', { key: '', operator: 'Equal', value: 'b' },
      "'tolerations[0].operator' must be Exists without a 'key', got 'Equal'; only that tolerates every taint"],
    ['seconds without NoExecute', { key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 30 },
      "'tolerations[0].effect' must be NoExecute with 'tolerationSeconds', got 'NoSchedule'; the other effects do not evict"],
    ['a part of a second', { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0.5 },
      "'tolerations[0].tolerationSeconds' must be a whole number, got 0.5; Kubernetes counts it in seconds"],
    ['a key that is none', { key: 'a b', operator: 'Exists' },
      "'tolerations[0].key' must be a key like name or example.com/name, got 'a b'; Kubernetes takes no other"],
    ['a value that is none', { key: 'a', value: 'b c' },
      "'tolerations[0].value' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 'b c'; Kubernetes takes no other labels"],
  ])('%s: refused', (_, toleration, message) => {
    expect(ofCluster({ tolerations: [toleration] })).toEqual([message]);
    expect(ofJob({ tolerations: [toleration] })).toEqual([message]);
  });

  test.each<[string, any]>([
    ['of a value', { key: 'dedicated', operator: 'Equal', value: 'redis', effect: 'NoSchedule' }],
    ['of a value, by default', { key: 'example.com/dedicated', value: 'redis' }],
    ['of a key', { key: 'dedicated', operator: 'Exists', effect: 'PreferNoSchedule' }],
    ['of everything', { operator: 'Exists' }],
    ['for a time', { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 }],
    ['with what is undefined', { key: 'a', operator: undefined, value: undefined, effect: undefined, tolerationSeconds: undefined }],
  ])('%s: accepted', (_, toleration) => {
    expect(ofCluster({ tolerations: [toleration] })).toEqual([]);
  });

  test('are rendered whole, of whatever class their objects are', () => {
    const fields = { effect: 'NoSchedule', key: 'dedicated', operator: 'Equal', value: 'redis' };
    const objects = synthCluster({ tolerations: [Object.assign(Object.create(null), fields)] });
    expect(['StatefulSet', 'Job'].map(kind => objects.one(kind).spec.template.spec.tolerations)).toEqual([[fields], [fields]]);
  });
});

describe('affinity', () => {
  const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
  const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
  const OTHER = 'the API server takes no other';
  const NO_KEY = 'be a key like name or example.com/name';
  const host = 'kubernetes.io/hostname';

  /** Problems of one requirement of nodes, under the name of the field that they are about. */
  const ofNode = (requirement: object, list = 'matchExpressions') => ofCluster({
    affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [{ [list]: [requirement] }] } } } as any,
  }).map(line => line.replace(`affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0].${list}[0].`, ''));
  const ofPods = (term: object, list = REQUIRED) => ofCluster({ affinity: { podAntiAffinity: { [list]: [term] } } as any })
    .map(line => line.replace(`affinity.podAntiAffinity.${list}[0].`, ''));

  test.each<[string, object, string]>([
    ['an operator of others', { key: 'disk', operator: 'Equals', values: ['ssd'] }, `'operator' must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, got 'Equals'; ${OTHER}`],
    ['no operator', { key: 'disk' }, `'operator' must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, got undefined; ${OTHER}`],
    ['In without values', { key: 'disk', operator: 'In' }, "'values' must have a value at least with the operator In, got 'none'; there is nothing to compare with"],
    ['NotIn with no values', { key: 'disk', operator: 'NotIn', values: [] }, "'values' must have a value at least with the operator NotIn, got 'none'; there is nothing to compare with"],
    ['Exists with values', { key: 'disk', operator: 'Exists', values: ['a', 'b'] }, "'values' must be left out with the operator Exists, got 'a,b'; it compares nothing"],
    ['Gt of a word', { key: 'cores', operator: 'Gt', values: ['many'] }, "'values' must be one whole number with the operator Gt, got 'many'; it compares numbers"],
    ['Lt of two numbers', { key: 'cores', operator: 'Lt', values: ['1', '2'] }, "'values' must be one whole number with the operator Lt, got '1,2'; it compares numbers"],
    ['a key that is none', { key: 'a b', operator: 'Exists' }, `'key' must ${NO_KEY}, got 'a b'; Kubernetes takes no other`],
    ['no key', { operator: 'Exists' }, `'key' must ${NO_KEY}, got undefined; Kubernetes takes no other`],
    ['a value that is none', { key: 'disk', operator: 'In', values: ['ssd', 's d'] },
      "'values[1]' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 's d'; Kubernetes takes no other labels"],
    ['one value instead of a list', { key: 'disk', operator: 'In', values: 'ssd' }, "'values' must be a list, got 'ssd'; the API server takes no other"],
    ['a field that is none', { key: 'disk', operator: 'Exists', value: 'ssd' }, "'value' must be left out, got 'ssd'; the fields here are key, operator, values"],
  ])('of nodes by %s: refused', (_, requirement, message) => {
    expect(ofNode(requirement)).toEqual([message]);
  });

  test.each<[string, object, string]>([
    ['another one', { key: 'spec.unschedulable', operator: 'In', values: ['true'] }, "'key' must be metadata.name, got 'spec.unschedulable'; it is the only field of nodes that is compared"],
    ['an operator of labels', { key: 'metadata.name', operator: 'Exists', values: ['node-1'] }, `'operator' must be one of In, NotIn, got 'Exists'; ${OTHER}`],
    ['several values', { key: 'metadata.name', operator: 'In', values: ['a', 'b'] }, `'values' must be a list of one name, got 'a,b'; ${OTHER}`],
    ['a name that no node has', { key: 'metadata.name', operator: 'In', values: ['Node_1'] },
      "'values' must be lower-case letters, digits, hyphens and dots, with a letter or digit at both ends, got 'Node_1'; Kubernetes names such objects like that"],
  ])('of nodes by a field, %s: refused', (_, requirement, message) => {
    expect(ofNode(requirement, 'matchFields')).toEqual([message]);
  });

  test.each<[string, any, string]>([
    ['nothing known', { foo: 1 }, "'affinity.foo' must be left out, got 1; the fields here are nodeAffinity, podAffinity, podAntiAffinity"],
    ['no term of nodes', { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [] } } },
      `'affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms' must have a term at least, got 'none'; the API server refuses it`],
    ['no list of terms', { nodeAffinity: { [REQUIRED]: {} } },
      `'affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms' must have a term at least, got 'none'; the API server refuses it`],
    ...[0, 101, 1.5].map((weight): [string, any, string] => [`the weight ${weight}`, { nodeAffinity: { [PREFERRED]: [{ weight, preference: {} }] } },
      `'affinity.nodeAffinity.${PREFERRED}[0].weight' must be a whole number from 1 to 100, got ${weight}; ${OTHER}`]),
    ['no term of pods', { podAffinity: { [PREFERRED]: [{ weight: 1 }] } },
      `'affinity.podAffinity.${PREFERRED}[0].podAffinityTerm.topologyKey' must ${NO_KEY}, got undefined; Kubernetes takes no other`],
    ['no weight', { podAffinity: { [PREFERRED]: [{ podAffinityTerm: { topologyKey: host } }] } },
      `'affinity.podAffinity.${PREFERRED}[0].weight' must be a whole number from 1 to 100, got 0; ${OTHER}`],
  ])('with %s: refused', (_, affinity, message) => {
    expect(ofCluster({ affinity })).toEqual([message]);
  });

  test.each<[string, object, string]>([
    ['an empty topology key', { topologyKey: '' }, `'topologyKey' must ${NO_KEY}, got ''; Kubernetes takes no other`],
    ['no topology key', {}, `'topologyKey' must ${NO_KEY}, got undefined; Kubernetes takes no other`],
    ['an operator of nodes', { topologyKey: host, labelSelector: { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] } },
      `'labelSelector.matchExpressions[0].operator' must be one of In, NotIn, Exists, DoesNotExist, got 'Gt'; ${OTHER}`],
    ['a label that is none', { topologyKey: host, namespaceSelector: { matchLabels: { team: 'a b' } } },
      "'namespaceSelector.matchLabels.team' must be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, got 'a b'; Kubernetes takes no other labels"],
    ['a label without a value', { topologyKey: host, labelSelector: { matchLabels: { app: undefined } } },
      "'labelSelector.matchLabels.app' must have a value, got undefined; without this label, it would select more"],
    ['a namespace that is none', { topologyKey: host, namespaces: ['Data'] },
      "'namespaces[0]' must be a DNS label of at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends, got 'Data'; Kubernetes names such objects by a DNS label"],
    ['a key of labels that is none', { topologyKey: host, labelSelector: {}, matchLabelKeys: ['a b'] }, `'matchLabelKeys[0]' must ${NO_KEY}, got 'a b'; Kubernetes takes no other`],
    ['keys of labels without a selector', { topologyKey: host, mismatchLabelKeys: ['team'] },
      "'mismatchLabelKeys' must come with a 'labelSelector', got 'team'; the API server takes it with one alone"],
  ])('of pods with %s: refused', (_, term, message) => {
    expect(ofPods(term)).toEqual([message]);
    expect(ofPods({ weight: 1, podAffinityTerm: term }, PREFERRED)).toEqual([message.replace("'", "'podAffinityTerm.")]);
  });

  test('that Kubernetes takes is accepted', () => {
    const matchLabels = { app: 'web', tier: '' };
    const term = { topologyKey: host, labelSelector: { matchLabels, matchExpressions: [{ key: 'example.com/team', operator: 'Exists', values: [] }] } };
    const podAffinity = { [REQUIRED]: [term], [PREFERRED]: [{ weight: 100, podAffinityTerm: { ...term, namespaces: ['data'], namespaceSelector: {} } }] };
    const preference = { matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }, { key: 'disk', operator: 'DoesNotExist', values: undefined }] };
    expect(ofCluster({
      affinity: {
        podAffinity,
        podAntiAffinity: { ...podAffinity, [REQUIRED]: undefined },
        nodeAffinity: {
          [REQUIRED]: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-1.example'] }] }] },
          [PREFERRED]: [{ weight: 1, preference }],
        },
      },
    })).toEqual([]);
  });
});

describe('a Secret', () => {
  const NO_KEY = 'be a key of letters, digits, -, _ and ., and not begin with ..';
  const secret = { name: 'redis-auth' } as ISecret;
  const good: SecretValue = { secret, key: 'password' };

  test.each<[string, RedisClusterProps, string]>([
    ['without a key', { password: { secret } as SecretValue }, `'password' must ${NO_KEY}, got undefined; the Secret has its values under such keys`],
    ['with an empty key', { password: { secret, key: '' } }, `'password' must ${NO_KEY}, got ''; the Secret has its values under such keys`],
    ['with a key that none has', { password: good, alternatePassword: { secret, key: 'a b' } },
      `'alternatePassword' must ${NO_KEY}, got 'a b'; the Secret has its values under such keys`],
    ['with a key that leads elsewhere', { password: good, users: [{ name: 'app', password: { secret, key: '..' } }] },
      `'users[0].password' must ${NO_KEY}, got '..'; the Secret has its values under such keys`],
    ['without a name', { password: { secret: {} as ISecret, key: 'password' } },
      "'password' must name a Secret in lower-case letters, digits, hyphens and dots, got undefined; Kubernetes names Secrets like that"],
    ['that is not there', { password: { key: 'password' } as SecretValue },
      "'password' must name a Secret in lower-case letters, digits, hyphens and dots, got undefined; Kubernetes names Secrets like that"],
    ['without a name, of a certificate', { tls: RedisTls.fromSecret({} as ISecret) },
      "'tls' must name a Secret in lower-case letters, digits, hyphens and dots, got undefined; Kubernetes names Secrets like that"],
  ])('%s: refused', (_, props, message) => {
    expect(ofCluster(props)).toEqual([message]);
  });

  test('is checked for the init Job alone, too', () => {
    expect(ofJob({ password: { secret } as SecretValue })).toEqual([`'password' must ${NO_KEY}, got undefined; the Secret has its values under such keys`]);
  });
});

describe('words of Kubernetes', () => {
  const word = (value: string) => value as any;

  test.each<[string, RedisClusterProps, string]>([
    ['when images are pulled', { imagePullPolicy: word('always') }, "'imagePullPolicy' must be one of Always, IfNotPresent, Never, got 'always'; the API server takes no other"],
    ['how pods are spread', { spread: word('REQUIRED') }, "'spread' must be one of ScheduleAnyway, DoNotSchedule, got 'REQUIRED'; the API server takes no other"],
    ['what happens to claims', { storage: RedisStorage.persistentVolumeClaim({ whenDeleted: word('Keep') }) },
      "'storage.whenDeleted' must be one of Retain, Delete, got 'Keep'; the API server takes no other"],
    ['what happens to claims of pods that leave', { storage: RedisStorage.persistentVolumeClaim({ whenScaled: word('') }) },
      "'storage.whenScaled' must be one of Retain, Delete, got ''; the API server takes no other"],
  ])('%s: refused', (_, props, message) => {
    expect(ofCluster(props)).toEqual([message]);
  });

  test('are checked for the init Job, too', () => {
    const message = "'discovery' must be one of kubernetes-api, dns, got 'DNS'; the Job would find no pods";
    expect(ofCluster({ initJob: { discovery: word('DNS') } })).toEqual([`'initJob.${message.slice(1)}`]);
    expect(ofJob({ discovery: word('DNS'), imagePullPolicy: word('never') }))
      .toEqual([message, "'imagePullPolicy' must be one of Always, IfNotPresent, Never, got 'never'; the API server takes no other"]);
  });
});

describe('disk space of the Kubernetes node', () => {
  const space = (request?: Size, limit?: Size) => ({ resources: { ephemeralStorage: { request, limit } } });

  test('is not requested above its limit', () => {
    expect(ofCluster(space(Size.gibibytes(2), Size.gibibytes(1)))).toEqual(["'resources.ephemeralStorage.request' must be at most the limit of 1048576 kibibytes,"
      + ' got 2097152; the API server rejects a request above its limit']);
    expect(ofCluster(space(Size.mebibytes(0.0001)))).toEqual([expect.stringContaining("'resources.ephemeralStorage.request' must be a whole number of at least 1")]);
    expect(ofCluster(space(Size.gibibytes(1), Size.gibibytes(1)))).toEqual([]);
  });

  test('must be enough for data that are kept there', () => {
    const storage = RedisStorage.ephemeral();
    const config = { maxmemory: Size.gibibytes(1) };
    expect(ofCluster({ storage, config, ...space(undefined, Size.gibibytes(1)) })).toEqual(["'resources.ephemeralStorage.limit' must be at least twice 'config.maxmemory' (2Gi),"
      + " got '1Gi'; a new append-only file or snapshot is written beside the one that it replaces"]);
    expect(ofCluster({ storage, config, ...space(undefined, Size.gibibytes(2)) })).toEqual([]);
    const claim = RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(4) });
    expect(ofCluster({ storage: claim, config, ...space(undefined, Size.gibibytes(1)) })).toEqual([]);
  });
});

describe('times of the init Job', () => {
  const IN_32_BITS = 'Kubernetes counts the repetitions of a failed run in 32 bits';
  const TOO_LONG = 'Kubernetes counts some times in 32 bits, and no other needs more than these 68 years';

  test.each<[string, ClusterInitJobProps, string]>([
    ['a part of a second', { timeout: Duration.millis(10500) }, "'timeout' must be whole seconds, at least 10, got '10500 milliseconds'; a cluster needs some of them to form"],
    ['a deadline with a part of a second', { activeDeadline: Duration.millis(3600500) }, "'activeDeadline' must be whole seconds, at least 0, got '3600500 milliseconds'; Kubernetes counts it in seconds"],
    ['no number of repetitions', { backoffLimit: NaN }, `'backoffLimit' must be a whole number from 0 to 2147483647, got NaN; ${IN_32_BITS}`],
    ['repetitions without an end', { backoffLimit: Infinity }, `'backoffLimit' must be a whole number from 0 to 2147483647, got Infinity; ${IN_32_BITS}`],
    ['more repetitions than Kubernetes can count', { backoffLimit: 2 ** 31 }, `'backoffLimit' must be a whole number from 0 to 2147483647, got 2147483648; ${IN_32_BITS}`],
    ['more repetitions than an array has places', { backoffLimit: 2 ** 32 }, `'backoffLimit' must be a whole number from 0 to 2147483647, got 4294967296; ${IN_32_BITS}`],
    ['a deadline that Kubernetes cannot count', { activeDeadline: Duration.seconds(2 ** 31) }, `'activeDeadline' must be at most 2147483647 seconds, got '2147483648 seconds'; ${TOO_LONG}`],
    ['a time to live that Kubernetes cannot count', { ttlAfterFinished: Duration.seconds(2 ** 31) }, `'ttlAfterFinished' must be at most 2147483647 seconds, got '2147483648 seconds'; ${TOO_LONG}`],
    ['less than no repetition', { backoffLimit: -1 }, `'backoffLimit' must be a whole number from 0 to 2147483647, got -1; ${IN_32_BITS}`],
  ])('%s: refused', (_, props, message) => {
    expect(ofJob(props)).toEqual([message]);
    expect(ofCluster({ initJob: props })).toEqual([`'initJob.${message.slice(1)}`]);
  });
});

test('a time to start is one that Kubernetes can count', () => {
  expect(ofCluster({ startupTimeout: Duration.seconds(2 ** 31 - 1) })).toEqual([]);
  expect(ofCluster({ startupTimeout: Duration.seconds(2 ** 31) })).toEqual([expect.stringContaining("'startupTimeout' must be at most 2147483647 seconds, got '2147483648 seconds';")]);
});

describe('CPUs', () => {
  const request = (amount: number) => ({ resources: { cpu: { request: Cpu.units(amount) } } });

  test.each([0.001, 1.001, 2.01, 4.1])('%p are whole thousandths', amount => {
    expect(synthCluster(request(amount)).one('StatefulSet').spec.template.spec.containers[1].resources.requests.cpu).toBe(`${Math.round(amount * 1000)}m`);
  });

  test('that are no whole thousandths are refused', () => {
    expect(ofCluster(request(0.0005))).toEqual(["'resources.cpu.request' must be a whole number of at least 1, got 0.5; it counts millicores"]);
  });
});

test.each([undefined, null])('a label of %p is not left out of what selects Kubernetes nodes', value => {
  const message = `'nodeSelector.pool' must have a value, got ${value}; without this label, pods would run on more Kubernetes nodes`;
  const nodeSelector = { pool: value as any };
  expect([...ofCluster({ nodeSelector }), ...ofJob({ nodeSelector })]).toEqual([message, message]);
});

test('what redis.conf alone may hold is not bound by a pod', () => {
  const settings: RedisConfigSettings = { maxmemory: Size.tebibytes(2) };
  expect(problems(() => synth(scope => new RedisConfig(scope, 'Config', settings)))).toEqual([]);
});
