import { Duration } from 'cdk8s';
import { RedisConfigSettings } from '../redis-config-settings';
import { RedisVersion } from '../redis-version';
import { contradictions } from './redis-contradictions';
import { hasDirective, versionsWith } from './redis-directives';
import { validateExtraDirectives } from './redis-extra-directives';
import { SETTINGS } from './redis-settings';
import { problem } from './validate';

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

/** The text of redis.conf: cluster mode, the typed settings in their order, then the extra directives in the order given. */
export function renderRedisConf(settings: RedisConfigSettings): string {
  const resolved = resolveRedisConfig(settings);
  const lines = [
    ['cluster-enabled', 'yes'],
    ['cluster-config-file', 'nodes.conf'],
    ...SETTINGS.flatMap(({ directive, lines: linesOf }) => linesOf(resolved).map(words => [directive, ...words])),
    ...(settings.extraDirectives ?? []).map(({ name, values }) => [name, ...values]),
  ];
  return lines.map(words => `${words.map(word).join(' ')}\n`).join('');
}

/**
 * A word as Redis reads it back. In its double quotes a backslash escapes, `\xHH` is a byte; a bare `#` would begin a comment
 * at a line's start only, but reads as one anywhere. Bytes beyond ASCII are escaped, because YAML takes some of them (U+0085,
 * U+2028) for line ends.
 */
function word(text: string): string {
  if (/^[\w.:/%+,*$-]+$/.test(text)) {
    return text;
  }
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
