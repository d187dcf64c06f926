import {
  DashboardBuilder, DashboardCursorSync, DatasourceVariableBuilder, QueryVariableBuilder, RowBuilder, VariableRefresh, VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './panels';
import { sections } from './sections';

/** The dashboard of every cluster: which one is chosen by its variables. */
export function dashboardJson(): string {
  const dashboard = new DashboardBuilder('Redis Cluster')
    .uid('cdk8s-redis-cluster')
    .description('Clusters that redis_exporter watches: whether they are whole, and who is master of what.')
    .tags(['redis'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(label('namespace', 'Namespace', 'redis_cluster_state', 'namespace'))
    .withVariable(label('cluster', 'Cluster', 'redis_cluster_state{namespace=~"$namespace"}', 'app'));
  for (const { title, panels } of sections) {
    if (title !== undefined) {
      dashboard.withRow(new RowBuilder(title));
    }
    panels.forEach(panel => dashboard.withPanel(panel));
  }
  const built = dashboard.build();
  built.panels?.forEach((panel, index) => { panel.id = index + 1; });
  return `${JSON.stringify(built, null, 2)}\n`;
}

/** What values a label has. */
function label(name: string, title: string, metric: string, of: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name).label(title).datasource(DATASOURCE)
    .query({ query: `label_values(${metric}, ${of})`, refId: 'A' })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
