import { RedisClusterPreset } from './redis-cluster-preset';
import { RedisClusterProps } from './redis-cluster-props';
import { enabled } from '../access/access';
import { RedisAuthentication } from '../access/redis-authentication';
import { RedisTls } from '../access/redis-tls';
import { given } from '../checks/given';
import { problem } from '../checks/problem';
import { oneOf } from '../checks/values';
import { documentedResources } from '../resources/resource-requirements';

/** The props that were given, with those of the preset in the places of the others. */
export function withPreset(all: RedisClusterProps, name: string): RedisClusterProps {
  const props = given(all);
  const complete = props.preset === RedisClusterPreset.PRODUCTION ? { ...production(name, props.authentication), ...props } : props;
  return {
    ...complete,
    config: given(complete.config ?? {}),
    initJob: given(complete.initJob ?? {}),
    users: complete.users?.map(given),
    tls: enabled(complete.tls),
  };
}

function production(name: string, authentication: RedisAuthentication = RedisAuthentication.USERS): RedisClusterProps {
  const passwords = { name: `${name}-auth` }; // only its name is used
  return {
    resources: documentedResources,
    ...authentication === RedisAuthentication.NONE ? {} : { password: { secret: passwords, key: 'password' } },
    ...authentication === RedisAuthentication.USERS ? { users: [{ name: 'app', password: { secret: passwords, key: 'app' } }] } : {},
    tls: RedisTls.fromSecret({ name: `${name}-tls` }),
    networkPolicy: true,
    requireImageDigests: true,
  };
}

/** Problems with what protects the cluster as a whole: a word that says nothing, or the opposite of what else was given. */
export function validateProtection({ preset, authentication, password, users }: RedisClusterProps): string[] {
  return [
    ...oneOf('preset', preset, Object.values(RedisClusterPreset), 'an unknown preset would protect nothing'),
    ...oneOf('authentication', authentication, Object.values(RedisAuthentication), 'anybody might be let in'),
    ...contradicted(authentication, password !== undefined, users !== undefined),
  ];
}

function contradicted(authentication: RedisAuthentication | undefined, hasPassword: boolean, hasUsers: boolean): string[] {
  const must = (requirement: string, reason: string) => [problem('authentication', requirement, authentication, reason)];
  switch (authentication) {
    case RedisAuthentication.NONE:
      return hasPassword ? must("be RedisAuthentication.PASSWORD with a 'password'", 'clients without it could log in') : [];
    case RedisAuthentication.PASSWORD:
      return [
        ...hasPassword ? [] : must("come with a 'password'", 'nobody would be asked for one'),
        ...hasUsers ? must("be RedisAuthentication.USERS with 'users'", 'their rights would not count') : [],
      ];
    case RedisAuthentication.USERS:
      return hasUsers ? [] : must("come with 'users'", 'clients would be the default user, who may do anything');
    default:
      return [];
  }
}
