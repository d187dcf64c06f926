import { presetProblems, withPreset } from './preset';
import { RedisClusterProps } from './redis-cluster-props';
import { Authentication, moverOf, parseAuthentication } from '../access/authentication';
import { ClusterTls, parseTls } from '../access/tls';
import { parseRestore, RestoreSettings } from '../backup/restore-settings';
import { Parsed, prefixed } from '../checks/problem';
import { loadsModules, parseClusterConfig } from '../config/config';
import { ConfigSettings } from '../config/config-settings';
import { ImageSettings, parseImage, pinnedImages } from '../image/image';
import { initJobImages, parseChoices } from '../init-job/init-job';
import { InitJobChoices, InitJobSettings } from '../init-job/init-job-settings';
import { ofInitJob, parseMetadata } from '../metadata/cluster-metadata';
import { ObjectMetadata } from '../metadata/object-metadata';
import { MonitoringSettings, parseMonitoring } from '../monitoring/monitoring';
import { Lifetime, parseLifetime } from '../pods/lifetime';
import { parsePods, PodSettings } from '../pods/pods';
import { parseResources } from '../resources/capacity';
import { ContainerResources } from '../resources/container-resources';
import { ClusterNames, parseNames } from '../shape/cluster-names';
import { ClusterShape, parseShape } from '../shape/cluster-shape';
import { parseScaleInGuard, ScaleInGuard } from '../shape/scale-in-guard';
import { parseStorage, StorageSettings } from '../storage/storage';

/** What a cluster takes from its chart. */
export interface ChartSettings {
  readonly namespace?: string;
  readonly labels: Record<string, string>;
}

/** What the objects of a cluster are made of. */
export interface ClusterSettings extends ClusterNames, ClusterShape, ImageSettings, Authentication, ClusterTls, PodSettings, Lifetime, ScaleInGuard {
  readonly config: ConfigSettings;
  readonly port: number;
  readonly storage: StorageSettings;
  readonly restore?: RestoreSettings;
  readonly resources?: ContainerResources;
  readonly networkPolicy: boolean;
  readonly requireImageDigests: boolean;
  readonly monitoring?: MonitoringSettings;
  readonly objectMetadata: Required<ObjectMetadata>;
  readonly initJob: InitJobSettings;
}

/** One pass over the props of a cluster: a line takes what a concern makes of them. The problems come in the order of the lines. */
export function parseRedisCluster(all: RedisClusterProps, chart: ChartSettings): Parsed<ClusterSettings> {
  const problems: string[] = [];
  const take = <Settings>({ settings, problems: found }: Parsed<Settings>): Settings => {
    problems.push(...found);
    return settings;
  };
  const props = withPreset(all);
  const choices = parseChoices(props.initJob); // their problems are the last ones
  const parsedShape = parseShape(props);

  const names = take(parseNames(props.name, chart.namespace, choices.settings.contentHashInName));
  const shape = take(parsedShape);
  const server = take(parseImage(props));
  problems.push(...props.requireImageDigests ? pinnedImages({ image: server.image, ...initJobImages(choices.settings, 'initJob.') }) : []);
  const config = take(parseClusterConfig(props, server.version, shape));
  const storage = take(parseStorage(props, shape.replicasPerMaster, config));
  const requireImageDigests = props.requireImageDigests ?? false;
  const restore = take(parseRestore(props.restoreFrom, names.name, requireImageDigests, storage.claim?.copyOf));
  const resources = take(parseResources(props.resources, config, storage));
  problems.push(...presetProblems(props.preset));
  const passwords = { ...props, exporterPassword: props.monitoring?.options?.password };
  const authentication = take(parseAuthentication(passwords, server.version, loadsModules(config)));
  const pods = parsedShape.problems.length > 0 ? 0 : shape.pods; // a certificate for an impossible number of them is no other problem
  const tls = take(parseTls(props, server.version, { ...names, pods }));
  const objectMetadata = take(parseMetadata(props, names.name, server, chart.labels));
  const podSettings = take(parsePods(props, names.name, objectMetadata.labels));
  const lifetime = take(parseLifetime(props, config));
  const monitoring = take(parseMonitoring(props, config.port, chart.namespace));
  problems.push(...prefixed('initJob', choices.problems));

  const guard = take(parseScaleInGuard(props.scaleInGuard, names, choices.settings.discovery));

  const { port } = config;
  const networkPolicy = props.networkPolicy ?? false;
  const slices = { ...names, ...shape, ...server, ...authentication, ...tls, ...podSettings, ...lifetime, ...guard };
  const cluster = { ...slices, config, port, storage, restore, resources, networkPolicy, requireImageDigests, monitoring, objectMetadata };
  return { settings: { ...cluster, initJob: initJobOf(cluster, choices.settings) }, problems };
}

/** The Job of a cluster, which has checked all but the choices. */
function initJobOf(cluster: Omit<ClusterSettings, 'initJob'>, choices: InitJobChoices): InitJobSettings {
  const { masters, replicasPerMaster, members, pods, port, image, user, password, tls, placement, logFormat } = cluster;
  return {
    ...choices,
    name: cluster.initJobName,
    scriptsName: cluster.scriptsName,
    statefulSetName: cluster.name,
    serviceName: cluster.serviceName,
    masters,
    replicasPerMaster,
    members,
    pods,
    scaleInGuard: cluster.scaleInGuard,
    port,
    image,
    user,
    mover: moverOf(cluster),
    password,
    tls,
    objectMetadata: ofInitJob(cluster.objectMetadata),
    nodeSelector: placement.nodeSelector,
    tolerations: placement.tolerations,
    imagePullPolicy: cluster.imagePullPolicy,
    imagePullSecrets: cluster.imagePullSecrets,
    logFormat,
  };
}
