import { RedisClusterPreset } from '../redis-cluster-preset';
import type { RedisClusterProps } from '../redis-cluster-props';
import { RedisTls } from '../redis-tls';
import { documentedResources } from './quantity';

/** The props with those of the preset in the places of those that are not given. */
export function withPreset(props: RedisClusterProps, name: string): RedisClusterProps {
  if (props.preset !== RedisClusterPreset.PRODUCTION) {
    return props;
  }
  const passwords = { name: `${name}-auth` }; // only its name is used
  return {
    resources: documentedResources,
    password: { secret: passwords, key: 'password' },
    users: [{ name: 'app', password: { secret: passwords, key: 'app' } }],
    tls: RedisTls.fromSecret({ name: `${name}-tls` }),
    networkPolicy: true,
    requireImageDigests: true,
    ...props,
  };
}
