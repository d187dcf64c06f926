import { RedisClusterPreset } from './redis-cluster-preset';
import { RedisClusterProps } from './redis-cluster-props';
import { RedisAuthentication } from '../access/redis-authentication';
import { RedisTls } from '../access/redis-tls';
import { given } from '../checks/given';
import { oneOf } from '../checks/values';
import { ClusterInitJobOptions } from '../init-job/cluster-init-job-props';
import { givenResources } from '../resources/given-resources';
import { documentedResources } from '../resources/resource-requirements';

/** Props, with what others depend on in its place. */
type CompleteProps = RedisClusterProps & { readonly name: string; readonly initJob: ClusterInitJobOptions };

/** The props that were given. */
export function givenProps(all: RedisClusterProps): RedisClusterProps {
  return given({ ...all, resources: givenResources(all.resources) });
}

/** The props that were given, with those of the preset in the places of the others. */
export function withPreset(all: RedisClusterProps): CompleteProps {
  const { name = 'redis-cluster', ...props } = givenProps(all);
  const complete = props.preset === RedisClusterPreset.PRODUCTION ? { ...production(name, props.authentication), ...props } : props;
  return {
    ...complete,
    name,
    config: given(complete.config ?? {}),
    initJob: given(complete.initJob ?? {}),
    users: complete.users?.map(given),
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

export function presetProblems(preset: RedisClusterPreset | undefined): string[] {
  return oneOf('preset', preset, Object.values(RedisClusterPreset), 'an unknown preset would protect nothing');
}
