import { ConfigMapSettings } from './config-settings';
import { RedisConfigSettings } from './redis-config-settings';
import { RedisTls } from '../access/redis-tls';
import { RedisVersion } from '../versions/redis-version';

/** Props of `RedisConfig`. */
export interface RedisConfigProps extends RedisConfigSettings {
  /**
   * Name of the ConfigMap: lower-case letters, digits, hyphens and dots, at most 253 characters.
   *
   * @default 'redis-cluster-config'
   */
  readonly name?: string;

  /**
   * Version of Redis that reads the file; decides which settings and extra directives there are.
   *
   * @default RedisVersion.V6_2
   */
  readonly version?: RedisVersion;

  /**
   * Turns the plaintext port off and TLS on. The Secret must be mounted at `/etc/redis-tls`, as `RedisCluster` does.
   *
   * @default - no TLS
   */
  readonly tls?: RedisTls;

  /**
   * What the cluster that makes the ConfigMap has checked already, in the place of all other props.
   *
   * @default - the other props are checked
   * @internal
   */
  readonly _settings?: ConfigMapSettings;
}
