import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { cpuOf, sizeOf } from './kubernetes-quantities';
import { configOf } from './redis-conf-lines';
import { ValuesReader } from './values-reader';
import { RedisTls } from '../access/redis-tls';
import { problem } from '../checks/problem';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { RedisConfigSettings } from '../config/redis-config-settings';
import { ContainerResources } from '../resources/container-resources';
import { ClaimRetention, RedisStorage } from '../storage/redis-storage';

const PULL_SECRETS = ['global.imagePullSecrets', 'image.pullSecrets'];
const CHART = 'redis-cluster';

/** The chart's word for volumes that nobody makes, which Kubernetes knows by an empty one. */
const NO_CLASS = '-';

/**
 * The values of Bitnami's chart `redis-cluster` as props of this library, for a cluster that takes over the claims of a release.
 *
 * @see https://github.com/bitnami/charts/tree/main/bitnami/redis-cluster
 */
export class BitnamiValues {
  /**
   * Reads the values that a release was installed with, as `helm get values RELEASE --output yaml` prints them.
   *
   * @param yaml the values; those that are left out are the chart's defaults
   * @param releaseName name of the release, from which the names of its claims follow
   * @throws if they hold a password, or a shape that is no cluster; all problems at once
   */
  public static parse(yaml: string, releaseName: string): BitnamiValues {
    const values = new ValuesReader(load(yaml));
    const name = nameOf(values, releaseName);
    const problems = [...passwords(values), ...shapeProblems(values), ...notLists(values)];
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
    const props = { name, ...serverOf(values), ...placementOf(values), ...accessOf(values, name) };
    return new BitnamiValues(props, values.leftOver());
  }

  private constructor(
    /** The props. Add to them what only you know, such as the namespace. */
    public readonly props: RedisClusterProps,
    /** Each value that has no counterpart, or that needs a decision, in a line: its path, and what takes its place if anything does. */
    public readonly withoutCounterpart: string[],
  ) {}
}

function load(yaml: string): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'bitnami-values-')); // cdk8s reads YAML from files alone
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, yaml, { mode: 0o600 });
    const [values = {}] = Yaml.load(file);
    if (typeof values !== 'object' || Array.isArray(values)) {
      throw new Error(problem('yaml', 'be a mapping of values', 'something else', 'helm get values RELEASE --output yaml prints one'));
    }
    return values;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nameOf(values: ValuesReader, releaseName: string): string {
  const chart = values.text('nameOverride') ?? CHART;
  return values.text('fullnameOverride') ?? (releaseName.includes(chart) ? releaseName : `${releaseName}-${chart}`);
}

function passwords(values: ValuesReader): string[] {
  return ['password', 'global.redis.password'].filter(path => values.text(path) !== undefined)
    .map(path => problem(path, 'be left out', '(not shown)', "a password does not belong in props: leave it in the release's Secret, or name another by 'existingSecret'"));
}

function shape(values: ValuesReader): { nodes: number; replicas: number } {
  return { nodes: Number(values.take('cluster.nodes') ?? 6), replicas: Number(values.take('cluster.replicas') ?? 1) };
}

function shapeProblems(values: ValuesReader): string[] {
  const { nodes, replicas } = shape(values);
  return Number.isInteger(nodes / (1 + replicas)) ? []
    : [problem('cluster.nodes', `be a multiple of 1 + cluster.replicas (${1 + replicas})`, nodes, 'every master has the same number of replicas here')];
}

function notLists(values: ValuesReader): string[] {
  return PULL_SECRETS.filter(path => !Array.isArray(values.take(path) ?? []))
    .map(path => problem(path, 'be a list', values.take(path), 'the chart goes through its entries'));
}

function serverOf(values: ValuesReader): RedisClusterProps {
  const { nodes, replicas } = shape(values);
  const [version] = /^\d+\.\d+(\.\d+)?/.exec(values.text('image.tag') ?? '') ?? [];
  if (version === undefined) {
    values.remark('image.tag', "is not given: set 'image' to the version that runs, such as redis:7.2.7, or a later one");
  }
  return {
    masters: nodes / (1 + replicas),
    replicasPerMaster: replicas,
    ...version === undefined ? {} : { image: `redis:${version}` },
    config: configSettings(values),
    storage: storageOf(values),
    resources: resourcesOf(values),
  };
}

function configSettings(values: ValuesReader): RedisConfigSettings {
  const port = values.take('redis.containerPorts.redis') ?? values.take('redis.port');
  const appendonly = values.take('redis.useAOFPersistence');
  return {
    ...port === undefined ? {} : { port: Number(port) },
    ...appendonly === undefined ? {} : { appendonly: appendonly === 'yes' || appendonly === true },
    ...configOf(values.text('redis.configmap') ?? '', text => values.remark('redis.configmap', text)),
  };
}

