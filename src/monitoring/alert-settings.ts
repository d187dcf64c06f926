import { Duration } from 'cdk8s';
import { BackupAlertOptions, RedisAlertOptions } from './redis-alert-options';
import { given } from '../checks/given';
import { dnsLabel } from '../checks/names';
import { Parsed, problem } from '../checks/problem';
import { integer, wholeSeconds } from '../checks/values';
import { bytes } from '../resources/quantity';

/** Where alerts are explained: a section for each. */
export const RUNBOOK_URL = 'https://github.com/cdk8s-redis-cluster/cdk8s-redis-cluster/blob/main/docs/alerts.md';

/** The options, with every default that does not depend on the cluster. */
export interface AlertSettings extends RedisAlertOptions {
  readonly labels: { [key: string]: string };
  readonly runbookUrl: string;
  readonly memoryShare: number;
  readonly kubeStateMetrics: boolean;
  readonly kubeletMetrics: boolean;
  readonly claimFreeShare: number;
  readonly certManagerMetrics: boolean;
}

export function parseAlerts(options: RedisAlertOptions, namespace: string | undefined): Parsed<AlertSettings> {
  const settings = {
    runbookUrl: RUNBOOK_URL,
    memoryShare: 0.9,
    kubeStateMetrics: false,
    kubeletMetrics: false,
    claimFreeShare: 0.15,
    certManagerMetrics: false,
    ...given(options),
    labels: given(options.labels ?? {}),
  };
  const { certificateRemaining } = settings;
  return {
    settings,
    problems: [
      ...namespace === undefined ? [problem('alerts', 'be given in a chart with a namespace', 'none', 'clusters of one name are told apart by it')] : [],
      ...labelNames(settings.labels),
      ...url(settings.runbookUrl),
      ...share('alerts.memoryShare', settings.memoryShare),
      ...share('alerts.claimFreeShare', settings.claimFreeShare),
      ...atLeastZero('alerts.evictionsPerSecond', settings.evictionsPerSecond),
      ...integer('alerts.replicaLag', bytes(settings.replicaLag), { min: 1, reason: 'it counts bytes' }),
      ...integer('alerts.fullCopies', settings.fullCopies, { min: 1, reason: 'it counts full copies in a quarter of an hour' }),
      ...seconds('alerts.certificateRemaining', certificateRemaining),
      ...backup(settings.backup),
      ...needs('backup', settings.backup?.maximumAge, 'kubeStateMetrics', settings.kubeStateMetrics),
      ...needs('claimFreeShare', options.claimFreeShare, 'kubeletMetrics', settings.kubeletMetrics),
      ...needs('certificateRemaining', certificateRemaining, 'certManagerMetrics', settings.certManagerMetrics),
    ],
  };
}

function seconds(prop: string, duration: Duration | undefined): string[] {
  return wholeSeconds(prop, duration, 60, 'Prometheus looks about once a minute');
}

function share(prop: string, value: number): string[] {
  return value > 0 && value < 1 ? [] : [problem(prop, 'be more than 0 and less than 1', value, 'it is a part of the whole')];
}

function atLeastZero(prop: string, value: number | undefined): string[] {
  return value === undefined || value >= 0 && value < Infinity ? [] : [problem(prop, 'be a number of at least 0', value, 'it counts keys a second')];
}

/** Prometheus' labels are not those of Kubernetes: they become words of its language. */
function labelNames(labels: Record<string, string>): string[] {
  const own = ['severity', 'namespace', 'app', 'alertname'];
  return Object.keys(labels).flatMap(name => own.includes(name)
    ? [problem('alerts.labels', `leave '${name}' to the library`, labels[name], 'it says which alert of which cluster it is')]
    : /^(?!__)[A-Za-z_]\w*$/.test(name) ? [] : [problem('alerts.labels', 'have names of letters, digits and _', name, 'Prometheus takes no other labels')]);
}

function url(value: string): string[] {
  return /^https?:\/\/[^\s#]+$/.test(value) ? []
    : [problem('alerts.runbookUrl', 'be a URL such as https://example.com/alerts, without #', value, 'the name of the alert follows it')];
}

function backup(options: BackupAlertOptions | undefined): string[] {
  return !options ? [] : [
    ...options.maximumAge ? seconds('alerts.backup.maximumAge', options.maximumAge)
      : [problem('alerts.backup.maximumAge', 'be given', options.maximumAge, 'the age of the newest backup is compared with it')],
    ...dnsLabel('alerts.backup.name', options.name, 52),
  ];
}

/** An alert that could never fire would be taken for a good sign. */
function needs(prop: string, value: unknown, metrics: string, areThere: boolean): string[] {
  return value === undefined || areThere ? []
    : [problem(`alerts.${prop}`, `come with 'alerts.${metrics}'`, value, 'without these metrics it would say nothing, whatever happened')];
}
