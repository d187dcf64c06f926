import { ClusterSettings } from './cluster-settings';
import { givenProps } from './preset';
import { RedisClusterProps } from './redis-cluster-props';
import { movingTags, notChecked } from '../image/image';
import { initJobImages } from '../init-job/init-job';
import { storageWarning, threadsWarning } from '../resources/capacity';
import { ContainerResources } from '../resources/container-resources';
import { RedisVersion } from '../versions/redis-version';
import { RedisClusterWarning } from '../warnings/redis-cluster-warning';
import { Warning } from '../warnings/warn';

/** Props with which the cluster is still that of the original YAML, which has no resources on purpose. */
const OF_THE_ORIGINAL_YAML = ['name', 'namespace', 'labels', 'annotations', 'recommendedLabels', 'disableResourceNameHashes', 'preset', 'acknowledgedWarnings'];

export function clusterWarnings(settings: ClusterSettings, props: RedisClusterProps): Warning[] {
  const isTheOriginalYaml = Object.keys(givenProps(props)).every(prop => OF_THE_ORIGINAL_YAML.includes(prop));
  return [
    ...movingTags({ image: settings.image }),
    ...newVersion(settings.version),
    ...movingTags({ ...initJobImages(settings.initJob, 'initJob.'), ...settings.monitoring ? { 'monitoring.image': settings.monitoring.image } : {} }),
    ...storageWarning(settings).map(text => ({ id: RedisClusterWarning.SMALL_STORAGE, text })),
    ...threadsWarning(settings).map(text => ({ id: RedisClusterWarning.MANY_THREADS, text })),
    ...openClusterBus(settings),
    ...isTheOriginalYaml ? [] : missingResources(settings.resources),
  ];
}

function newVersion(version: RedisVersion): Warning[] {
  const text = notChecked(version);
  return text === undefined ? [] : [{ id: RedisClusterWarning.NEW_VERSION, text }];
}

function openClusterBus({ password, tls, networkPolicy }: ClusterSettings): Warning[] {
  return !password || tls || networkPolicy ? []
    : [{
      id: RedisClusterWarning.OPEN_CLUSTER_BUS,
      text: "'password' should come with 'tls' or 'networkPolicy', got neither; the cluster bus has no password: a pod that reaches it can take slots,"
        + ' and is sent this password in plaintext',
    }];
}

/** A request that is left out is the limit, if there is one. */
function missingResources({ cpu, memory }: ContainerResources = {}): Warning[] {
  const wanted = { 'cpu.request': cpu?.request ?? cpu?.limit, 'memory.request': memory?.request ?? memory?.limit, 'memory.limit': memory?.limit };
  const there = Object.entries(wanted).filter(([, quantity]) => quantity).map(([name]) => name);
  return there.length === 3 ? []
    : [{
      id: RedisClusterWarning.MISSING_RESOURCES,
      text: `'resources' should have cpu.request, memory.request and memory.limit, got ${there.join(' and ') || 'none'};`
        + ' Kubernetes may place pods where there is no room for them, and evicts them first',
    }];
}
