import { readFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import { dashboardJson } from '../../projenrc/dashboard/dashboard';
import { RedisDashboard, RedisDashboardProps } from '../../src';
import { dashboard, dashboardFile, Panel, panels, queriesOf } from '../support/monitoring/dashboard';
import { synth } from '../support/synth';

test('the file is as its code makes it', () => {
  expect(readFileSync(dashboardFile, 'utf8')).toBe(dashboardJson());
});

describe('the dashboard', () => {
  test('has a row for each theme', () => {
    const titles = dashboard.panels.filter(({ type }: Panel) => type === 'row').map(({ title }: Panel) => title);
    expect(titles).toEqual(['Load', 'Memory', 'Latency', 'Replication', 'Persistence', 'Cluster bus']);
    expect(panels.length).toBeGreaterThan(20);
  });

  test.each(panels.map(panel => [panel.title, panel] as const))('%s: says what it means, in a unit, of whatever Prometheus is chosen', (_, panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig.defaults.unit).toMatch(/^\w+$/);
    const chosen = { type: 'prometheus', uid: '${datasource}' };
    expect([panel, ...panel.targets].map(({ datasource }) => datasource)).toEqual(Array(panel.targets.length + 1).fill(chosen));
  });

  test('asks for nothing but the cluster that is chosen', () => {
    const selectors = Object.values(queriesOf('data', 'sessions', '1m')).flatMap(query => [...query.matchAll(/redis_\w+(\{.*?\})/g)].map(([, selector]) => selector));
    expect(selectors.length).toBeGreaterThan(40);
    expect(selectors.filter(selector => !/^\{namespace=~"data",app=~"sessions"[,}]/.test(selector))).toEqual([]);
  });

  test('has variables for Prometheus, namespace and cluster', () => {
    expect(dashboard.templating.list.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual(
      [['datasource', 'datasource'], ['namespace', 'query'], ['cluster', 'query']]);
  });

  test('lays its panels out without overlap', () => {
    const taken = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }: Panel) =>
      Array.from({ length: w * h }, (_, cell) => `${x + cell % w},${y + Math.floor(cell / w)}`));
    expect(new Set(taken).size).toBe(taken.length);
    expect(new Set(dashboard.panels.map(({ id }: Panel) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('its ConfigMap', () => {
  const withDashboard = (props?: RedisDashboardProps) => synth(scope => new RedisDashboard(scope, 'Dashboard', props), { namespace: 'monitoring' });

  test("has the label by which Grafana's sidecar finds it", () => {
    expect(withDashboard().one('ConfigMap')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'redis-cluster-dashboard', namespace: 'monitoring', labels: { grafana_dashboard: '1' } },
      data: { 'redis-cluster-dashboard.json': readFileSync(dashboardFile, 'utf8') },
    });
  });

  test('has another name, labels and annotations, if given', () => {
    const { metadata, data } = withDashboard({ name: 'redis', labels: { dashboards: 'yes' }, annotations: { grafana_folder: 'Databases' } }).one('ConfigMap');
    expect(metadata).toMatchObject({ name: 'redis', labels: { dashboards: 'yes' }, annotations: { grafana_folder: 'Databases' } });
    expect(metadata.labels).not.toHaveProperty('grafana_dashboard');
    expect(Object.keys(data)).toEqual(['redis.json']);
  });

  test('is refused where Kubernetes would refuse it, all problems at once', () => {
    expect(() => withDashboard({ name: 'Redis', labels: { a: 'b c' }, annotations: { 'a b': '' } })).toThrow(
      /'name' must.*\n.*'labels\.a' must.*\n.*'annotations' must/);
  });

  test('is refused where another one has its name', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'monitoring' });
    new RedisDashboard(chart, 'One');
    expect(() => new RedisDashboard(chart, 'Two')).toThrow("'redis-cluster-dashboard' is that of 'test/One/Resource' too");
  });
});
