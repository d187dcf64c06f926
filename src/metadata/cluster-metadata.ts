import { ObjectMetadata } from './object-metadata';
import { given } from '../checks/given';
import { labels, qualifiedKeys, reserved } from '../checks/names';
import { Parsed } from '../checks/problem';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { ImageSettings } from '../image/image';

/** What all objects of a cluster have: with less to say, what is recommended, what the chart has, and what the props say. */
export function parseMetadata(
  props: Pick<RedisClusterProps, 'labels' | 'annotations' | 'recommendedLabels'>, name: string, server: ImageSettings, chartLabels: Record<string, string>,
): Parsed<Required<ObjectMetadata>> {
  const all = { ...props.recommendedLabels ? recommendedLabels(name, server) : {}, ...chartLabels, ...props.labels };
  return {
    settings: { labels: all, annotations: given(props.annotations ?? {}) },
    problems: [
      ...labels('labels', all),
      ...qualifiedKeys('annotations', props.annotations),
      ...reserved('annotations', props.annotations, key => key.startsWith('cdk8s-redis-cluster/'), 'synth and the guard against fewer pods rely on it'),
    ],
  };
}

/**
 * The labels that Kubernetes recommends, for tools that group objects by them. The version is left out where nothing tells it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
function recommendedLabels(instance: string, { toldVersion: version, image }: ImageSettings): Record<string, string> {
  const isValkey = version?.isValkey ?? image.includes('valkey');
  return {
    'app.kubernetes.io/name': isValkey ? 'valkey' : 'redis',
    'app.kubernetes.io/instance': instance,
    ...version && { 'app.kubernetes.io/version': `${version.major}.${version.minor}` },
    'app.kubernetes.io/component': 'cluster',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}

/** The same for what belongs to the init Job, whose component is another one. */
export function ofInitJob({ labels: all, annotations }: Required<ObjectMetadata>): ObjectMetadata {
  const component = 'app.kubernetes.io/component';
  return { labels: all[component] === 'cluster' ? { ...all, [component]: 'init-job' } : all, annotations };
}
