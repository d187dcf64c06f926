import { Duration } from 'cdk8s';
import { RedisConfigSettings } from './redis-config-settings';
import { RedisVersion } from '../versions/redis-version';

/** The settings of redis.conf, with those that it always holds in their place. */
export interface ConfigSettings extends RedisConfigSettings {
  readonly clusterNodeTimeout: Duration;
  readonly appendonly: boolean;
  readonly protectedMode: boolean;
  readonly bind: string[];
  readonly port: number;
}

/** What the ConfigMap is made of. */
export interface ConfigMapSettings {
  readonly name: string;
  readonly version: RedisVersion;
  readonly config: ConfigSettings;
  readonly tls?: { readonly authClients: boolean };
  /** The users with their rights, for start.sh. */
  readonly usersFile?: string;
  /** The wanted shape, for the heal containers. */
  readonly shapeFile?: string;
}
