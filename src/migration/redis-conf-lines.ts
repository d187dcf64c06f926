import { Duration, Size } from 'cdk8s';
import { RedisConfigSettings } from '../config/redis-config-settings';
import { Appendfsync, MaxmemoryPolicy } from '../config/redis-config-types';
import { settingOf } from '../config/typed-settings';
import { canonicalName } from '../versions/directives';

type Settings = { -readonly [Name in keyof RedisConfigSettings]: RedisConfigSettings[Name] };

/** How the words of the usual directives become settings. */
const TYPED: Record<string, (settings: Settings, value: string) => void> = {
  'appendfsync': (settings, value) => { settings.appendfsync = value as Appendfsync; },
  'appendonly': (settings, value) => { settings.appendonly = value === 'yes'; },
  'cluster-node-timeout': (settings, value) => { settings.clusterNodeTimeout = Duration.millis(Number(value)); },
  'cluster-require-full-coverage': (settings, value) => { settings.clusterRequireFullCoverage = value === 'yes'; },
  'maxclients': (settings, value) => { settings.maxclients = Number(value); },
  'maxmemory': (settings, value) => { settings.maxmemory = /^0+\D*$/.test(value) ? undefined : memory(value); },
  'maxmemory-policy': (settings, value) => { settings.maxmemoryPolicy = value as MaxmemoryPolicy; },
  'repl-backlog-size': (settings, value) => { settings.replBacklogSize = memory(value); },
  'tcp-keepalive': (settings, value) => { settings.tcpKeepalive = Duration.seconds(Number(value)); },
  'timeout': (settings, value) => { settings.timeout = Duration.seconds(Number(value)); },
};

/** Settings of the lines of a redis.conf; a remark about each line that the reader has to set. */
export function configOf(text: string, remark: (text: string) => void): RedisConfigSettings {
  const settings: Settings = {};
  const extra: { name: string; values: string[] }[] = [];
  for (const line of text.split('\n').map(each => each.trim()).filter(each => each !== '' && !each.startsWith('#'))) {
    const [directive, ...values] = line.match(/"[^"]*"|\S+/g)!.map(word => word.replace(/^"(.*)"$/, '$1'));
    const name = canonicalName(directive.toLowerCase());
    const prop = settingOf(name);
    if (/^(requirepass|masterauth|user)$/.test(name)) {
      remark(`'${name}' is left out: passwords come from Secrets`);
    } else if (values.length === 0) {
      remark(`'${name}' has no value, and is left out`);
    } else if (TYPED[name]) {
      TYPED[name](settings, values[0]);
    } else if (prop !== undefined) {
      remark(`'${name}' is config.${prop}`);
    } else {
      extra.push({ name, values });
    }
  }
  return { ...settings, ...extra.length > 0 ? { extraDirectives: extra } : {} };
}

/** An amount as redis.conf has it: 512mb, 1gb, or bytes. */
function memory(value: string): Size {
  const [, amount, unit] = /^(\d+)([a-z]*)$/.exec(value.toLowerCase()) ?? [];
  const factor = { '': 1, 'b': 1, 'k': 1000, 'kb': 1024, 'm': 1e6, 'mb': 1024 ** 2, 'g': 1e9, 'gb': 1024 ** 3 }[unit] ?? NaN;
  return Size.kibibytes(Math.floor(Number(amount) * factor / 1024));
}
