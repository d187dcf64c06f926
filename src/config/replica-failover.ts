import { ConfigSettings } from './config-settings';
import { canonicalName } from '../versions/directives';

/** Whether the configuration forbids replicas to take over. */
export function neverPromoted({ extraDirectives = [] }: ConfigSettings): boolean {
  return extraDirectives.some(({ name, values }) =>
    canonicalName(name.toLowerCase()) === 'cluster-replica-no-failover' && values[0]?.toLowerCase() === 'yes');
}
