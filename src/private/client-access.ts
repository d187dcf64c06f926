import type { Container, ISecret, Workload } from 'cdk8s-plus-28';
import { EnvValue } from 'cdk8s-plus-28/lib/container';
import { Volume } from 'cdk8s-plus-28/lib/volume';
import { Construct } from 'constructs';
import { SecretKey, secretKey } from './access';
import type { ClusterSettings } from './cluster-settings';
import { throwProblems } from './validate';

const CA_FOLDER = '/etc/redis-ca';

/** Tells the containers of a client where the cluster is, who they are there, and which authority to trust. */
export function connectClient(cluster: Construct, workload: Workload, settings: ClusterSettings, userName?: string): void {
  const user = clientUser(cluster, settings, userName);
  const variables: [string, EnvValue][] = [
    ['REDIS_HOST', EnvValue.fromValue(settings.domain)],
    ['REDIS_PORT', EnvValue.fromValue(String(settings.port))],
    ...user.password ? [
      ['REDIS_USERNAME', EnvValue.fromValue(user.name)],
      ['REDIS_PASSWORD', EnvValue.fromSecretValue({ secret: existing(user.password.secretName), key: user.password.key })],
    ] as [string, EnvValue][] : [],
    ...settings.access.tls ? [['REDIS_CA_FILE', EnvValue.fromValue(`${CA_FOLDER}/ca.crt`)]] as [string, EnvValue][] : [],
  ];
  const { containers } = workload;
  for (const [name, value] of variables) {
    containers.forEach(container => container.env.addVariable(name, value));
  }
  if (settings.access.tls) {
    mountAuthority(workload, containers, settings.access.tls.secretName);
  }
}

function mountAuthority(workload: Workload, containers: Container[], secretName: string): void {
  const volume = Volume.fromSecret(workload, 'RedisAuthority', existing(secretName), { name: 'redis-ca', items: { 'ca.crt': { path: 'ca.crt' } } });
  containers.forEach(container => container.mount(CA_FOLDER, volume, { readOnly: true }));
}

function clientUser(cluster: Construct, { users, access }: ClusterSettings, name?: string): { name: string; password?: SecretKey } {
  const known = (users ?? []).map(user => ({ name: user.name, password: secretKey(user.password) }));
  const all = users === undefined ? [{ name: 'default', password: access.password }] : known;
  const user = name === undefined ? all[0] : all.find(candidate => candidate.name === name);
  if (!user) {
    throwProblems(cluster, [`'user' must be one of ${all.map(candidate => `'${candidate.name}'`).join(', ') || "'users'"}, got ${name ? `'${name}'` : 'none'};`
      + ' Redis knows no other that a client may be']);
  }
  return user!;
}

/** A Secret that exists: only its name is used. */
function existing(name: string): ISecret {
  return { name } as ISecret;
}
