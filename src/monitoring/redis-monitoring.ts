import { Duration } from 'cdk8s';
import { RedisAlertOptions } from './redis-alert-options';
import { RedisSecretKey } from '../access/redis-secret';
import { given } from '../checks/given';
import { RedisClientLabels } from '../clients/redis-connection';
import { ContainerResources } from '../resources/container-resources';

/** Options that the ways to monitor a cluster share. */
export interface RedisMonitoringOptions {
  /**
   * Image of redis_exporter.
   *
   * @default 'oliver006/redis_exporter:v1.88.0'
   * @see https://github.com/oliver006/redis_exporter
   */
  readonly image?: string;

  /**
   * The Secret and its key with the password of the exporter's own user, `exporter`, which may read metrics, but neither keys nor the
   * configuration. It must be given where the cluster has a `password`, and only there. It must not end with a line break.
   *
   * @default - the cluster has no password
   */
  readonly password?: RedisSecretKey;

  /**
   * The pods of Prometheus, which the NetworkPolicy lets in to the port of the exporter, 9121. It must be given with `networkPolicy`, and
   * has no effect without.
   *
   * @default - there is no NetworkPolicy
   */
  readonly prometheus?: RedisClientLabels;

  /**
   * Resources of the exporter.
   *
   * @default - requests 10m (1m, where Redis requests no CPU) and 32Mi, and a memory limit of 64Mi
   */
  readonly resources?: ContainerResources;

  /**
   * Alerts, with thresholds from the cluster's props; `{}` turns them on with all defaults. The chart must have a namespace. They are a
   * PrometheusRule beside a PodMonitor, otherwise a ConfigMap, `<name>-alerts`, with a file of rules, `alerts.yaml`.
   *
   * @default - no alerts
   */
  readonly alerts?: RedisAlertOptions;
}

/** Options of `RedisMonitoring.podMonitor`. */
export interface PodMonitorOptions extends RedisMonitoringOptions {
  /**
   * Labels of the PodMonitor and the PrometheusRule, by which Prometheus selects them: with kube-prometheus-stack `release` and the name of its release.
   *
   * @default - those of all objects of the cluster
   * @see https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/developer/getting-started.md
   */
  readonly labels?: { [key: string]: string };

  /**
   * How often Prometheus scrapes, in whole seconds from 1.
   *
   * @default - Prometheus' own interval
   */
  readonly interval?: Duration;
}

/**
 * How a cluster is monitored: by redis_exporter beside each server, by what makes Prometheus scrape it, and by alerts. The pods roll once when this is
 * turned on or off.
 */
export class RedisMonitoring {
  /**
   * For the Prometheus operator: a PodMonitor, and a PrometheusRule with the alerts. Its CustomResourceDefinitions must be there.
   *
   * @param options what is scraped, by whom, and how
   * @see https://prometheus-operator.dev/docs/developer/getting-started/
   */
  public static podMonitor(options: PodMonitorOptions = {}): RedisMonitoring {
    return new RedisMonitoring(given(options), true);
  }

  /**
   * For a Prometheus without the operator: the pods have the annotations `prometheus.io/scrape` and `prometheus.io/port`, by which many
   * configurations find them, among them that of the Helm chart `prometheus`.
   *
   * @param options what is scraped, and by whom
   * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus#scraping-pod-metrics-via-annotations
   */
  public static annotations(options: RedisMonitoringOptions = {}): RedisMonitoring {
    return new RedisMonitoring(given(options), false);
  }

  private constructor(
    /** The options given. */
    public readonly options: PodMonitorOptions,
    /** Whether there is a PodMonitor; otherwise there are annotations. */
    public readonly hasPodMonitor: boolean,
  ) {}
}
