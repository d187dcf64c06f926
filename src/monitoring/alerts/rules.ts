import { Alert, Watched } from './alert';
import { capacityAlerts } from './capacity-alerts';
import { clusterAlerts } from './cluster-alerts';
import { replicationAlerts } from './replication-alerts';
import { surroundingsAlerts } from './surroundings-alerts';
import { PrometheusRuleSpec, PrometheusRuleSpecGroupsRules } from '../../../imports/monitoring.coreos.com';
import { ClusterSettings } from '../../cluster/cluster-settings';
import { AlertSettings } from '../alert-settings';

/** What a file of rules holds. */
export function alertRules(cluster: ClusterSettings, alerts: AlertSettings): PrometheusRuleSpec {
  const watched = new Watched(cluster, alerts);
  const all = [clusterAlerts, replicationAlerts, capacityAlerts, surroundingsAlerts].flatMap(alertsOf => alertsOf(watched));
  return { groups: [{ name: `redis-cluster-${cluster.name}`, rules: all.map(alert => rule(alert, watched)) }] };
}

function rule({ name, severity, expr, for: patience, summary, description }: Alert, { cluster, alerts }: Watched): PrometheusRuleSpecGroupsRules {
  return {
    alert: name,
    expr,
    for: patience,
    labels: { ...alerts.labels, severity, namespace: cluster.namespace!, app: cluster.name },
    annotations: { summary, description, runbook_url: `${alerts.runbookUrl}#${name.toLowerCase()}` },
  };
}
