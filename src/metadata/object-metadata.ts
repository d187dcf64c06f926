import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisVersion } from '../versions/redis-version';

/** What objects have beside their names. */
export interface ObjectMetadata {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** Adds labels and annotations to every object below a construct, the construct included; they win over those of before. */
export function addMetadata(scope: Construct, { labels = {}, annotations = {} }: ObjectMetadata): void {
  if (Object.keys({ ...labels, ...annotations }).length === 0) {
    return;
  }
  for (const { metadata } of scope.node.findAll().filter(ApiObject.isApiObject)) {
    Object.entries(labels).forEach(([key, value]) => metadata.addLabel(key, value));
    Object.entries(annotations).forEach(([key, value]) => metadata.addAnnotation(key, value));
  }
}

/**
 * The labels that Kubernetes recommends, for tools that group objects by them. The version is left out where nothing tells it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function recommendedLabels(instance: string, version: RedisVersion | undefined, image: string): Record<string, string> {
  const isValkey = version?.isValkey ?? image.includes('valkey');
  return {
    'app.kubernetes.io/name': isValkey ? 'valkey' : 'redis',
    'app.kubernetes.io/instance': instance,
    ...version && { 'app.kubernetes.io/version': `${version.major}.${version.minor}` },
    'app.kubernetes.io/component': 'cluster',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}

/** The component of what belongs to the init Job, where the others have `cluster`. */
export function ofInitJob(labels: Record<string, string>): Record<string, string> {
  const component = 'app.kubernetes.io/component';
  return labels[component] === 'cluster' ? { ...labels, [component]: 'init-job' } : labels;
}
