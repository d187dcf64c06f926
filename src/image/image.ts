import { ImagePullPolicy } from './image-pull-policy';
import { dnsSubdomain } from '../checks/names';
import { Parsed, problem, recommendation } from '../checks/problem';
import { oneOf } from '../checks/values';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { readImageVersion } from '../versions/image-version';
import { RedisVersion } from '../versions/redis-version';
import { LINES } from '../versions/version-table';
import { RedisClusterWarning } from '../warnings/redis-cluster-warning';
import { Warning } from '../warnings/warn';

/** The image of the servers, of the probes and of the scripts. */
export const DEFAULT_IMAGE = 'redis:6.2';

/** The server that runs in the pods. */
export interface ImageSettings {
  readonly image: string;
  readonly version: RedisVersion;
  /** The version, if prop or tag tells it. */
  readonly toldVersion?: RedisVersion;
  readonly acknowledgedFormerImage?: string;
}

export function parseImage(
  { image = DEFAULT_IMAGE, version, acknowledgedFormerImage }: Pick<RedisClusterProps, 'image' | 'version' | 'acknowledgedFormerImage'>,
): Parsed<ImageSettings> {
  const toldByTag = RedisVersion._toldByTag(image);
  const toldVersion = version ?? toldByTag;
  return {
    settings: { image, version: toldVersion ?? RedisVersion.V6_2, toldVersion, acknowledgedFormerImage }, // one that is too old is a problem
    problems: [
      ...imageReference('image', image),
      ...imageLayout('image', image),
      ...imageReference('acknowledgedFormerImage', acknowledgedFormerImage),
      ...version ? imageOfVersion(image, version, toldByTag) : RedisVersion._tooOld('image', image),
    ],
  };
}

/** Checks an image that is used for the programs of the servers: its layout and version, as far as its name tells. */
export function imageOfPrograms(prop: string, image: string): string[] {
  return [...imageReference(prop, image), ...imageLayout(prop, image), ...RedisVersion._tooOld(prop, image)];
}

/** Checks that the servers of an image read the snapshots of a version, as far as both are told. */
export function readsSnapshotsOf(version: RedisVersion | undefined, prop: string, image: string): string[] {
  const told = RedisVersion._toldByTag(image);
  return !version || !told || told.isValkey === version.isValkey && told.atLeast(version.major, version.minor) ? []
    : [problem(prop, `hold ${version.name} or later, as the cluster does`, image, 'an older server, or one of the other family, may not read its snapshots')];
}

/** Checks when, and with which Secrets, the kubelet pulls images. */
export function pullProblems({ imagePullPolicy, imagePullSecrets = [] }: Pick<RedisClusterProps, 'imagePullPolicy' | 'imagePullSecrets'>): string[] {
  return [
    ...oneOf('imagePullPolicy', imagePullPolicy, Object.values(ImagePullPolicy), 'the API server takes no other'),
    ...imagePullSecrets.flatMap((name, index) => dnsSubdomain(`imagePullSecrets[${index}]`, name)),
  ];
}

/** Checks that images are pinned by their digests. */
export function pinnedImages(images: Record<string, string>): string[] {
  return Object.entries(images).filter(([, reference]) => !reference.includes('@sha256:'))
    .map(([prop, reference]) => problem(prop, 'be pinned by its digest (…@sha256:…)', reference, "a tag can be moved; or set 'requireImageDigests' to false"));
}

/** What synth should warn of: tags that mean another image tomorrow. */
export function movingTags(images: Record<string, string>): Warning[] {
  return Object.entries(images).flatMap(([prop, image]) => movingTag(prop, image));
}

function movingTag(prop: string, image: string): Warning[] {
  const [, tag] = /^[^@]*?(?::([^/:@]*))?(?:@.*)?$/.exec(image) ?? [];
  return image.includes('@') || tag !== undefined && tag !== 'latest' ? []
    : [{ id: RedisClusterWarning.MOVING_TAG, text: recommendation(prop, 'have a version as its tag, or a digest', image, 'pods that start later may run another one') }];
}

/** What synth should warn of: a version newer than all known ones, of which less is checked. */
export function notChecked(version: RedisVersion): string | undefined {
  const newest = LINES.filter(line => line.startsWith('Valkey') === version.isValkey).pop();
  return version.isKnown ? undefined
    : `${version.name} is newer than ${newest}, the newest that this version of the library knows: `
      + 'directives and commands that no known version has are not checked';
}

/** Where Redis and Valkey themselves are published, in any registry. */
const OFFICIAL = /(^|\/)(library\/redis|valkey\/valkey)$|^redis$/;

/** Checks that a version that is given agrees with the one that the tag of the image tells, if it tells one. */
function imageOfVersion(image: string, given: RedisVersion, told: RedisVersion | undefined): string[] {
  const { major, minor } = readImageVersion(image) ?? {};
  const repository = image.replace(/[:@](?!.*\/).*$/, '');
  // Numbers that Redis never had, or has no longer, are a team's own, unless the image is that of Redis.
  const agrees = told === undefined
    ? major === undefined || !OFFICIAL.test(repository)
    : told.isValkey === given.isValkey && (told === given || told.name === given.name || minor === undefined && major === given.major);
  return agrees ? [] : [problem('version', `agree with 'image', whose tag is that of ${told?.name ?? 'an older version'} ('${image}')`, given.name,
    'redis.conf would not fit the server: leave it out to have it read from the tag, or pin an image with numbers of its own by its digest alone')];
}

/** Checks that an image is laid out like the official ones, as far as its name tells: Bitnami's are not. */
function imageLayout(prop: string, image: string): string[] {
  const isBitnami = /(^|\/)bitnami[a-z]*\//.test(image) || /:[\d.]+-(debian|photon)-\d+(-r\d+)?(@|$)/.test(image);
  return isBitnami ? [problem(prop, 'be laid out like the official images', image,
    "Bitnami's have another user, other folders and an entry point of their own: use redis or valkey/valkey of the same version")] : [];
}

/** Checks an image reference: registry, repository, tag and digest, without a character that belongs in none of them. */
export function imageReference(prop: string, value: string | undefined): string[] {
  const reference = /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;
  if (value === undefined || reference.test(value)) {
    return [];
  }
  return [problem(prop, 'be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…', value, 'the kubelet could not pull it')];
}
