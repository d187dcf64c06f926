import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { busPort } from './bus-port';
import { BackupTarget } from '../backup/backup-target';
import { bucketPort } from '../backup/target';
import { ClientSettings } from '../clients/connection';
import { RedisClientLabels } from '../clients/redis-connection';
import { ClusterSettings } from '../cluster/cluster-settings';
import { PodDiscovery } from '../init-job/pod-discovery';
import * as k8s from '../kubernetes/objects';
import { addMetadata } from '../metadata/object-metadata';
import { METRICS_PORT } from '../monitoring/monitoring';

/** The protocol is what the API server would add; it compares rules as a whole. */
const port = (number: number, protocol = 'TCP'): k8s.NetworkPolicyPort => ({ port: k8s.IntOrString.fromNumber(number), protocol });
const pods = (matchLabels: Record<string, string>): k8s.NetworkPolicyPeer => ({ podSelector: { matchLabels } });

/** To any address: where the DNS and the API server are differs from cluster to cluster. */
const DNS: k8s.NetworkPolicyEgressRule = { ports: [port(53, 'UDP'), port(53)] };
const KUBERNETES_API: k8s.NetworkPolicyEgressRule = { ports: [port(443), port(6443)] };

/** The nodes talk to each other, the init Job to the nodes and to the API; who else may connect is granted one by one. */
export function clusterNetworkPolicies(scope: Construct, settings: ClusterSettings): void {
  const nodes = { app: settings.name };
  const job = { app: settings.initJob.name };
  const [redis, bus] = [port(settings.port), port(busPort(settings.port))];
  networkPolicy(scope, 'NetworkPolicy', settings.name, {
    podSelector: { matchLabels: nodes },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [pods(nodes)], ports: [redis, bus] }, { from: [pods(job)], ports: [redis] }, ...fromPrometheus(settings)],
    egress: [{ to: [pods(nodes)], ports: [redis, bus] }, DNS, ...settings.restore ? toBucket(settings.restore.target) : []],
  });
  networkPolicy(scope, 'InitJobNetworkPolicy', settings.initJob.name, {
    podSelector: { matchLabels: job },
    policyTypes: ['Ingress', 'Egress'],
    egress: [{ to: [pods(nodes)], ports: [redis] }, DNS, ...settings.initJob.discovery === PodDiscovery.DNS ? [] : [KUBERNETES_API]],
  });
}

function fromPrometheus({ monitoring }: ClusterSettings): k8s.NetworkPolicyIngressRule[] {
  return monitoring?.prometheus ? [{ from: [peer(monitoring.prometheus)], ports: [port(METRICS_PORT)] }] : [];
}

/** Pods by their labels, in the cluster's namespace or, by its labels, another one. */
export function peer({ podLabels, namespaceLabels }: RedisClientLabels): k8s.NetworkPolicyPeer {
  return { ...pods(podLabels), namespaceSelector: namespaceLabels && { matchLabels: namespaceLabels } };
}

/** A client that may connect to the port of Redis, from the cluster's namespace or from others. */
export function clientNetworkPolicy(scope: Construct, client: string, settings: ClientSettings, from: k8s.NetworkPolicyPeer): ApiObject {
  const policy = networkPolicy(scope, `Client-${client}`, `${settings.name}-client-${client}`, {
    podSelector: { matchLabels: { app: settings.name } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [from], ports: [port(settings.port)] }],
  }, settings.namespace);
  addMetadata(policy, settings.objectMetadata);
  return policy;
}

/** The pods of a backup may connect to the nodes, and to the bucket; nobody may connect to them. */
export function backupNetworkPolicies(scope: Construct, backup: string, settings: ClientSettings, target: BackupTarget): void {
  const nodes = { app: settings.name };
  clientNetworkPolicy(scope, backup, settings, pods({ app: backup }));
  networkPolicy(scope, 'NetworkPolicy', backup, {
    podSelector: { matchLabels: { app: backup } },
    policyTypes: ['Ingress', 'Egress'],
    egress: [{ to: [pods(nodes)], ports: [port(settings.port)] }, DNS, ...toBucket(target)],
  });
}

/** A drill may connect to the bucket alone, and nobody to it. */
export function drillNetworkPolicy(scope: Construct, drill: string, target: BackupTarget): void {
  networkPolicy(scope, 'NetworkPolicy', drill, {
    podSelector: { matchLabels: { app: drill } },
    policyTypes: ['Ingress', 'Egress'],
    egress: target.bucket ? [DNS, ...toBucket(target)] : [],
  });
}

/** The bucket is outside, at an address that may change. */
function toBucket({ bucket }: BackupTarget): k8s.NetworkPolicyEgressRule[] {
  return bucket ? [{ ports: [port(bucketPort(bucket))] }] : [];
}

function networkPolicy(scope: Construct, id: string, name: string, spec: k8s.NetworkPolicySpec, namespace?: string): ApiObject {
  return new ApiObject(scope, id, k8s.KubeNetworkPolicy.manifest({ metadata: { name, namespace }, spec }));
}