function storageOf(values: ValuesReader): RedisStorage {
  if (values.take('persistence.enabled') === false) {
    values.skip('persistence');
    return RedisStorage.ephemeral();
  }
  const size = values.text('persistence.size') ?? '8Gi';
  const [storageClass] = ['global.storageClass', 'persistence.storageClass', 'global.defaultStorageClass'].map(path => values.text(path)).filter(found => found !== undefined);
  const keeps = values.take('persistentVolumeClaimRetentionPolicy.enabled') === true;
  const retention = (path: string) => keeps && values.text(path) === 'Delete' ? ClaimRetention.DELETE : ClaimRetention.RETAIN;
  if (values.text('persistence.subPath') !== undefined) {
    values.remark('persistence.subPath', 'the data must be at the root of the volume: move it there, before the first pod starts');
  }
  if (String(values.take('persistence.accessModes') ?? 'ReadWriteOnce') !== 'ReadWriteOnce') {
    values.remark('persistence.accessModes', 'is always ReadWriteOnce');
  }
  return RedisStorage.persistentVolumeClaim({
    size: sizeOf(size, () => values.remark('persistence.size', `'${size}' has no binary unit: set the size that the claims have`)),
    storageClassName: storageClass === NO_CLASS ? '' : storageClass,
    whenDeleted: retention('persistentVolumeClaimRetentionPolicy.whenDeleted'),
    whenScaled: retention('persistentVolumeClaimRetentionPolicy.whenScaled'),
  });
}

function resourcesOf(values: ValuesReader): ContainerResources | undefined {
  const cpu = (path: string) => cpuOf(values.take(`redis.resources.${path}.cpu`));
  const size = (path: string, kind: string) => {
    const amount = values.text(`redis.resources.${path}.${kind}`);
    return amount === undefined ? undefined : sizeOf(amount, () => values.remark(`redis.resources.${path}.${kind}`, `'${amount}' has no binary unit`));
  };
  if (!values.has('redis.resources')) {
    return undefined;
  }
  return {
    cpu: { request: cpu('requests'), limit: cpu('limits') },
    memory: { request: size('requests', 'memory'), limit: size('limits', 'memory') },
    ephemeralStorage: { request: size('requests', 'ephemeral-storage'), limit: size('limits', 'ephemeral-storage') },
  };
}

/** What Kubernetes' own words are the same for. */
function placementOf(values: ValuesReader): RedisClusterProps {
  const secrets = PULL_SECRETS.map(path => values.take(path)).find(found => found !== undefined) as (string | { name: string })[] | undefined;
  const given: Record<string, unknown> = {
    affinity: values.take('redis.affinity'),
    nodeSelector: values.take('redis.nodeSelector'),
    tolerations: values.take('redis.tolerations'),
    priorityClassName: values.text('redis.priorityClassName'),
    podLabels: values.take('redis.podLabels'),
    podAnnotations: values.take('redis.podAnnotations'),
    labels: values.take('commonLabels'),
    annotations: values.take('commonAnnotations'),
    imagePullPolicy: values.text('image.pullPolicy'),
    imagePullSecrets: secrets?.map(secret => typeof secret === 'string' ? secret : secret.name),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function accessOf(values: ValuesReader, name: string): RedisClusterProps {
  return { ...passwordOf(values, name), ...tlsOf(values, name), ...networkPolicyOf(values) };
}

function passwordOf(values: ValuesReader, name: string): RedisClusterProps {
  const existing = values.text('existingSecret');
  const key = values.text('existingSecretPasswordKey');
  if (values.take('usePassword') === false) {
    return {};
  }
  if (existing === undefined) {
    values.remark('existingSecret', `the release's Secret '${name}' goes with the release: keep a copy of it`);
  }
  return { password: { secret: { name: existing ?? name }, key: existing !== undefined && key !== undefined ? key : 'redis-password' } };
}

function tlsOf(values: ValuesReader, name: string): RedisClusterProps {
  if (values.take('tls.enabled') !== true) {
    values.skip('tls');
    return {};
  }
  const existing = values.text('tls.existingSecret') ?? values.text('tls.certificatesSecret');
  const files = { certFilename: 'tls.crt', certKeyFilename: 'tls.key', certCAFilename: 'ca.crt' };
  for (const [path, file] of Object.entries(files)) {
    if ((values.text(`tls.${path}`) ?? file) !== file) {
      values.remark(`tls.${path}`, `the Secret's key must be ${file}`);
    }
  }
  values.take('tls.autoGenerated');
  if (existing === undefined) {
    values.remark('tls.existingSecret', `the release's Secret '${name}-crt' goes with the release, and names no Service of this library: make another`);
  }
  const authClients = values.take('tls.authClients') !== false;
  return { tls: RedisTls.fromSecret({ name: existing ?? `${name}-crt` }, { authClients }) };
}

function networkPolicyOf(values: ValuesReader): RedisClusterProps {
  if (values.take('networkPolicy.enabled') === false) {
    values.skip('networkPolicy');
    return {};
  }
  if (values.take('networkPolicy.allowExternal') !== false) {
    return {}; // it lets everybody in
  }
  values.remark('networkPolicy.allowExternal', "clients are let in by 'grantAccess' or 'grantAccessByLabels', not by the label <name>-client");
  return { networkPolicy: true };
}
