import { Duration } from 'cdk8s';
import { ConfigMapSettings, ConfigSettings } from './config-settings';
import { contradictions } from './contradictions';
import { isDirective, validateExtraDirectives } from './extra-directives';
import { RedisConfigProps } from './redis-config-props';
import { RedisConfigSettings } from './redis-config-settings';
import { SETTINGS } from './typed-settings';
import { tlsNotMade, tlsSettings } from '../access/tls';
import { given } from '../checks/given';
import { dnsSubdomain } from '../checks/names';
import { Parsed, prefixed, problem } from '../checks/problem';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { ClusterShape } from '../shape/cluster-shape';
import { hasDirective, versionsWith } from '../versions/directives';
import { RedisVersion } from '../versions/redis-version';

/** The configuration of nodes of which nothing else is known. */
export function parseRedisConfig(props: RedisConfigProps): Parsed<ConfigMapSettings> {
  const { name = 'redis-cluster-config', version = RedisVersion.V6_2, tls, _settings, ...settings } = given(props);
  return {
    settings: { name, version, config: withDefaults(settings), tls: tlsSettings(tls, '') },
    problems: [...dnsSubdomain('name', name), ...configProblems(settings, version), ...tlsNotMade(tls)],
  };
}

/** The configuration of a cluster's nodes. */
export function parseClusterConfig(
  { config = {}, password }: Pick<RedisClusterProps, 'config' | 'password'>, version: RedisVersion, shape: ClusterShape,
): Parsed<ConfigSettings> {
  return {
    settings: withDefaults(config),
    problems: [
      ...prefixed('config', configProblems(config, version)),
      ...enoughReplicas(shape.replicasPerMaster, config.minReplicasToWrite),
      ...enoughConnections(shape, config.maxclients),
      ...config.protectedMode && !password
        ? [problem('config.protectedMode', "be false without a 'password'", true, 'replicas and clients would be refused')] : [],
    ],
  };
}

/** Whether the servers load modules, whose commands and directives nobody knows here. */
export function loadsModules({ extraDirectives = [] }: ConfigSettings): boolean {
  return extraDirectives.some(({ name }) => name === 'loadmodule');
}

function withDefaults(settings: RedisConfigSettings): ConfigSettings {
  const { extraDirectives } = settings;
  return {
    ...settings,
    ...extraDirectives && { extraDirectives: extraDirectives.filter(isDirective) }, // the others are reported by the checks
    clusterNodeTimeout: settings.clusterNodeTimeout ?? Duration.seconds(5),
    appendonly: settings.appendonly ?? true,
    protectedMode: settings.protectedMode ?? false,
    bind: settings.bind ?? ['0.0.0.0'],
    port: settings.port ?? 6379,
  };
}

/** All problems of the settings, for a redis.conf that this version of Redis reads. */
function configProblems(settings: RedisConfigSettings, version: RedisVersion): string[] {
  return [
    ...SETTINGS.flatMap(setting => setting.problems(settings, version)),
    ...missingInVersion(settings, version),
    ...contradictions(settings, version),
    ...validateExtraDirectives('extraDirectives', settings.extraDirectives ?? [], version),
  ];
}

function missingInVersion(settings: RedisConfigSettings, version: RedisVersion): string[] {
  return SETTINGS
    .filter(({ prop, directive }) => settings[prop] !== undefined && !hasDirective(version, directive))
    .map(({ prop, directive }) => problem(prop, `be left out for ${version.name}`, settings[prop], `'${directive}' exists in ${versionsWith(directive)}`));
}

function enoughReplicas(replicasPerMaster: number, minReplicasToWrite: number | undefined): string[] {
  return minReplicasToWrite === undefined || minReplicasToWrite <= replicasPerMaster ? []
    : [problem('config.minReplicasToWrite', `be at most 'replicasPerMaster' (${replicasPerMaster})`, minReplicasToWrite, 'no master would take a write')];
}

/** Heal container, readiness probe, init Job and a client have one each. */
const CONNECTIONS_BESIDE_NODES = 4;

/** Redis turns away whoever comes when its clients, replicas among them, and twice as many as it knows other nodes are `maxclients`. */
function enoughConnections({ pods, replicasPerMaster }: ClusterShape, maxclients: number | undefined): string[] {
  const least = 2 * (pods - 1) + replicasPerMaster + CONNECTIONS_BESIDE_NODES;
  return maxclients !== undefined && maxclients < least ? [problem('config.maxclients', `be at least ${least} with ${pods} pods`, maxclients,
    'two connections to each other node count, those of replicas, heal container, readiness probe and init Job too, and no client would get in')] : [];
}
