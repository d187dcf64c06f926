import { Size } from 'cdk8s';
import { ContainerResources } from './container-resources';
import { kibibytes, millicores, millicoresInWords, storageQuantity } from './quantity';
import { resourceProblems } from './resource-requirements';
import { Parsed, problem, recommendation } from '../checks/problem';
import { ConfigSettings } from '../config/config-settings';
import { StorageSettings } from '../storage/storage';

/**
 * The part of the memory limit that `maxmemory` may have. It counts neither fragmentation nor the buffers of replication and
 * append-only file, and Redis' own advice for those is 8 of 10 GB, or 9: the more careful of the two, as pages that writes change
 * while a fork saves come on top, in the worst case as many as there are.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/admin/
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
const SHARE_OF_LIMIT = 0.8;

/** The resources of the server, which must be enough for what it may hold. */
export function parseResources(
  resources: ContainerResources | undefined, config: ConfigSettings, storage: StorageSettings,
): Parsed<ContainerResources | undefined> {
  return {
    settings: resources,
    problems: [...resourceProblems('resources', resources), ...capacityProblems({ config, resources, storage })],
  };
}

/** How full what a pod has may become by `maxmemory`; without it, nobody knows. */
interface Capacity {
  readonly config: ConfigSettings;
  readonly resources?: ContainerResources;
  readonly storage: StorageSettings;
}

/** Problems for which Redis would be killed, or could not save, once it has as many data as it may. */
function capacityProblems({ config: { maxmemory, replBacklogSize }, resources, storage }: Capacity): string[] {
  const limit = resources?.memory?.limit;
  if (maxmemory === undefined) {
    return replBacklogSize && limit && !isLess(replBacklogSize, limit) ? [problem('config.replBacklogSize', `be less than 'resources.memory.limit' (${inWords(limit)})`,
      replBacklogSize, 'it is memory of Redis: the kernel would kill Redis before it is full')] : [];
  }
  const leastLimit = times(1 / SHARE_OF_LIMIT, maxmemory);
  const { prop, size } = disk(storage, resources);
  const leastSize = times(2, maxmemory);
  return [
    ...isLess(limit, leastLimit) ? [problem('resources.memory.limit', `be at least 1.25 times 'config.maxmemory' (${inWords(leastLimit)})`, limit,
      'buffers of replication and append-only file, fragmentation, and pages that are copied while a fork saves come on top of it: the kernel would kill Redis')] : [],
    ...isLess(size, leastSize) ? [problem(prop, `be at least twice 'config.maxmemory' (${inWords(leastSize)})`, size,
      'a new append-only file or snapshot is written beside the one that it replaces')] : [],
  ];
}

/**
 * A doubt about storage that only holds the data as long as no more is written: append-only file and snapshot are as large as the
 * data in memory at most, but the file grows before it is rewritten (`auto-aof-rewrite-percentage`, 100), however little there is
 * (`auto-aof-rewrite-min-size`, 64 MiB), and the one that replaces it is written beside it.
 */
export function storageWarning({ config, resources, storage }: Capacity): string[] {
  const { maxmemory, appendonly, autoAofRewritePercentage = 100, autoAofRewriteMinSize = Size.mebibytes(64) } = config;
  if (appendonly && autoAofRewritePercentage === 0) {
    return [recommendation('config.autoAofRewritePercentage', 'be at least 1', 0,
      'the append-only file is never rewritten and grows with every write, so that no storage is large enough for long')];
  }
  if (maxmemory === undefined || !appendonly) {
    return []; // the room for two snapshots, which is demanded, is all that is needed
  }
  const { prop, size } = disk(storage, resources);
  const grown = times(1 + autoAofRewritePercentage / 100, maxmemory);
  const isSmall = isLess(grown, autoAofRewriteMinSize);
  const bound = isSmall ? inWords(autoAofRewriteMinSize) : `${100 + autoAofRewritePercentage} % of 'config.maxmemory' (${inWords(maxmemory)})`;
  const enough = Size.kibibytes(kibibytes(isSmall ? autoAofRewriteMinSize : grown) + 2 * kibibytes(maxmemory));
  return isLess(size, enough) ? [recommendation(prop, `be at least ${inWords(enough)}`, size,
    `the append-only file grows to ${bound} before it is rewritten, the new one is written beside it, and a snapshot may be there, too`)] : [];
}

/** A doubt about threads that cannot run at the same time: Redis' threads wait for each other in loops, and use up the time of the container. */
export function threadsWarning({ config: { ioThreads = 1 }, resources }: Capacity): string[] {
  const limit = resources?.cpu?.limit;
  const cores = limit ? Math.ceil(millicores(limit) / 1000) : Infinity;
  return limit && ioThreads > cores ? [recommendation('config.ioThreads', `be at most ${cores}`, ioThreads,
    `'resources.cpu.limit' is ${millicoresInWords(millicores(limit))}, and threads that wait for each other take its time from Redis`)] : [];
}

/** Where the data is, and how much fits; a pod is evicted by the smaller limit of a folder's two. */
function disk({ claim, folder }: StorageSettings, resources: ContainerResources | undefined): { prop: string; size?: Size } {
  const { sizeLimit } = folder ?? {};
  const limit = resources?.ephemeralStorage?.limit;
  return claim ? { prop: 'storage.size', size: claim.size }
    : limit && (!sizeLimit || isLess(limit, sizeLimit)) ? { prop: 'resources.ephemeralStorage.limit', size: limit } : { prop: 'storage.sizeLimit', size: sizeLimit };
}

function times(factor: number, size: Size): Size {
  return Size.kibibytes(Math.ceil(Number((factor * kibibytes(size)).toPrecision(15))));
}

function isLess(size: Size | undefined, least: Size): boolean {
  return size ? kibibytes(size) < kibibytes(least) : false;
}

/** In the largest unit that gives a whole number, as it would be written into YAML. */
function inWords(size: Size): string {
  return String(storageQuantity(size));
}
