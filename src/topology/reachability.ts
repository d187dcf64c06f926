import { DescribedCluster, ofKind } from './described-cluster';
import { code, listed, table } from './markdown';
import { BACKUP, EXPORTER } from '../access/users';
import { ClusterSettings } from '../cluster/cluster-settings';
import { PodDiscovery } from '../init-job/pod-discovery';
import { Manifest } from '../kubernetes/manifest';

/** What is reachable, by whom, and with what they must log in. */
export function reachability({ settings, objects }: DescribedCluster): string {
  return [
    table(['Service', 'leads to', 'ports'], ofKind(objects, 'Service').map(({ metadata, spec }) => [
      code(metadata.name),
      spec.clusterIP === 'None' ? 'the addresses of all pods' : spec.type === undefined ? 'one of the pods, by an address inside the Kubernetes cluster' : `one of the pods (${code(spec.type)})`,
      spec.ports.map(({ port, name }: any) => name === undefined ? `${port}` : `${port} (${code(name)})`).join(', '),
    ])),
    '',
    `- **Ports of the pods**: ${containerPorts(objects)}.`,
    `- **Encryption**: ${encryption(settings)}.`,
    `- **Login**: ${login(settings)}.`,
    `- **Kubernetes API**: the pods of Redis have no token; the init Job ${settings.initJob.discovery === PodDiscovery.DNS ? 'has none either'
      : `may list and watch the pods of its namespace${settings.scaleInGuard ? `, and write to the status of the StatefulSet ${code(settings.name)}` : ''}`}.`,
    `- **Network**: ${network(settings, objects)}`,
  ].join('\n');
}

function containerPorts(objects: readonly Manifest[]): string {
  const containers: any[] = ofKind(objects, 'StatefulSet').flatMap(({ spec }) => spec.template.spec.containers);
  return listed(containers.filter(({ ports }) => ports?.length > 0)
    .map(({ name, ports }) => `${listed(ports.map(({ containerPort }: any) => String(containerPort)))} (${code(name)})`));
}

function encryption({ tls }: ClusterSettings): string {
  return tls ? `TLS for clients, replication and cluster bus, by the certificate in the Secret ${code(tls.secretName)}; clients ${tls.authClients ? 'must show one too' : 'need none'}`
    : '**none**';
}

function login({ password, users, user, backupPassword, monitoring }: ClusterSettings): string {
  if (!password) {
    return '**none**: anyone who reaches the port may do anything';
  }
  const more = (backupPassword ? `, a backup is ${code(BACKUP)}` : '') + (monitoring?.password ? `, the exporter is ${code(EXPORTER)}` : '');
  return !users ? `all clients, and the cluster itself, are the default user, whose password is in the Secret ${code(password.secretName)}${more}`
    : `clients are ${listed(users.map(({ name }) => code(name)))}, the cluster itself is ${code(user)}${more}; the default user is off`;
}

/** Policies add up: each of them lets somebody in. */
function network({ name, networkPolicy, restore }: ClusterSettings, objects: readonly Manifest[]): string {
  const policies = ofKind(objects, 'NetworkPolicy').filter(({ spec }) => spec.podSelector?.matchLabels?.app === name);
  if (!networkPolicy) {
    return '**no NetworkPolicy**: any pod that the network lets through reaches the ports of the pods, that of the cluster bus too, which asks for no password.';
  }
  return [
    `only these may connect${restore ? '' : '; the pods themselves reach each other and the DNS alone'}:`,
    '',
    table(['NetworkPolicy', 'from', 'to the ports'], policies.flatMap(({ metadata, spec }) => (spec.ingress ?? []).map(({ from, ports }: any) =>
      [code(metadata.name), from ? listed(from.map(peer)) : 'anywhere', ports ? ports.map(({ port }: any) => port).join(', ') : 'all']))),
  ].join('\n');
}

function peer({ podSelector, namespaceSelector, ipBlock }: any): string {
  if (ipBlock) {
    return `addresses ${code(ipBlock.cidr)}`;
  }
  return `pods${selected(podSelector)}${namespaceSelector ? ` in namespaces${selected(namespaceSelector)}` : ''}`;
}

function selected({ matchLabels = {}, matchExpressions = [] }: any = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => code(`${key}=${value}`));
  const conditions = [...labels, ...matchExpressions.map(code)];
  return conditions.length > 0 ? ` with ${listed(conditions)}` : '';
}
