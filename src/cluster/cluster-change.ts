import { TLS_FOLDER } from '../access/tls';
import { ContainerManifest, StatefulSetManifest } from '../app/former-yaml';
import { problem } from '../checks/problem';
import { ImageSettings } from '../image/image';
import { imageChange } from '../image/image-change';
import { fewerPods } from '../shape/fewer-pods';
import { RedisVersion } from '../versions/redis-version';

/**
 * What is wrong with a StatefulSet that is to follow on the former one: a line for each concern. Both are taken as they are written,
 * as patches may have changed what the props said.
 */
export function clusterChange(former: StatefulSetManifest, next: StatefulSetManifest, settings: ImageSettings): string[] {
  const [before, now] = [serverOf(former), serverOf(next)];
  return [
    ...fewerPods(former, next),
    ...before && now ? imageChange({ image: before.image, isValkey: before.command?.includes('valkey-server') ?? false }, imageOf(now, settings)) : [],
    ...before && now ? unreachable(before, now) : [],
  ];
}

function serverOf({ spec }: StatefulSetManifest): ContainerManifest | undefined {
  return spec?.template?.spec?.containers?.find(({ name }) => name === 'redis');
}

/** The version that is given is that of the image in the props; another one has that of its tag. */
function imageOf({ image }: ContainerManifest, settings: ImageSettings): ImageSettings {
  return image === settings.image ? settings : { ...settings, image, toldVersion: RedisVersion._toldByTag(image) };
}

/** What pods need to have in common in order to reach each other. */
function meansOf({ ports, env, volumeMounts, args }: ContainerManifest) {
  const hasVariable = (variable: string) => env?.some(({ name }) => name === variable) ?? false;
  return {
    port: ports?.[0]?.containerPort,
    tls: volumeMounts?.some(({ mountPath }) => mountPath === TLS_FOLDER) ? 'TLS' : 'no TLS',
    users: hasVariable('CLUSTER_USER') ? 'users' : 'no users',
    hasPassword: hasVariable('REDIS_PASSWORD_FILE'),
    hasHostnames: args?.includes('--cluster-announce-hostname') ?? false,
  };
}

/** Pods are replaced one by one, and the first one has to reach those that are as before, or else the rollout stops there. */
function unreachable(former: ContainerManifest, next: ContainerManifest): string[] {
  const [before, now] = [meansOf(former), meansOf(next)];
  const stay = <T>(prop: string, was: T | undefined, is: T, reason: string) => was === undefined || was === is ? []
    : [problem(prop, `stay '${was}', as in the former YAML`, is, `${reason}, so that a rollout would stop at its first pod: `
      + 'make a new cluster and move the keys, or, if the former one is gone with its claims, delete its YAML')];
  return [
    ...stay('config.port', before.port, now.port, 'pods look for each other at their own port'),
    ...stay('tls', before.tls, now.tls, 'pods with and without it do not understand each other'),
    ...stay('users', before.users, now.users, 'pods log in to each other as a user that those of before do not have'),
    ...stay('password', before.hasPassword ? 'a password' : undefined, now.hasPassword ? 'a password' : 'none', 'pods of before ask for one'),
    ...now.hasHostnames && !before.hasHostnames && RedisVersion._toldByTag(former.image)?.supportsHostnames === false
      ? [problem('announceHostnames', "be left out until all pods run 7.0 or later, and 'tls' with it", true, 'Redis 6.2 does not understand nodes that announce names')] : [],
  ];
}
