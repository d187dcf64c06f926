import { Construct } from 'constructs';
import { PodMonitor } from '../../imports/monitoring.coreos.com';
import { ClusterSettings } from '../cluster/cluster-settings';

/**
 * Has the operator's Prometheus scrape the pods. They are found in the namespace of the PodMonitor; metrics have the label `app` of the
 * pods beside their namespace and pod.
 */
export function addMonitoring(scope: Construct, { name, monitoring }: ClusterSettings): void {
  if (!monitoring?.podMonitor) {
    return;
  }
  const { labels, interval } = monitoring.podMonitor;
  new PodMonitor(scope, 'PodMonitor', {
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: { app: name } },
      podTargetLabels: ['app'],
      podMetricsEndpoints: [{ port: 'metrics', interval: interval && `${interval.toSeconds()}s` }],
    },
  });
}
