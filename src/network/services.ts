import { busPort } from './bus-port';
import { ClusterSettings } from '../cluster/cluster-settings';
import type * as k8s from '../kubernetes/objects';

/** The headless Service of the original YAML; it publishes pods that are not ready, as they must meet to become ready. */
export function headlessServiceSpec({ name, port }: ClusterSettings): k8s.ServiceSpec {
  return {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    ports: [{ name: 'redis', port }, { name: 'cluster-bus', port: busPort(port) }],
    selector: { app: name },
  };
}

/** An address that stays, whatever addresses the pods have: behind it the heal container finds any of them, ready or not. */
export function peersServiceSpec({ name, port }: ClusterSettings): k8s.ServiceSpec {
  return {
    publishNotReadyAddresses: true,
    ports: [{ name: 'redis', port }],
    selector: { app: name },
  };
}
