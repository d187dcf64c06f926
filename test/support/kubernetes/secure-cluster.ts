import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ISecret, SecretValue } from 'cdk8s-plus-28';
import { RedisOptions } from 'ioredis';
import { parseAllDocuments } from 'yaml';
import { Cluster } from './cluster';
import { define } from './definitions';
import { Kubectl } from './kubectl';
import { Mode } from './selection';
import { LibraryCluster } from './subject';
import { synthesize } from './synthesize';
import { RedisCluster, RedisClusterChartProps, RedisClusterPreset, RedisTls } from '../../../src';
import { Authority, CertificateSpec } from '../authority';

export const PASSWORDS = { password: 'the cluster\'s "own" $1 \\ #', backup: 'only copies"\\', exporter: 'reads \'figures\' $1 "\\', app: 'pass word`$(id)`\'";#\\' };
const AUTH = 'redis-cluster-auth';

export function passwordOf(key: string): SecretValue {
  return { secret: { name: AUTH } as ISecret, key };
}

/** The cluster of a mode, in the namespace of `kubectl`. */
export async function clusterOf(
  mode: Mode, kubectl: Kubectl, props: RedisClusterChartProps, extend?: (cluster: RedisCluster) => void,
): Promise<LibraryCluster> {
  return mode === 'production' ? SecureCluster.create(kubectl, props, extend)
    : new LibraryCluster(kubectl, { namespace: kubectl.namespace, ...props }, undefined, extend);
}

/** The cluster of the production preset, with all that it takes to be there, and who connects to it. */
export class SecureCluster extends LibraryCluster {
  public static async create(kubectl: Kubectl, props: RedisClusterChartProps, extend?: (cluster: RedisCluster) => void): Promise<SecureCluster> {
    return new SecureCluster(kubectl, await Authority.create('authority'), props, extend);
  }

  private constructor(
    kubectl: Kubectl, private readonly authority: Authority, props: RedisClusterChartProps, extend?: (cluster: RedisCluster) => void,
  ) {
    super(kubectl, {
      namespace: kubectl.namespace,
      preset: RedisClusterPreset.PRODUCTION,
      requireImageDigests: false,
      resources: {}, // those of the preset are for nodes with more room than the tests may count on
      tls: RedisTls.fromIssuer('authority'),
      ...props,
    }, clientOptions(kubectl, authority), extend);
  }

  public async apply(): Promise<void> {
    const directory = synthesize(this.props, cluster => {
      cluster.grantAccessByLabels('granted', { podLabels: { role: 'granted' } });
      this.extend(cluster);
    });
    await this.kubectl.run(['apply', '--filename', directory]);
  }

  public async deploy(): Promise<void> {
    await this.createSecrets();
    await this.letTestsIn();
    await super.deploy();
  }

  /** Writes the Secret that cert-manager would, for all pods that there are to be, anew if it is there. */
  public override async renewCertificate(): Promise<void> {
    const [document] = parseAllDocuments(readFileSync(join(synthesize(this.props), 'certificate.yaml'), 'utf8'));
    const { spec } = document!.toJS() as { spec: CertificateSpec & { secretName: string } };
    await this.authority.sign(spec);
    const files = ['tls.crt', 'tls.key', 'ca.crt'].map(file => `--from-file=${join(this.authority.folder, file)}`);
    await this.kubectl.attempt(['delete', 'secret', spec.secretName]);
    await this.kubectl.run(['create', 'secret', 'generic', spec.secretName, ...files]);
  }

  /** Gives the Secret of passwords another content. */
  public async setPasswords(passwords: Record<string, string>): Promise<void> {
    await this.kubectl.attempt(['delete', 'secret', AUTH]);
    await this.kubectl.run(['create', 'secret', 'generic', AUTH, ...Object.entries(passwords).map(([key, value]) => `--from-literal=${key}=${value}`)]);
  }

  public async changeProps(props: RedisClusterChartProps): Promise<void> {
    Object.assign(this.props, props);
    await this.kubectl.attempt(['delete', 'job', 'redis-cluster-init', '--ignore-not-found']);
    await this.apply();
  }

  private async createSecrets(): Promise<void> {
    await this.setPasswords({ ...PASSWORDS, password: `${PASSWORDS.password}\n` });
    await define(this.kubectl, 'certificates');
    await this.renewCertificate();
  }

  /** The tests' own clients are no pods: what lets them in is no matter of the library. */
  private async letTestsIn(): Promise<void> {
    const addresses = Object.values(networkInterfaces()).flat().filter(address => address?.family === 'IPv4' && !address.internal);
    await this.kubectl.applyObjects({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'tests' },
      spec: {
        podSelector: { matchLabels: { app: 'redis-cluster' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: addresses.map(address => ({ ipBlock: { cidr: `${address!.address}/32` } })), ports: [{ port: 6379 }, { port: 9121 }] }],
      },
    });
  }
}

/** A client that checks the certificate of every node against the name by which it is sent there. */
function clientOptions(kubectl: Kubectl, authority: Authority): RedisOptions {
  const addressOf = async (host: string): Promise<string> => {
    const pods = await new Cluster(kubectl).pods();
    const pod = pods.find(({ metadata }) => host.startsWith(`${metadata.name}.`)) ?? pods.find(({ status }) => status.podIP);
    return pod!.status.podIP!;
  };
  const lookup = (host: string, options: { all?: boolean }, answer: (...result: unknown[]) => void) =>
    void addressOf(host).then(address => options.all ? answer(null, [{ address, family: 4 }]) : answer(null, address, 4), answer);
  return { username: 'app', password: PASSWORDS.app, tls: { ca: authority.certificate, lookup } as RedisOptions['tls'] };
}
