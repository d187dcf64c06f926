import { ClusterSettings } from './cluster-settings';
import { TLS_FOLDER } from '../access/tls';
import { ContainerManifest, StatefulSetManifest } from '../app/former-yaml';
import { problem } from '../checks/problem';
import { imageChange } from '../image/image-change';
import { fewerPods } from '../shape/fewer-pods';
import { RedisVersion } from '../versions/redis-version';

/** What is wrong with a cluster that is to follow on the one of a former StatefulSet: a line for each concern. */
export function clusterChange(former: StatefulSetManifest, settings: ClusterSettings): string[] {
  const server = former.spec?.template?.spec?.containers?.find(({ name }) => name === 'redis');
  return [
    ...fewerPods(former, settings),
    ...server ? imageChange({ image: server.image, isValkey: server.command?.includes('valkey-server') ?? false }, settings) : [],
    ...server ? unreachable(server, settings) : [],
  ];
}

/** Pods are replaced one by one, and the first one has to reach those that are as before, or else the rollout stops there. */
function unreachable(server: ContainerManifest, settings: ClusterSettings): string[] {
  const { port, tls, password, users, announceHostnames } = settings;
  const hadVariable = (variable: string) => server.env?.some(({ name }) => name === variable) ?? false;
  const hadTls = server.volumeMounts?.some(({ mountPath }) => mountPath === TLS_FOLDER) ?? false;
  const hadHostnames = server.args?.includes('--cluster-announce-hostname') ?? false;
  const stay = <T>(prop: string, before: T | undefined, now: T, reason: string) => before === undefined || before === now ? []
    : [problem(prop, `stay '${before}', as in the former YAML`, now, `${reason}, so that a rollout would stop at its first pod: `
      + 'make a new cluster and move the keys, or, if the former one is gone with its claims, delete its YAML')];
  return [
    ...stay('config.port', server.ports?.[0]?.containerPort, port, 'pods look for each other at their own port'),
    ...stay('tls', hadTls ? 'TLS' : 'no TLS', tls ? 'TLS' : 'no TLS', 'pods with and without it do not understand each other'),
    ...stay('users', hadVariable('CLUSTER_USER') ? 'users' : 'no users', users ? 'users' : 'no users', 'pods log in to each other as a user that those of before do not have'),
    ...stay('password', hadVariable('REDIS_PASSWORD_FILE') ? 'a password' : undefined, password ? 'a password' : 'none', 'pods of before ask for one'),
    ...announceHostnames && !hadHostnames && RedisVersion._ofImage(server.image)?.supportsHostnames === false
      ? [problem('announceHostnames', "be left out until all pods run 7.0 or later, and 'tls' with it", true, 'Redis 6.2 does not understand nodes that announce names')] : [],
  ];
}
