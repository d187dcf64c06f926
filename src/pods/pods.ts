import { given } from '../checks/given';
import { labels, qualifiedKeys, reserved } from '../checks/names';
import { Parsed } from '../checks/problem';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { pullProblems } from '../image/image';
import { ImagePullPolicy } from '../image/image-pull-policy';
import { parsePlacement, Placement } from '../placement/placement';
import { logFormatProblems } from '../scripts/log-format';
import { RedisLogFormat } from '../scripts/redis-log-format';

/** What the pods of the StatefulSet have beside their containers. */
export interface PodSettings {
  readonly podLabels: Record<string, string>;
  readonly podAnnotations: Record<string, string>;
  readonly placement: Placement;
  readonly imagePullPolicy?: ImagePullPolicy;
  readonly imagePullSecrets?: string[];
  readonly logFormat?: RedisLogFormat;
}

type PodProps = Pick<RedisClusterProps,
  'podLabels' | 'podAnnotations' | 'spread' | 'nodeSelector' | 'tolerations' | 'affinity' | 'priorityClassName' | 'imagePullPolicy' | 'imagePullSecrets' | 'logFormat'>;

/** The labels of all objects are those of the pods, too; the label `app` selects them. */
export function parsePods(props: PodProps, app: string, objectLabels: Record<string, string>): Parsed<PodSettings> {
  const placement = parsePlacement(props);
  return {
    settings: {
      podLabels: { ...objectLabels, ...given(props.podLabels ?? {}), app },
      podAnnotations: given(props.podAnnotations ?? {}),
      placement: placement.settings,
      imagePullPolicy: props.imagePullPolicy,
      imagePullSecrets: props.imagePullSecrets,
      logFormat: props.logFormat,
    },
    problems: [
      ...labels('podLabels', props.podLabels),
      ...qualifiedKeys('podAnnotations', props.podAnnotations),
      ...placement.problems,
      ...pullProblems(props),
      ...logFormatProblems(props.logFormat),
      ...reserved('podLabels', props.podLabels, key => key === 'app', 'the selectors of the Service and the StatefulSet use it'),
      ...reserved('podAnnotations', props.podAnnotations, key => key.startsWith('checksum/'), 'it makes pods follow a changed config'),
    ],
  };
}
