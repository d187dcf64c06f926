import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: unknown;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: Target[];
}

export const dashboardFile = join(__dirname, '..', '..', '..', 'dashboards', 'redis-cluster.json');
export const dashboard = JSON.parse(readFileSync(dashboardFile, 'utf8'));

/** Those that show something, without the titles of rows. */
export const panels: Panel[] = dashboard.panels.filter(({ type }: Panel) => type !== 'row');

/** What Grafana asks Prometheus for a cluster, by the panel and the letter of the query. */
export function queriesOf(namespace: string, cluster: string, rateInterval: string): Record<string, string> {
  const variables: Record<string, string> = { namespace, cluster, __rate_interval: rateInterval };
  return Object.fromEntries(panels.flatMap(({ title, targets }) => targets.map(({ refId, expr }) =>
    [`${title}, ${refId}`, expr.replace(/\$(\w+)/g, (text, name) => variables[name] ?? text)])));
}
