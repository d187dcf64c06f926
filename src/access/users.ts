import { RedisSecretKey } from './redis-secret';
import { RedisUser } from './redis-user';
import { requiredSecretReference } from './secret-reference';
import { validateCommands } from './user-commands';
import { problem } from '../checks/problem';
import { quoted } from '../config/words';
import { RedisVersion } from '../versions/redis-version';

/** The cluster's own user, when clients have users of their own. */
export const MAINTENANCE = 'maintenance';

/**
 * What probes, healing, handover, init Job and replication call, and nothing else: no command that reads or writes a key. A pause
 * cannot be ended, since before Redis 7.0 that would end a manual failover's as well. Healing waits on a channel of its own.
 */
const MAINTENANCE_COMMANDS = [
  '-@all', '+ping', '+info', '+cluster', '+config|get', '+config|set', '+client|pause', '+psync', '+replconf',
  'resetchannels', '&heal', '+subscribe',
];

/** Moves slots with their keys, by the init Job alone; it has the password of the cluster's own user. */
export const MOVER = 'mover';

/** EVAL asks for the sizes of many keys at once. */
const MOVER_COMMANDS = [
  '~*', 'resetchannels', '-@all', '+ping', '+wait', '+select', '+cluster', '+config|get', '+migrate', '+restore-asking', '+eval', '+memory|usage',
];

const functionCommands = (version: RedisVersion) => version.atLeast(7, 0) ? ['+function|list', '+function|dump', '+function|restore'] : [];

/** The user that takes backups: it copies everything, as a replica does, and can do nothing else. */
export const BACKUP = 'backup';
export const BACKUP_COMMANDS = ['-@all', '+sync', '+replconf', '+info', '+cluster|nodes', '+cluster|info', 'resetchannels'];

/** The user that reads figures for Prometheus: no command that shows a key or a setting. */
export const EXPORTER = 'exporter';

/** What redis_exporter calls; one that it must not call adds a line to the log of refused commands at every scrape. */
export function exporterCommands(version: RedisVersion): string[] {
  return [
    '-@all', 'resetchannels', '+info', '+cluster|info', '+slowlog|len', '+slowlog|get', '+latency|latest',
    ...version.atLeast(7, 0) ? ['+latency|histogram'] : [],
    ...version.isValkey && version.atLeast(8, 1) ? ['+commandlog|len'] : [],
  ];
}

/** What a client of a cluster calls to find the nodes and to follow them, although Redis counts some of it as dangerous. */
const CLIENT_COMMANDS = ['+info', '+cluster|slots', '+cluster|nodes', '+cluster|info', '+cluster|keyslot', '+cluster|myid'];

/** Users of the cluster's own that it has on request. */
interface OwnUsers {
  readonly takesBackups?: boolean;
  readonly isMonitored?: boolean;
}

/**
 * The users as Redis reads them, but for their passwords, which start.sh adds. Without users of their own, clients and the
 * cluster are all the default user.
 */
export function usersFile(users: RedisUser[] | undefined, version: RedisVersion, { takesBackups, isMonitored }: OwnUsers = {}): string {
  const lines = users === undefined
    ? ['default ~* &* +@all']
    : [
      [MAINTENANCE, ...MAINTENANCE_COMMANDS].join(' '),
      [MOVER, ...MOVER_COMMANDS, ...functionCommands(version)].join(' '),
      ...takesBackups ? [[BACKUP, ...BACKUP_COMMANDS].join(' ')] : [],
      ...users.map(user => clientLine(user, version)),
    ];
  const exporter = isMonitored ? [[EXPORTER, ...exporterCommands(version)].join(' ')] : [];
  return [...lines, ...exporter].map(line => `${line}\n`).join('');
}

function clientLine({ name, keys, channels, commands }: RedisUser, version: RedisVersion): string {
  return [
    name,
    ...(keys ?? ['*']).map(pattern => word(`~${pattern}`)),
    ...channels ? ['resetchannels', ...channels.map(pattern => word(`&${pattern}`))] : ['&*'], // Redis 6.2 begins with all
    ...commands ?? ['+@all', '-@admin', '-@dangerous'],
    ...CLIENT_COMMANDS,
    ...version.atLeast(7, 0) ? ['+cluster|shards'] : [],
  ].join(' ');
}

/** A quote begins a quoted text even within a word. */
function word(text: string): string {
  return /["']/.test(text) ? quoted(text) : text;
}

export function validateUsers(users: RedisUser[], hasPassword: boolean, loadsModules: boolean, version: RedisVersion): string[] {
  const names = users.map(user => user.name);
  if (names.length === 0) {
    return [problem('users', 'name at least one user', 0,
      "no client could log in: leave it out, or set 'authentication' to RedisAuthentication.PASSWORD")];
  }
  return [
    ...hasPassword ? [] : [problem('users', "come with a 'password'", names.join(', '), `it is that of the cluster's own user, '${MAINTENANCE}'`)],
    ...users.flatMap((user, index) => validateUser(`users[${index}]`, user, names.indexOf(user.name) < index)),
    ...users.flatMap((user, index) => validateCommands(`users[${index}]`, user, loadsModules, version)),
  ];
}

/**
 * Problems with the users of a cluster that another app makes, as far as clients know them. Behind a host may be a server that
 * this library has nothing to do with, and names that it would not give.
 */
export function validateImportedUsers(users: RedisUser[], isForeign: boolean): string[] {
  const names = users.map(user => user.name);
  return users.flatMap(({ name, password }, index) => [
    ...isForeign ? matching(`users[${index}].name`, [name], /^[^\s\p{Cc}]+$/u, 'hold no spaces') : nameProblems(`users[${index}]`, name, names.indexOf(name) < index),
    ...passwordProblems(`users[${index}]`, password),
  ]);
}

function nameProblems(prop: string, name: string, repeated: boolean): string[] {
  return [
    ...repeated ? [problem(`${prop}.name`, 'be given once', name, 'Redis knows users by their names')] : [],
    ...['default', MAINTENANCE, MOVER].includes(name)
      ? [problem(`${prop}.name`, 'be another name', name, 'probes, heal container, init Job and replication would lose commands that they need')] : [],
    ...matching(`${prop}.name`, [name], /^[\w-]{1,64}$/, 'consist of letters, digits, _ and -'),
  ];
}

function passwordProblems(prop: string, password: RedisSecretKey): string[] {
  return requiredSecretReference(`${prop}.password`, password, 'nobody could log in as this user');
}

function validateUser(prop: string, { name, password, keys, channels }: RedisUser, repeated: boolean): string[] {
  return [
    ...nameProblems(prop, name, repeated),
    ...passwordProblems(prop, password),
    ...matching(`${prop}.keys`, keys, /^[\x21-\x7e]+$/, 'hold patterns without spaces'),
    ...matching(`${prop}.channels`, channels, /^[\x21-\x7e]+$/, 'hold patterns without spaces'),
    ...allOrSome(`${prop}.keys`, keys),
    ...allOrSome(`${prop}.channels`, channels),
  ];
}

function matching(prop: string, values: readonly string[] | undefined, pattern: RegExp, requirement: string): string[] {
  return (values ?? []).filter(value => typeof value !== 'string' || !pattern.test(value))
    .map(value => problem(prop, requirement, value, 'Redis would refuse to start, or read something else'));
}

function allOrSome(prop: string, patterns: readonly string[] = []): string[] {
  return patterns.length > 1 && patterns.includes('*')
    ? [problem(prop, "hold '*' alone, or not at all", patterns.join(' '), 'Redis would refuse to start: the others add nothing to it')] : [];
}
