import { NamesByVersion } from './names-by-version';
import { RedisVersion } from './redis-version';
import { DIRECTIVES } from './version-table';

const directives = new NamesByVersion(DIRECTIVES);

/** Directives that Redis knows by two names of no common form; the others differ in `slave`, `ziplist` or `_`. */
const RENAMED = new Map(Object.entries({
  'lua-time-limit': 'busy-reply-threshold',
  'commandlog-execution-slower-than': 'slowlog-log-slower-than',
  'commandlog-slow-execution-max-len': 'slowlog-max-len',
  'primaryauth': 'masterauth',
  'primaryuser': 'masteruser',
}));

/** One name for all names of a directive, so that `min-slaves-to-write` is seen to be `min-replicas-to-write`. */
export function canonicalName(name: string): string {
  return RENAMED.get(name) ?? name.replace('slave', 'replica').replace('ziplist', 'listpack').replaceAll('_', '-');
}

/** Whether a version heeds a directive that a user may give. */
export function hasDirective(version: RedisVersion, name: string): boolean {
  return directives.has(version, name);
}

/** Whether a version that is newer than all known ones may have brought a directive. */
export function mayBeNewDirective(version: RedisVersion, name: string): boolean {
  return /^[a-z][a-z0-9._-]*$/.test(name) && directives.mayBeNew(version, name);
}

/** Names of the directives that a version heeds and a user may give. */
export function directivesOf(version: RedisVersion): string[] {
  return directives.namesOf(version);
}

/** The versions that heed a directive, in words such as `Redis 7.0 and later, Valkey 7.2 and later`; empty if none does. */
export function versionsWith(name: string): string {
  return directives.versionsWith(name);
}
