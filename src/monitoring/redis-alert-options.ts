import { Duration, Size } from 'cdk8s';

/** Options of the alerts: which metrics there are, and thresholds. All other thresholds come from the cluster's props. */
export interface RedisAlertOptions {
  /**
   * Labels of all alerts, beside `severity` (`critical` or `warning`), `namespace` and `app`, by which Alertmanager routes them.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * What the `runbook_url` of each alert begins with, before `#` and the alert's name in lower case.
   *
   * @default - docs/alerts.md of this library
   */
  readonly runbookUrl?: string;

  /**
   * The share of `config.maxmemory`, and of the memory limit, that memory may take: more than 0 and less than 1. The first is watched where
   * nothing is evicted, the second where `resources` has a limit.
   *
   * @default 0.9
   */
  readonly memoryShare?: number;

  /**
   * How many keys a second each node may evict, from 0. Where nothing should be evicted, any is too many.
   *
   * @default - any number, where `config.maxmemoryPolicy` evicts keys
   */
  readonly evictionsPerSecond?: number;

  /**
   * How far a replica may be behind its master for five minutes: whole bytes.
   *
   * @default - the backlog, `config.replBacklogSize`, or Redis' own of 1 MiB: a replica further behind needs a full copy if its link breaks
   */
  readonly replicaLag?: Size;

  /**
   * How many full copies the cluster may make within a quarter of an hour, from 1.
   *
   * @default - as many as it has pods
   */
  readonly fullCopies?: number;

  /**
   * Whether Prometheus scrapes kube-state-metrics, for alerts about shards on one Kubernetes node, failed Jobs and missing backups.
   *
   * @default false
   * @see https://github.com/kubernetes/kube-state-metrics
   */
  readonly kubeStateMetrics?: boolean;

  /**
   * Whether Prometheus scrapes the kubelets, for the alert about full claims.
   *
   * @default false
   */
  readonly kubeletMetrics?: boolean;

  /**
   * The share of a claim that must be free, more than 0 and less than 1. Needs `kubeletMetrics`.
   *
   * @default 0.15
   */
  readonly claimFreeShare?: number;

  /**
   * Whether Prometheus scrapes cert-manager, for the alert about certificates of `RedisTls.fromIssuer` that end soon.
   *
   * @default false
   * @see https://cert-manager.io/docs/devops-tips/prometheus-metrics/
   */
  readonly certManagerMetrics?: boolean;

  /**
   * How long before its end a certificate must have been renewed: whole seconds, from 60. Needs `certManagerMetrics`.
   *
   * @default - half of the `renewBefore` of the certificate, or a sixth of its `duration`, or 15 days
   */
  readonly certificateRemaining?: Duration;

  /**
   * The backups that must succeed. Needs `kubeStateMetrics`.
   *
   * @default - backups are not watched
   */
  readonly backup?: BackupAlertOptions;
}

/** Which backups are watched. */
export interface BackupAlertOptions {
  /** How old the newest backup may get: whole seconds, from 60. Take the time between two of them, and what one takes. */
  readonly maximumAge: Duration;

  /**
   * Name of the `RedisBackup`.
   *
   * @default - the cluster's name and `-backup`
   */
  readonly name?: string;
}
