import { Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { clientFiles } from './client-files';
import { validateClientLabels } from './client-labels';
import { ClientSettings, connectionTo, DEFAULT_PREFIX } from './connection';
import { addGrant, grantedPods } from './granted-pods';
import { GrantAccessOptions, RedisClientLabels, RedisConnection } from './redis-connection';
import { given } from '../checks/given';
import { dnsLabel } from '../checks/names';
import { problem, throwProblems } from '../checks/problem';
import { claimNames } from '../kubernetes/unique-names';
import { onlyWorkload } from '../kubernetes/workload';
import { clientNetworkPolicy, peer } from '../network/network-policy';
import { checksum } from '../scripts/checksum';

/** Tells the containers of a client where the cluster is, who they are there, and which authority to trust; lets its pods in. */
export function grantAccess(cluster: Construct, settings: ClientSettings, workload: IConstruct, all: GrantAccessOptions): void {
  const options = given(all);
  const object = onlyWorkload(workload, cluster);
  if (typeof object === 'string') {
    return throwProblems(cluster, [object]);
  }
  const connection = connectionTo(cluster, settings, options);
  const { namespace } = object.metadata;
  throwProblems(cluster, [...acrossNamespaces(settings, connection, namespace, options), ...missingCertificate(settings, connection)]);
  const { variablePrefix = DEFAULT_PREFIX } = options;
  addGrant(object, {
    cluster,
    variablePrefix,
    variables: connection.env,
    files: clientFiles(variablePrefix, connection),
    containers: options.containers,
    needsSelector: settings.networkPolicy,
    nodeLabel: namespace === settings.namespace && settings.members > 0 ? settings.name : undefined,
  });
  // Apps share neither constructs nor their addresses: a cluster of another app knows the workload by what Kubernetes does.
  const name = settings.isImported ? checksum({ namespace: namespace ?? '', kind: object.kind, name: object.name }).slice(0, 8) : workload.node.addr.slice(0, 8);
  if (settings.networkPolicy && !cluster.node.tryFindChild(`Client-${name}`)) {
    const podSelector = Lazy.any({ produce: () => grantedPods(cluster, object) });
    const elsewhere = namespace !== settings.namespace && namespace !== undefined;
    clientNetworkPolicy(cluster, name, settings, {
      podSelector, namespaceSelector: elsewhere ? { matchLabels: { 'kubernetes.io/metadata.name': namespace } } : undefined,
    });
  }
}

const NAMED_AFTER = 'the NetworkPolicy is named after it';

/** Names of the grants by labels, of each cluster. */
const namesOfGrants = new WeakMap<Construct, Set<string>>();

/** Lets pods in of which only the labels are known. */
export function grantAccessByLabels(cluster: Construct, settings: ClientSettings, name: string, labels: RedisClientLabels): void {
  const before = namesOfGrants.get(cluster) ?? new Set();
  throwProblems(cluster, [
    ...name ? dnsLabel('name', name, 63, NAMED_AFTER) : [problem('name', 'be given', name, NAMED_AFTER)],
    ...before.has(name) ? [problem('name', 'differ from those of other grants of the cluster', name,
      `${NAMED_AFTER}: give each grant a name of its own`)] : [],
    ...validateClientLabels(labels),
  ]);
  namesOfGrants.set(cluster, before.add(name));
  if (settings.networkPolicy) {
    claimNames(clientNetworkPolicy(cluster, name, settings, peer(labels)));
  }
}

/** Those who ask for a connection alone may make do without one: they may want no more than the host. */
function missingCertificate({ tls }: ClientSettings, { certificate }: RedisConnection): string[] {
  return !tls?.authClients || certificate ? [] : [problem('certificate', "be given with 'authClients'", 'none',
    'the servers refuse clients without one: name a Secret with tls.crt and tls.key')];
}

/** What is only right if cluster and workload are in one namespace, although they are not. */
function acrossNamespaces(
  { namespace: home, networkPolicy, members }: ClientSettings,
  connection: RedisConnection,
  namespace: string | undefined,
  options: GrantAccessOptions,
): string[] {
  if (namespace === home) {
    return [];
  }
  const unread = [
    ...connection.password && !options.password ? ["'password'"] : [],
    ...connection.authority && !options.authority ? ["'authority'"] : [],
  ].join(' and ');
  const refused = (reason: string) => problem('workload', `be in the namespace of the cluster (${home ?? 'not known'})`, namespace ?? 'none', reason);
  return [
    ...unread ? [refused(`it could not read the Secret: copy it there and name it by ${unread}`)] : [],
    ...home === undefined && members > 0 ? [refused("the cluster's host name holds no namespace, as its chart has none: set that")] : [],
    ...namespace === undefined && networkPolicy ? [refused('the NetworkPolicy could not tell its pods by their namespace: set that of its chart')] : [],
  ];
}
