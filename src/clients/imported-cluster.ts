import { isIP } from 'node:net';
import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { rememberCluster } from './backed-up-cluster';
import { grantAccess, grantAccessByLabels } from './client-access';
import { ClientSettings, connectionTo, nodeHosts } from './connection';
import { RedisClusterAttributes } from './redis-cluster-attributes';
import { GrantAccessOptions, IRedisCluster, RedisClientLabels, RedisConnection, RedisConnectionOptions } from './redis-connection';
import { authenticationSettings, importedAuthentication } from '../access/authentication';
import { tlsProblems, tlsSettings } from '../access/tls';
import { given } from '../checks/given';
import { dnsLabel, dnsSubdomain } from '../checks/names';
import { problem, throwProblems } from '../checks/problem';
import { integer, redisPort } from '../checks/values';
import { presetProblems, withPreset } from '../cluster/preset';
import { clusterNames } from '../shape/cluster-names';
import { parseShape } from '../shape/cluster-shape';

/** A cluster that another app makes. */
export class ImportedCluster extends Construct implements IRedisCluster {
  public readonly name: string;
  public readonly port: number;
  public readonly host: string;
  public readonly nodeHosts: string[];

  private readonly settings: ClientSettings;

  constructor(scope: Construct, id: string, attributes: RedisClusterAttributes) {
    super(scope, id);
    const { namespace = Chart.of(this).namespace, port = 6379, host, ...rest } = given(attributes);
    const props = withPreset(rest);
    const shape = parseShape(props);
    throwProblems(this, [
      ...dnsLabel('name', props.name, 52),
      ...dnsLabel('namespace', namespace),
      ...hostProblems(host, props.networkPolicy),
      ...shape.problems,
      ...host === undefined ? redisPort('port', port) : integer('port', port, { min: 1, max: 65535, reason: 'there is no other' }),
      ...presetProblems(props.preset),
      ...importedAuthentication(props, host !== undefined),
      ...tlsProblems(props.tls),
    ]);
    const names = clusterNames(props.name, namespace);
    this.settings = {
      ...names,
      domain: host ?? names.domain,
      port,
      members: host === undefined ? shape.settings.members : 0,
      ...authenticationSettings(props),
      tls: tlsSettings(props.tls, names.certificateName),
      networkPolicy: props.networkPolicy ?? false,
      objectMetadata: {},
      isImported: true,
    };
    rememberCluster(this, this.settings);
    this.name = this.settings.name;
    this.port = this.settings.port;
    this.host = this.settings.domain;
    this.nodeHosts = nodeHosts(this.settings);
  }

  public connection(options: RedisConnectionOptions = {}): RedisConnection {
    return connectionTo(this, this.settings, options);
  }

  public grantAccess(workload: IConstruct, options: GrantAccessOptions = {}): void {
    grantAccess(this, this.settings, workload, options);
  }

  public grantAccessByLabels(name: string, client: RedisClientLabels): void {
    grantAccessByLabels(this, this.settings, name, client);
  }
}

function hostProblems(host: string | undefined, networkPolicy: boolean | undefined): string[] {
  return host === undefined ? [] : [
    ...isIP(host) || dnsSubdomain('host', host).length === 0 ? []
      : [problem('host', 'be a host name in lower case, or an address', host, 'nobody would find it')],
    ...networkPolicy ? [problem('networkPolicy', "be false with a 'host'", true, 'a rule would select pods by labels that those of the host do not have')] : [],
  ];
}
