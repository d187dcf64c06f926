import { ApiObject, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { alertRules } from './alerts/rules';
import { PodMonitor, PrometheusRule } from '../../imports/monitoring.coreos.com';
import { ClusterSettings } from '../cluster/cluster-settings';
import { putInFile } from '../kubernetes/own-file';

/**
 * Has the operator's Prometheus scrape the pods. They are found in the namespace of the PodMonitor; metrics have the label `app` of the
 * pods, and the Kubernetes node on which they are, beside their namespace and pod. Without the operator, whoever runs Prometheus takes the
 * rules from a ConfigMap. Returns what the operator's Prometheus selects.
 */
export function addMonitoring(scope: Construct, settings: ClusterSettings): ApiObject[] {
  const { name, alertsName, monitoring } = settings;
  const rules = monitoring?.alerts && alertRules(settings, monitoring.alerts);
  if (monitoring?.podMonitor) {
    const { interval } = monitoring.podMonitor;
    const podMonitor = new PodMonitor(scope, 'PodMonitor', {
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        podTargetLabels: ['app'],
        podMetricsEndpoints: [{
          port: 'metrics',
          interval: interval && `${interval.toSeconds()}s`,
          relabelings: [{ action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
        }],
      },
    });
    return rules ? [podMonitor, new PrometheusRule(scope, 'PrometheusRule', { metadata: { name }, spec: rules })] : [podMonitor];
  }
  if (rules) {
    const data = { 'alerts.yaml': Yaml.stringify(rules) };
    putInFile(new ApiObject(scope, 'Alerts', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: alertsName }, data }), 'alerts');
  }
  return [];
}
