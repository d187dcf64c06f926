import { ApiObject, Chart } from 'cdk8s';
import type { ContainerResources, Workload } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ClusterInitJob } from './cluster-init-job';
import { certificate } from './private/certificate';
import { claimNames } from './private/claims';
import { connectClient } from './private/client-access';
import { ClusterSettings, resolveRedisCluster, validateRedisCluster } from './private/cluster-settings';
import { KubePodDisruptionBudget, KubeService, KubeStatefulSet } from './private/kubernetes';
import { clientNetworkPolicy, clusterNetworkPolicies } from './private/network-policy';
import { podDisruptionBudgetSpec } from './private/pod-disruption-budget';
import { documentedResources } from './private/quantity';
import { checksum, scriptsChecksum } from './private/scripts';
import { addScriptsConfigMap } from './private/scripts-config-map';
import { headlessServiceSpec, peersServiceSpec } from './private/services';
import { statefulSetSpec } from './private/stateful-set';
import { usersFile } from './private/users';
import { throwProblems } from './private/validate';
import { clusterWarnings, warn } from './private/warnings';
import { GrantAccessOptions, RedisClientLabels, RedisClusterProps } from './redis-cluster-props';
import { RedisConfig } from './redis-config';

/**
 * A Redis Cluster: redis.conf in a ConfigMap, the Services, the StatefulSet with its PodDisruptionBudget, and the Job
 * that makes the pods a cluster.
 *
 * Throws when a prop is out of its bounds, all problems at once. What works, but is probably not meant, is printed to standard error.
 */
export class RedisCluster extends Construct {
  /** The documents' resources: requests 250m and 512Mi, limits 500m and 1Gi. */
  public static readonly DOCUMENTED_RESOURCES: ContainerResources = documentedResources;

  /** Name of the StatefulSet. */
  public readonly name: string;

  /** Port of Redis. */
  public readonly port: number;

  /**
   * Host name of the headless Service, which resolves to the addresses of all pods: what clients connect to first. It holds
   * the chart's namespace, if that is known.
   */
  public readonly host: string;

  /** Host names of all pods, in their order. */
  public readonly nodeHosts: string[];

  /** The ConfigMap with redis.conf. */
  public readonly config: RedisConfig;

  /** The Job that forms the cluster. */
  public readonly initJob: ClusterInitJob;

  private readonly settings: ClusterSettings;

  constructor(scope: Construct, id: string, props: RedisClusterProps = {}) {
    super(scope, id);
    const chart = Chart.of(this);
    throwProblems(this, validateRedisCluster(props, chart));
    const settings = resolveRedisCluster(props, chart);
    const { name, serviceName, peersName, domain, version } = settings;
    this.name = name;
    this.host = domain;
    this.config = new RedisConfig(this, 'Config', {
      ...settings.config,
      name: settings.configName,
      version,
      tls: settings.tls,
      _usersFile: settings.access.password && usersFile(settings.users, version),
    });
    this.port = settings.port;
    this.nodeHosts = Array.from({ length: settings.pods }, (_, ordinal) => `${name}-${ordinal}.${domain}`);

    const checksums = { 'checksum/config': checksum(this.config._data), 'checksum/scripts': scriptsChecksum('pods') };
    const metadata = { name };
    addScriptsConfigMap(this, settings.scriptsName, 'pods', 'job');
    new ApiObject(this, 'Service', KubeService.manifest({ metadata: { name: serviceName }, spec: headlessServiceSpec(settings) }));
    new ApiObject(this, 'PeersService', KubeService.manifest({ metadata: { name: peersName }, spec: peersServiceSpec(settings) }));
    new ApiObject(this, 'Resource', KubeStatefulSet.manifest({ metadata, spec: statefulSetSpec(settings, checksums) }));
    new ApiObject(this, 'PodDisruptionBudget', KubePodDisruptionBudget.manifest({ metadata, spec: podDisruptionBudgetSpec(settings) }));
    certificate(this, settings);
    if (settings.networkPolicy) {
      clusterNetworkPolicies(this, settings);
    }
    this.initJob = new ClusterInitJob(this, 'InitJob', settings.initJob);
    this.settings = settings;
    claimNames(this, [name]);
    warn(this, clusterWarnings(settings, props), props.acknowledgedWarnings);
  }

  /**
   * Lets a workload connect: its pods pass the NetworkPolicy, if there is one, and its containers get `REDIS_HOST` and
   * `REDIS_PORT`, with a password `REDIS_USERNAME` and `REDIS_PASSWORD`, with TLS `REDIS_CA_FILE`.
   *
   * @param workload the client; where there is a password or TLS, in the namespace of the cluster, as Secrets do not cross it
   * @param options the user that it is
   * @throws if there is no such user, or the Secret would have to cross a namespace
   */
  public grantAccess(workload: Workload, options: GrantAccessOptions = {}): void {
    const { namespace } = workload.metadata;
    const elsewhere = namespace !== Chart.of(this).namespace;
    if (elsewhere && (this.settings.access.password || this.settings.access.tls)) {
      throwProblems(this, [`'workload' must be in the namespace of the cluster, got '${namespace}'; it could not read the Secret:`
        + ' grant access by labels, and give it a Secret of its own']);
    }
    connectClient(this, workload, this.settings, options.user);
    this.grantAccessByLabels(workload.node.addr.slice(0, 8), {
      podLabels: workload.matchLabels,
      namespaceLabels: elsewhere && namespace ? { 'kubernetes.io/metadata.name': namespace } : undefined,
    });
  }

  /**
   * Lets pods pass the NetworkPolicy, if there is one; nothing else about them is known here.
   *
   * @param name distinguishes the grant from others of the cluster: a DNS label
   * @param client labels of the pods, and of their namespaces where these are not the cluster's
   */
  public grantAccessByLabels(name: string, client: RedisClientLabels): void {
    if (this.settings.networkPolicy) {
      clientNetworkPolicy(this, `Client-${name}`, `${this.name}-client-${name}`, this.settings, client.podLabels, client.namespaceLabels);
    }
  }
}
