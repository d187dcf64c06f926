import { Construct } from 'constructs';
import { ClusterSettings } from './cluster-settings';
import { RedisClusterProps } from './redis-cluster-props';
import { RedisClusterWarning } from './redis-cluster-warning';
import { given } from '../checks/given';
import { recommendation } from '../checks/problem';
import { notChecked } from '../image/redis-image';
import { resolveInitJob } from '../init-job/init-job-settings';
import { storageWarning } from '../resources/capacity';
import { ContainerResources } from '../resources/container-resources';
import { RedisVersion } from '../versions/redis-version';

export interface Warning {
  readonly id: keyof typeof RedisClusterWarning;
  readonly text: string;
}

/** Props with which the cluster is still that of the documents, which has no resources on purpose. */
const OF_THE_DOCUMENTS = ['name', 'namespace', 'labels', 'annotations', 'recommendedLabels', 'disableResourceNameHashes', 'preset', 'acknowledgedWarnings'];

/**
 * Prints each warning that is not acknowledged, in a line of its own, to standard error: neither cdk8s nor its CLI shows what a
 * construct warns about. It is also in the construct's metadata, under the key that the CDK family uses.
 */
export function warn(scope: Construct, warnings: Warning[], acknowledged: readonly RedisClusterWarning[] | undefined): void {
  for (const { id, text } of warnings.filter(warning => !acknowledged?.includes(RedisClusterWarning[warning.id]))) {
    scope.node.addMetadata('aws:cdk:warning', text);
    console.warn(`Warning: [${scope.node.path}] ${text} (silenced by acknowledgedWarnings: RedisClusterWarning.${id})`);
  }
}

export function clusterWarnings(settings: ClusterSettings, props: RedisClusterProps): Warning[] {
  const isOfTheDocuments = Object.keys(given(props)).every(prop => OF_THE_DOCUMENTS.includes(prop));
  return [
    ...movingTag('image', settings.image),
    ...newVersion(settings.version),
    ...settings.initJob.discovery === 'dns' ? [] : movingTag('initJob.kubectlImage', resolveInitJob(settings.initJob).kubectlImage),
    ...storageWarning(settings).map(text => ({ id: 'SMALL_STORAGE' as const, text })),
    ...openClusterBus(settings),
    ...isOfTheDocuments ? [] : missingResources(settings.resources),
  ];
}

export function movingTag(prop: string, image: string): Warning[] {
  const [, tag] = /^[^@]*?(?::([^/:@]*))?(?:@.*)?$/.exec(image) ?? [];
  return image.includes('@') || tag !== undefined && tag !== 'latest' ? []
    : [{ id: 'MOVING_TAG', text: recommendation(prop, 'have a version as its tag, or a digest', image, 'pods that start later may run another one') }];
}

function newVersion(version: RedisVersion): Warning[] {
  const text = notChecked(version);
  return text === undefined ? [] : [{ id: 'NEW_VERSION', text }];
}

function openClusterBus({ access, networkPolicy }: ClusterSettings): Warning[] {
  return !access.password || access.tls || networkPolicy ? []
    : [{
      id: 'OPEN_CLUSTER_BUS',
      text: "'password' should come with 'tls' or 'networkPolicy', got neither; the cluster bus has no password: a pod that reaches it can take slots,"
        + ' and is sent this password in plaintext',
    }];
}

function missingResources({ cpu, memory }: ContainerResources = {}): Warning[] {
  const wanted = { 'cpu.request': cpu?.request, 'memory.request': memory?.request, 'memory.limit': memory?.limit };
  const there = Object.entries(wanted).filter(([, quantity]) => quantity).map(([name]) => name);
  return there.length === 3 ? []
    : [{
      id: 'MISSING_RESOURCES',
      text: `'resources' should have cpu.request, memory.request and memory.limit, got ${there.join(' and ') || 'none'};`
        + ' Kubernetes may place pods where there is no room for them, and evicts them first',
    }];
}
