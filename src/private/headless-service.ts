import type { ClusterSettings } from './cluster-settings';
import type * as k8s from './kubernetes';

/** The documents' headless Service; it publishes pods that are not ready, as they must meet to become ready. */
export function headlessServiceSpec({ name, port }: ClusterSettings): k8s.ServiceSpec {
  return {
    clusterIp: 'None',
    publishNotReadyAddresses: true,
    ports: [{ name: 'redis', port }, { name: 'cluster-bus', port: port + 10000 }],
    selector: { app: name },
  };
}
