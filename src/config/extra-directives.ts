import { RedisDirective } from './redis-config-types';
import { settingOf } from './typed-settings';
import { given } from '../checks/given';
import { problem } from '../checks/problem';
import { canonicalName, directivesOf, hasDirective, mayBeNewDirective, versionsWith } from '../versions/directives';
import { nearestName } from '../versions/nearest-name';
import { RedisVersion } from '../versions/redis-version';

const OWN_ADDRESS = 'every pod announces its own address when it starts, and all read the same redis.conf';
const PASSWORD = 'passwords do not belong in a ConfigMap: give the cluster a Secret';
const FOREGROUND = 'the server is the main process of its container, in the foreground';
const LOG = "the log belongs on standard output, where 'kubectl logs' reads it";
const FILES = 'the script that starts the server looks for the data under its usual name';
const TCP = 'Services, probes and scripts reach Redis by TCP';

/** Directives, by canonical name, that belong to the library or would break what it runs, and why or what to use. */
const RESERVED = new Map(Object.entries({
  'aclfile': PASSWORD,
  'appenddirname': FILES,
  'appendfilename': FILES,
  'bind-source-addr': 'all pods read the same redis.conf, and each has an address of its own',
  'cluster-config-file': "it is always nodes.conf, beside the node's data",
  'cluster-databases': 'slots move, and backups are tried, with the keys of database 0 alone',
  'cluster-enabled': 'Redis always runs in cluster mode here',
  'cluster-port': "the cluster bus always takes the port 10000 above 'port'",
  'cluster-preferred-endpoint-type': 'clients are sent to the addresses that the pods announce',
  'cluster-replica-no-failover': 'by it, scripts mark the pods that are to stop',
  'daemonize': FOREGROUND,
  'dbfilename': FILES,
  'dir': 'the server keeps its data where the volume is mounted',
  'include': 'another file would escape the checks: give its directives here',
  'logfile': LOG,
  'masterauth': PASSWORD,
  'masteruser': PASSWORD,
  'pidfile': FOREGROUND,
  'preload-file': FILES,
  'rename-command': 'probes, scripts and the init Job call commands by their own names',
  'replica-announce-ip': OWN_ADDRESS,
  'replica-announce-port': OWN_ADDRESS,
  'replicaof': 'the cluster decides which node replicates which',
  'requirepass': PASSWORD,
  'supervised': FOREGROUND,
  'user': PASSWORD,
}));

const RESERVED_PREFIXES = Object.entries({
  'cluster-announce-': OWN_ADDRESS,
  'rdma-': TCP,
  'syslog-': LOG,
  'tls-': "give 'tls': it is set for clients, replication, cluster bus and scripts alike",
  'unixsocket': TCP,
});

/** Directives that take another number of words than one. */
const WORDS = new Map<string, [min: number, max: number]>(Object.entries({
  'client-output-buffer-limit': [4, 4],
  'latency-tracking-info-percentiles': [1, Infinity],
  'loadmodule': [1, Infinity],
  'oom-score-adj-values': [3, 3],
  'shutdown-on-sigint': [1, Infinity],
  'shutdown-on-sigterm': [1, Infinity],
}));

/** Directives that may stand on several lines, one for each first word (a client class, a module). */
const REPEATABLE = ['client-output-buffer-limit', 'loadmodule'];

/** All problems of directives that have no typed setting. */
export function validateExtraDirectives(prop: string, directives: readonly RedisDirective[], version: RedisVersion): string[] {
  const seen = new Set<string>();
  return directives.flatMap((directive, index) => {
    const path = `${prop}[${index}]`;
    const missing = incomplete(path, directive);
    if (missing.length > 0) {
      return missing;
    }
    const refused = refusedName(`${path}.name`, directive.name, version);
    if (refused) {
      return [refused];
    }
    const key = identity(directive);
    const repeated = seen.has(key) ? [problem(`${path}.name`, 'be given once', key, 'Redis would apply only one of them')] : [];
    seen.add(key);
    return [...repeated, ...wordProblems(`${path}.values`, directive, mayBeNewDirective(version, directive.name))];
  });
}

/** Whether a directive has its parts, which it may lack where callers have no types. */
export function isDirective(directive: RedisDirective): boolean {
  return incomplete('', directive).length === 0;
}

function incomplete(prop: string, directive: RedisDirective): string[] {
  const { name, values } = given(directive);
  return typeof name !== 'string' ? [problem(`${prop}.name`, 'be the name of a directive', name, 'redis.conf has it before the words')]
    : Array.isArray(values) ? [] : [problem(`${prop}.values`, 'be a list of words', values, 'redis.conf has them after the name')];
}

/** Why a directive belongs to the library, or would break what it runs; undefined if it is left to users. */
export function reservedReason(name: string): string | undefined {
  const canonical = canonicalName(name.toLowerCase());
  return RESERVED.get(canonical) ?? RESERVED_PREFIXES.find(([prefix]) => canonical.startsWith(prefix))?.[1];
}

function refusedName(prop: string, name: string, version: RedisVersion): string | undefined {
  const canonical = canonicalName(name.toLowerCase());
  const reserved = reservedReason(name);
  if (reserved) {
    return problem(prop, 'be a directive that is left to users', name, reserved);
  }
  const setting = settingOf(canonical);
  if (setting) {
    return problem(prop, 'be a directive without a setting of its own', name, `use '${setting}'`);
  }
  return hasDirective(version, name) || mayBeNewDirective(version, name)
    ? undefined
    : problem(prop, `be a directive of ${version.name}`, name, whatInstead(name, version));
}

function whatInstead(name: string, version: RedisVersion): string {
  const versions = versionsWith(name);
  if (versions) {
    return `it exists in ${versions}`;
  }
  const nearest = nearestName(name, directivesOf(version));
  if (!nearest) {
    return 'Redis would refuse to start';
  }
  const setting = settingOf(canonicalName(nearest));
  return setting ? `did you mean the setting '${setting}'?` : `did you mean '${nearest}'?`;
}

function identity({ name, values }: RedisDirective): string {
  const canonical = canonicalName(name);
  return REPEATABLE.includes(canonical) ? `${canonical} ${canonicalName(values[0] ?? '')}` : canonical;
}

function wordProblems(prop: string, { name, values }: RedisDirective, isNew: boolean): string[] {
  const [min, max] = WORDS.get(name) ?? [1, isNew ? Infinity : 1];
  const number = values.length >= min && values.length <= max
    ? []
    : [problem(prop, `hold ${max === Infinity ? 'at least ' : ''}${min} word${min === 1 ? '' : 's'}`, values.length, `'${name}' takes no other number of them`)];
  const control = values.flatMap((value, index) => /[\p{Cc}\p{Cs}]/u.test(value)
    ? [problem(`${prop}[${index}]`, 'be free of control characters', value, 'redis.conf is a text of lines')]
    : []);
  return [...number, ...control];
}
