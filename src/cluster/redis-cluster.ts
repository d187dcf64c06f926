import { ApiObject, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { clusterChange } from './cluster-change';
import { ClusterSettings, parseRedisCluster } from './cluster-settings';
import { clusterWarnings } from './cluster-warnings';
import { RedisClusterProps } from './redis-cluster-props';
import { addCertificate } from '../access/certificate';
import { usersFile } from '../access/users';
import { checkChange } from '../app/former-yaml';
import { settingsOf } from '../checks/problem';
import { rememberCluster } from '../clients/backed-up-cluster';
import { grantAccess, grantAccessByLabels } from '../clients/client-access';
import { connectionTo, nodeHosts } from '../clients/connection';
import { ImportedCluster } from '../clients/imported-cluster';
import { RedisClusterAttributes } from '../clients/redis-cluster-attributes';
import { GrantAccessOptions, IRedisCluster, RedisClientLabels, RedisConnection, RedisConnectionOptions } from '../clients/redis-connection';
import { RedisConfig } from '../config/redis-config';
import { ClusterInitJob } from '../init-job/cluster-init-job';
import { addPlanJob } from '../init-job/plan-job';
import { KubePodDisruptionBudget, KubeService, KubeStatefulSet } from '../kubernetes/objects';
import { claimNames } from '../kubernetes/unique-names';
import { addMetadata } from '../metadata/object-metadata';
import { addMonitoring } from '../monitoring/monitoring-objects';
import { clusterNetworkPolicies } from '../network/network-policy';
import { headlessServiceSpec, peersServiceSpec } from '../network/services';
import { podDisruptionBudgetSpec } from '../pods/pod-disruption-budget';
import { statefulSetSpec } from '../pods/stateful-set';
import { ContainerResources } from '../resources/container-resources';
import { documentedResources } from '../resources/resource-requirements';
import { checksum } from '../scripts/checksum';
import { scriptsChecksum } from '../scripts/scripts';
import { addScriptsConfigMap } from '../scripts/scripts-config-map';
import { shapeFile } from '../shape/cluster-shape';
import { membersAnnotation } from '../shape/fewer-pods';
import { addScaleInGuard } from '../shape/scale-in-guard';
import { warn } from '../warnings/warn';

/**
 * A Redis Cluster: redis.conf in a ConfigMap, the Services, the StatefulSet with its PodDisruptionBudget, and the Job that
 * forms the cluster.
 *
 * Throws one error that lists every invalid prop. Prints a warning to standard error for settings that work but are probably a
 * mistake.
 */
export class RedisCluster extends Construct implements IRedisCluster {
  /** The resources of the original YAML: requests 250m and 512Mi, limits 500m and 1Gi. */
  public static readonly DOCUMENTED_RESOURCES: ContainerResources = documentedResources;

  /**
   * A cluster of another app, or an existing one. Nothing of it is rendered; workloads of this app can get access to it.
   *
   * ```ts
   * import { App, Chart } from 'cdk8s';
   * import { RedisCluster } from 'cdk8s-redis-cluster';
   *
   * const chart = new Chart(new App(), 'redis');
   * const sessions = RedisCluster.fromAttributes(chart, 'Sessions', { name: 'sessions', namespace: 'data', masters: 5 });
   * ```
   *
   * @param scope scope of the grants
   * @param id id in it
   * @param attributes the props of the cluster in the other app
   * @throws if an attribute is out of its bounds, all problems at once
   */
  public static fromAttributes(scope: Construct, id: string, attributes: RedisClusterAttributes): IRedisCluster {
    return new ImportedCluster(scope, id, attributes);
  }

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

  /** @internal */
  public readonly _settings: ClusterSettings;

  constructor(scope: Construct, id: string, props: RedisClusterProps = {}) {
    super(scope, id);
    const settings = settingsOf(this, parseRedisCluster(props, Chart.of(this)));
    const { name, serviceName, peersName, configName, version, config, tls } = settings;
    this._settings = settings;
    rememberCluster(this, settings);
    this.name = name;
    this.host = settings.domain;
    this.port = settings.port;
    this.nodeHosts = nodeHosts(settings);

    const own = { takesBackups: settings.backupPassword !== undefined, isMonitored: settings.monitoring !== undefined };
    const rights = settings.password && usersFile(settings.users, version, own);
    this.config = new RedisConfig(this, 'Config', { _settings: { name: configName, version, config, tls, usersFile: rights, shapeFile: shapeFile(settings) } });
    const checksums = { 'checksum/config': checksum(this.config._data), 'checksum/scripts': scriptsChecksum('pods') };
    const metadata = { name };
    addScriptsConfigMap(this, settings.scriptsName, 'pods', 'job', ...settings.restore ? ['restore' as const] : []);
    new ApiObject(this, 'Service', KubeService.manifest({ metadata: { name: serviceName }, spec: headlessServiceSpec(settings) }));
    new ApiObject(this, 'PeersService', KubeService.manifest({ metadata: { name: peersName }, spec: peersServiceSpec(settings) }));
    const statefulSet = new ApiObject(this, 'Resource', KubeStatefulSet.manifest({
      metadata: { ...metadata, annotations: membersAnnotation(settings) }, spec: statefulSetSpec(settings, checksums),
    }));
    checkChange(this, statefulSet, (former, next) => clusterChange(former, next, settings));
    new ApiObject(this, 'PodDisruptionBudget', KubePodDisruptionBudget.manifest({ metadata, spec: podDisruptionBudgetSpec(settings) }));
    addCertificate(this, settings, tls?.issuer);
    const monitoring = addMonitoring(this, settings);
    if (settings.networkPolicy) {
      clusterNetworkPolicies(this, settings);
    }
    if (settings.scaleInGuard) {
      addScaleInGuard(this, settings);
    }
    addMetadata(this, settings.objectMetadata);
    monitoring.forEach(object => addMetadata(object, { labels: settings.monitoring?.podMonitor?.labels })); // Prometheus selects by them
    this.initJob = new ClusterInitJob(this, 'InitJob', { _settings: settings.initJob });
    if (props.planJob) {
      addPlanJob(this, settings.planJobName, settings.initJob);
    }
    claimNames(this, [name]);
    warn(this, clusterWarnings(settings, props), props.acknowledgedWarnings);
  }

  /**
   * What a client needs in order to connect, for a workload that is made elsewhere, such as by a Helm chart.
   *
   * @param options which user the client logs in as
   * @throws if there is no such user
   */
  public connection(options: RedisConnectionOptions = {}): RedisConnection {
    return connectionTo(this, this._settings, options);
  }

  /**
   * Lets a workload connect: its pods pass the NetworkPolicy, if there is one, and all of its containers and init containers
   * get `REDIS_HOST` and `REDIS_PORT`, with a password `REDIS_USERNAME` and `REDIS_PASSWORD`, with TLS `REDIS_CA_FILE` and that
   * file, and with a `certificate` `REDIS_CERT_FILE`, `REDIS_KEY_FILE` and these files. Containers that are added later get them
   * too. They come before the container's own variables, which can therefore refer to them, as in
   * `redis://$(REDIS_HOST):$(REDIS_PORT)`.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Argo Rollout: of any cdk8s-plus line, an
   *   `ApiObject`, or any construct, chart or `Include` that holds exactly one of them
   * @param options which user the client logs in as, its containers, and names of variables
   * @throws if there is no such workload or user, if a Secret would have to cross namespaces, if the servers ask for a certificate
   *   and none is given, or if another grant has the same variables; and at synth, if a container has one of them already,
   *   or if the pods have the label `app` of the cluster's nodes, in their namespace
   */
  public grantAccess(workload: IConstruct, options: GrantAccessOptions = {}): void {
    grantAccess(this, this._settings, workload, options);
  }

  /**
   * Lets pods pass the NetworkPolicy, if there is one; it sets no variables.
   *
   * @param name distinguishes the grant from others of the cluster: a DNS label, given once
   * @param client labels of the pods, and of their namespaces where these are not the cluster's
   * @throws if another grant has the name, or if there is no label of pods, or one without a value: more pods would be let in
   */
  public grantAccessByLabels(name: string, client: RedisClientLabels): void {
    grantAccessByLabels(this, this._settings, name, client);
  }
}
