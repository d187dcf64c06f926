import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { given } from '../checks/given';
import { dnsSubdomain, labels, qualifiedKeys } from '../checks/names';
import { Parsed, settingsOf } from '../checks/problem';
import { putInFile } from '../kubernetes/own-file';
import { packageFolder } from '../kubernetes/package-folder';
import { claimNames } from '../kubernetes/unique-names';

/** Properties of `RedisDashboard`. */
export interface RedisDashboardProps {
  /**
   * Name of the ConfigMap, and of the file in it, with `.json`.
   *
   * @default 'redis-cluster-dashboard'
   */
  readonly name?: string;

  /**
   * Labels by which Grafana's sidecar finds the ConfigMap, instead of the default.
   *
   * @default { grafana_dashboard: '1' }
   * @see https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations, such as that by which the sidecar chooses a folder of Grafana (`sidecar.dashboards.folderAnnotation`).
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/**
 * A dashboard for Grafana, as a ConfigMap that its sidecar finds. One is enough for all clusters that `monitoring` watches: which of them is
 * shown is chosen in the dashboard. The sidecar must look into the namespace of the chart.
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { RedisDashboard } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'dashboards', { namespace: 'monitoring' });
 * new RedisDashboard(chart, 'Redis');
 * ```
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class RedisDashboard extends Construct {
  /** Name of the ConfigMap. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: RedisDashboardProps = {}) {
    super(scope, id);
    const { name, ...metadata } = settingsOf(this, parseDashboard(given(props)));
    this.name = name;
    const data = { [`${name}.json`]: readFileSync(join(packageFolder('dashboards'), 'redis-cluster.json'), 'utf8') };
    putInFile(new ApiObject(this, 'Resource', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data }), 'dashboard');
    claimNames(this);
  }
}

function parseDashboard(props: RedisDashboardProps): Parsed<RedisDashboardProps & { readonly name: string }> {
  const settings = { name: 'redis-cluster-dashboard', labels: { grafana_dashboard: '1' }, ...props };
  return {
    settings,
    problems: [...dnsSubdomain('name', settings.name), ...labels('labels', settings.labels), ...qualifiedKeys('annotations', settings.annotations)],
  };
}
