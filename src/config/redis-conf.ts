import { Duration } from 'cdk8s';
import { contradictions } from './contradictions';
import { validateExtraDirectives } from './extra-directives';
import { RedisConfigSettings } from './redis-config-settings';
import { SETTINGS } from './typed-settings';
import { TLS_FOLDER } from '../access/access';
import { RedisTls } from '../access/redis-tls';
import { problem } from '../checks/problem';
import { hasDirective, versionsWith } from '../versions/directives';
import { RedisVersion } from '../versions/redis-version';

/** The settings with those that redis.conf always holds in their place. */
export function resolveRedisConfig(settings: RedisConfigSettings) {
  return {
    ...settings,
    clusterNodeTimeout: settings.clusterNodeTimeout ?? Duration.seconds(5),
    appendonly: settings.appendonly ?? true,
    protectedMode: settings.protectedMode ?? false,
    bind: settings.bind ?? ['0.0.0.0'],
    port: settings.port ?? 6379,
  };
}

/**
 * The settings with what a cluster of this shape has by default: from Redis 7.0 on, a master begins a full copy as soon as all
 * replicas that it is to have ask for one, not 5 seconds after the first.
 */
export function withClusterDefaults(settings: RedisConfigSettings, version: RedisVersion, replicasPerMaster: number): RedisConfigSettings {
  const isUsed = replicasPerMaster > 0 && settings.replDisklessSync !== false && hasDirective(version, 'repl-diskless-sync-max-replicas');
  return { ...settings, replDisklessSyncMaxReplicas: settings.replDisklessSyncMaxReplicas ?? (isUsed ? replicasPerMaster : undefined) };
}

/** How full copies are sent, which start.sh holds back and the heal container restores: `yes|no SECONDS MAX_REPLICAS|-`. */
export function disklessSync(settings: RedisConfigSettings, version: RedisVersion): string {
  const { replDisklessSync = version.atLeast(7, 0), replDisklessSyncDelay = Duration.seconds(5), replDisklessSyncMaxReplicas = 0 } = settings;
  const maxReplicas = hasDirective(version, 'repl-diskless-sync-max-replicas') ? replDisklessSyncMaxReplicas : '-';
  return `${replDisklessSync ? 'yes' : 'no'} ${replDisklessSyncDelay.toSeconds()} ${maxReplicas}`;
}

/** The text of redis.conf: cluster mode, the typed settings in their order, TLS, then the extra directives in the order given. */
export function renderRedisConf(settings: RedisConfigSettings, version: RedisVersion, tls?: RedisTls): string {
  const resolved = resolveRedisConfig(settings);
  const shown = tls ? { ...resolved, port: 0 } : resolved; // Redis' word for no plaintext port
  const lines = [
    ['cluster-enabled', 'yes'],
    ['cluster-config-file', 'nodes.conf'],
    ...SETTINGS.flatMap(({ directive, lines: linesOf }) => linesOf(shown).map(words => [directive, ...words])),
    ...tls ? tlsLines(resolved.port, tls, version) : [],
    ...(settings.extraDirectives ?? []).map(({ name, values }) => [name, ...values]),
  ];
  return lines.map(words => `${words.map(word).join(' ')}\n`).join('');
}

/** Clients, replication and cluster bus all encrypted and checked; clients are sent to the names that the certificate has. */
function tlsLines(port: number, tls: RedisTls, version: RedisVersion): string[][] {
  return [
    ['tls-port', String(port)],
    ['tls-cert-file', `${TLS_FOLDER}/tls.crt`],
    ['tls-key-file', `${TLS_FOLDER}/tls.key`],
    ['tls-ca-cert-file', `${TLS_FOLDER}/ca.crt`],
    ['tls-auth-clients', tls.options.authClients ? 'yes' : 'no'],
    ['tls-replication', 'yes'],
    ['tls-cluster', 'yes'],
    ...version.supportsHostnames ? [['cluster-preferred-endpoint-type', 'hostname']] : [],
  ];
}

/** A bare `#` would begin a comment at a line's start only, but reads as one anywhere. */
function word(text: string): string {
  return /^[\w.:/%+,*$-]+$/.test(text) ? text : quoted(text);
}

/**
 * A word as Redis reads it back. In its double quotes a backslash escapes, `\xHH` is a byte. Bytes beyond ASCII are escaped,
 * because YAML takes some of them (U+0085, U+2028) for line ends.
 */
export function quoted(text: string): string {
  const escaped = [...Buffer.from(text)].map(byte => {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte > 0x7e) {
      return `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return '"\\'.includes(character) ? `\\${character}` : character;
  });
  return `"${escaped.join('')}"`;
}

/** All problems of the settings, for a redis.conf that this version of Redis reads. */
export function validateRedisConfig(settings: RedisConfigSettings, version: RedisVersion): string[] {
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
