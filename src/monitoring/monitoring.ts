import { Duration } from 'cdk8s';
import { AlertSettings, parseAlerts } from './alert-settings';
import { RedisMonitoring } from './redis-monitoring';
import { SecretKey } from '../access/access-settings';
import { secretKey, secretReference } from '../access/secret-reference';
import { EXPORTER } from '../access/users';
import { labels } from '../checks/names';
import { Parsed, prefixed, problem } from '../checks/problem';
import { isMade, notMade, wholeSeconds } from '../checks/values';
import { validateClientLabels } from '../clients/client-labels';
import { RedisClientLabels } from '../clients/redis-connection';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { imageReference, pinnedImages } from '../image/image';
import { ContainerResources } from '../resources/container-resources';
import { givenResources } from '../resources/given-resources';
import { resourceProblems } from '../resources/resource-requirements';

/** Where the exporter listens. */
export const METRICS_PORT = 9121;

/** The exporter beside each server, and how Prometheus finds it. */
export interface MonitoringSettings {
  readonly image: string;
  readonly password?: SecretKey;
  readonly prometheus?: RedisClientLabels;
  readonly resources?: ContainerResources;
  /** What the PodMonitor has; without it, pods have annotations. */
  readonly podMonitor?: PodMonitorSettings;
  readonly alerts?: AlertSettings;
}

interface PodMonitorSettings {
  readonly labels: Record<string, string>;
  readonly interval?: Duration;
}

type MonitoredProps = Pick<RedisClusterProps, 'monitoring' | 'password' | 'users' | 'networkPolicy' | 'requireImageDigests'>;

export function parseMonitoring(props: MonitoredProps, port: number, namespace: string | undefined): Parsed<MonitoringSettings | undefined> {
  const { monitoring } = props;
  if (!isMade(monitoring, 'options')) {
    return {
      settings: undefined,
      problems: monitoring === undefined ? []
        : [notMade('monitoring', 'RedisMonitoring.podMonitor or RedisMonitoring.annotations', monitoring, 'nobody would know who scrapes')],
    };
  }
  const { image = 'oliver006/redis_exporter:v1.88.0', password, prometheus, interval, labels: ofPodMonitor = {} } = monitoring.options;
  const resources = givenResources(monitoring.options.resources);
  const alerts = monitoring.options.alerts && parseAlerts(monitoring.options.alerts, namespace);
  return {
    settings: {
      image,
      password: password && secretKey(password),
      prometheus,
      resources,
      podMonitor: monitoring.hasPodMonitor ? { labels: ofPodMonitor, interval } : undefined,
      alerts: alerts?.settings,
    },
    problems: [...prefixed('monitoring', [
      ...imageReference('image', image),
      ...props.requireImageDigests ? pinnedImages({ image }) : [],
      ...secretReference('password', password),
      ...ownUser(props, monitoring),
      ...whoScrapes(props.networkPolicy ?? false, prometheus),
      ...resourceProblems('resources', resources),
      ...labels('labels', ofPodMonitor),
      ...wholeSeconds('interval', interval, 1, 'Prometheus counts it in seconds'),
      ...alerts?.problems ?? [],
    ]), ...taken(props.users, port)],
  };
}

function ownUser({ password: ofCluster }: MonitoredProps, { options: { password } }: RedisMonitoring): string[] {
  return [
    ...ofCluster && !password ? [problem('password', "be given with the cluster's 'password'", 'none',
      `the exporter logs in as a user of its own, '${EXPORTER}': add a key to the Secret`)] : [],
    ...password && !ofCluster ? [problem('password', "be left out without a 'password' of the cluster", password.key, 'nobody is asked for one')] : [],
  ];
}

/** What the exporter has for itself. */
function taken(users: MonitoredProps['users'], port: number): string[] {
  return [
    ...users?.some(({ name }) => name === EXPORTER)
      ? [problem('users', `leave the name '${EXPORTER}' to 'monitoring'`, EXPORTER, 'it is that of the user that reads figures')] : [],
    ...port === METRICS_PORT ? [problem('config.port', "be another one with 'monitoring'", port, 'the exporter listens there')] : [],
  ];
}

function whoScrapes(networkPolicy: boolean, prometheus: RedisClientLabels | undefined): string[] {
  return [
    ...networkPolicy && !prometheus ? [problem('prometheus', "be given with 'networkPolicy'", 'none', 'nobody could read the metrics: name the labels of its pods')] : [],
    ...prometheus ? validateClientLabels(prometheus, 'prometheus.') : [],
  ];
}

/** The annotations by which a Prometheus without the operator finds the pods. */
export function scrapeAnnotations(monitoring: MonitoringSettings | undefined): Record<string, string> {
  return !monitoring || monitoring.podMonitor ? {} : { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(METRICS_PORT) };
}
