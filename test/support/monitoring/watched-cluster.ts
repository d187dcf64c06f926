import { Duration, Size } from 'cdk8s';
import { RedisAlertOptions, RedisClusterProps, RedisMonitoring, RedisTls } from '../../../src';
import { synthCluster } from '../synth';

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** Prometheus sees all that alerts ask for. */
export const EVERYTHING: RedisAlertOptions = {
  kubeStateMetrics: true,
  kubeletMetrics: true,
  certManagerMetrics: true,
  backup: { maximumAge: Duration.hours(26) },
};

/** A cluster that every alert is about. */
export function watchedProps(alerts: RedisAlertOptions = EVERYTHING): RedisClusterProps {
  return {
    name: 'sessions',
    image: 'redis:7.0',
    config: { maxmemory: Size.mebibytes(400), replBacklogSize: Size.mebibytes(2) },
    resources: { memory: { limit: Size.mebibytes(1000) } },
    tls: RedisTls.fromIssuer('issuer', { duration: Duration.days(30), renewBefore: Duration.days(10) }),
    monitoring: RedisMonitoring.podMonitor({ alerts }),
  };
}

/** The alerts of a cluster in the namespace `data`. */
export function rulesOf(props: RedisClusterProps): Rule[] {
  return synthCluster(props, { namespace: 'data' }).one('PrometheusRule').spec.groups.flatMap((group: { rules: Rule[] }) => group.rules);
}
