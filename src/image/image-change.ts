import { ImageSettings } from './image';
import { problem } from '../checks/problem';
import { holdsValkey, readImageVersion } from '../versions/image-version';
import { RedisVersion } from '../versions/redis-version';

/** The server that pods of the former YAML run, as far as it shows. */
export interface FormerServer {
  readonly image: string;
  /** What the pods run. */
  readonly isValkey: boolean;
}

/** Checks that servers can follow on those of the former YAML, pod by pod and on their disks. upgrade.awk decides the same for a disk. */
export function imageChange(former: FormerServer, next: ImageSettings): string[] {
  if (former.image === next.image || former.image === next.acknowledgedFormerImage) {
    return [];
  }
  const told = RedisVersion._toldByTag(former.image);
  const wasValkey = former.isValkey || holdsValkey(former.image) === true; // where the version is not told, the pods run redis-server, by which both go
  const before = told?.isValkey === wasValkey ? told : undefined;
  const found = familyChange(wasValkey, before, next) ?? downgrade(before, next) ?? brokenRelease(before, next);
  return found === undefined ? [] : [problem('image', `${found.requirement}, as the former YAML has '${former.image}'`, next.image,
    `${found.reason}; if you have considered it, or that cluster is gone with its claims, set 'acknowledgedFormerImage' to '${former.image}'`)];
}

interface Finding {
  readonly requirement: string;
  readonly reason: string;
}

function familyChange(wasValkey: boolean, before: RedisVersion | undefined, { image, toldVersion }: ImageSettings): Finding | undefined {
  const isValkey = toldVersion?.isValkey ?? holdsValkey(image);
  if (wasValkey && isValkey === false) {
    return { requirement: 'hold Valkey', reason: 'after one pod with Redis has joined, no pod with Valkey starts again' };
  }
  return !wasValkey && isValkey && before?.atLeast(7, 4)
    ? { requirement: 'hold Redis', reason: 'Valkey cannot read the snapshots of Redis 7.4 and later' } : undefined;
}

function downgrade(before: RedisVersion | undefined, { toldVersion }: ImageSettings): Finding | undefined {
  return before && toldVersion && before.isValkey === toldVersion.isValkey && !toldVersion.atLeast(before.major, before.minor)
    ? { requirement: `hold ${before.name} or later`, reason: 'an older server cannot read the files of a newer one, or starts empty' } : undefined;
}

/** Releases whose cluster bus breaks with nodes before 7.2: redis#12685, #13401, #13456. */
function brokenRelease(before: RedisVersion | undefined, { image }: ImageSettings): Finding | undefined {
  const { isValkey, major, minor, patch = Infinity } = readImageVersion(image) ?? { isValkey: true };
  const isBroken = !isValkey && major === 7 && (minor === 2 && patch < 7 || minor === 4 && patch < 2);
  return isBroken && before && !before.atLeast(7, 2)
    ? { requirement: 'hold Redis 7.2.7, 7.4.2 or later', reason: 'the cluster bus of earlier ones breaks with older nodes' } : undefined;
}
