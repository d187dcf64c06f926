import { Construct } from 'constructs';
import { RedisClusterWarning } from './redis-cluster-warning';

/** A doubt about props that work, and the word by which it is acknowledged. */
export interface Warning {
  readonly id: RedisClusterWarning;
  readonly text: string;
}

const NAMES = new Map(Object.entries(RedisClusterWarning).map(([name, id]) => [id, name]));

/**
 * Prints each warning that is not acknowledged, in a line of its own, to standard error: neither cdk8s nor its CLI shows what a
 * construct warns about. It is also in the construct's metadata, under the key that the CDK family uses.
 */
export function warn(scope: Construct, warnings: Warning[], acknowledged: readonly RedisClusterWarning[] | undefined): void {
  for (const { id, text } of warnings.filter(warning => !acknowledged?.includes(warning.id))) {
    scope.node.addMetadata('aws:cdk:warning', text);
    console.warn(`Warning: [${scope.node.path}] ${text} (silenced by acknowledgedWarnings: RedisClusterWarning.${NAMES.get(id)})`);
  }
}
