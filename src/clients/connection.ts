import { Construct } from 'constructs';
import { AUTHORITY_KEY, ClientFiles, clientFiles, fileVariables } from './client-files';
import { EnvVariable, RedisConnection, RedisConnectionOptions } from './redis-connection';
import { Access, SecretKey } from '../access/access-settings';
import { RedisSecret, RedisSecretKey } from '../access/redis-secret';
import { secretKey, secretName, secretReference } from '../access/secret-reference';
import { given } from '../checks/given';
import { problem, throwProblems } from '../checks/problem';
import { ObjectMetadata } from '../metadata/object-metadata';
import { podNames } from '../shape/cluster-names';

/** What clients need to know of a cluster, whether it is made here or elsewhere. */
export interface ClientSettings extends Access {
  readonly name: string;
  readonly namespace?: string;
  readonly domain: string;
  readonly port: number;
  /** How many pods clients may be told of; 0 where a host is all that is known. */
  readonly members: number;
  readonly users?: readonly { readonly name: string; readonly password: RedisSecretKey }[];
  readonly networkPolicy: boolean;
  readonly objectMetadata: ObjectMetadata;
  /** Whether the cluster is made by another app. */
  readonly isImported?: boolean;
}

export const DEFAULT_PREFIX = 'REDIS_';

export function nodeHosts({ name, domain, members }: ClientSettings): string[] {
  return members === 0 ? [domain] : podNames(name, members).map(pod => `${pod}.${domain}`);
}

/** What a client needs; throws when the options cannot be met. */
export function connectionTo(cluster: Construct, settings: ClientSettings, all: RedisConnectionOptions): RedisConnection {
  const options = given(all);
  throwProblems(cluster, [
    ...variablePrefix(options.variablePrefix),
    ...userName(settings, options.user),
    ...secretReference('password', options.password),
    ...options.password && !settings.password && !settings.users
      ? [problem('password', 'be left out', options.password.key, "the cluster is not known to have one: give it 'password' or 'users'")] : [],
    ...withTls('authority', options.authority, settings),
    ...withTls('certificate', options.certificate, settings),
  ]);
  const user = usersOf(settings).find(({ name }) => options.user === undefined || name === options.user)!;
  const password = user.password && (options.password ?? asOption(user.password));
  const authority = settings.tls && { secret: { name: options.authority?.name ?? settings.tls.secretName }, key: AUTHORITY_KEY };
  const { certificate, variablePrefix: prefix = DEFAULT_PREFIX } = options;
  const files = clientFiles(prefix, { authority, certificate });
  const connection = {
    host: settings.domain,
    port: settings.port,
    nodeHosts: nodeHosts(settings),
    ...password && { username: user.name, password },
    ...authority && { authority },
    ...certificate && { certificate },
    secretTemplate: {
      [`${prefix}HOST`]: settings.domain,
      [`${prefix}PORT`]: String(settings.port),
      ...password && { [`${prefix}USERNAME`]: user.name, [`${prefix}PASSWORD`]: placeholder(password.key) },
      ...Object.fromEntries(files.flatMap(({ keys }) => Object.entries(keys).map(([variable, key]) => [variable, placeholder(key)]))),
    },
  };
  return { ...connection, env: variables(prefix, connection, files) };
}

function variables(prefix: string, { host, port, username, password }: Omit<RedisConnection, 'env'>, files: readonly ClientFiles[]): EnvVariable[] {
  const secret = password && secretKey(password);
  return [
    { name: `${prefix}HOST`, value: host },
    { name: `${prefix}PORT`, value: String(port) },
    ...secret ? [
      { name: `${prefix}USERNAME`, value: username },
      { name: `${prefix}PASSWORD`, valueFrom: { secretKeyRef: { key: secret.key, name: secret.secretName } } },
    ] : [],
    ...fileVariables(files),
  ];
}

/** A value of the provider in a template of Go, which takes only some names after a dot. */
function placeholder(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `{{ .${key} }}` : `{{ index . "${key}" }}`;
}

function usersOf({ users, password }: ClientSettings): { readonly name: string; readonly password?: SecretKey }[] {
  return users?.map(user => ({ name: user.name, password: secretKey(user.password) })) ?? [{ name: 'default', password }];
}

function asOption({ secretName: name, key }: SecretKey): RedisSecretKey {
  return { secret: { name }, key };
}

/** Problems with a Secret that only clients with TLS read. */
function withTls(prop: string, secret: RedisSecret | undefined, { tls }: ClientSettings): string[] {
  return !secret ? [] : [
    ...tls ? [] : [problem(prop, 'be left out', secret.name, "the cluster is not known to have TLS: give it 'tls'")],
    ...secretName(prop, secret.name),
  ];
}

function userName(settings: ClientSettings, name: string | undefined): string[] {
  const names = usersOf(settings).map(user => user.name);
  return (name === undefined ? names.length > 0 : names.includes(name)) ? []
    : [problem('user', `be one of ${names.map(known => `'${known}'`).join(', ') || "'users'"}`, name ?? 'none', 'clients can log in as no other user')];
}

function variablePrefix(prefix: string | undefined): string[] {
  return prefix === undefined || /^[A-Za-z]\w{0,39}$/.test(prefix) ? []
    : [problem('variablePrefix', 'be a letter and at most 39 more letters, digits and _', prefix, 'names of environment variables begin with it')];
}
