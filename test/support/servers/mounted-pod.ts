import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { containerOf, Synthesized } from '../synth';

/** What the kubelet gives to the container that runs Redis, as far as start.sh and the server need it. */
export interface MountedPod {
  readonly redisConf: string;
  readonly arguments: string[];
  readonly environment: Record<string, string>;
}

/** Writes the files that a pod of these objects mounts into a folder, every password being the given one. */
export function mountPod(objects: Synthesized, folder: string, address: string, password: string): MountedPod {
  const statefulSet = objects.one('StatefulSet');
  const { args, env } = containerOf(statefulSet, 'redis');
  const textOf = (file: string): string | undefined => objects.all('ConfigMap').find(({ data }) => data[file] !== undefined)?.data[file];
  const passwords = statefulSet.spec.template.spec.volumes.find(({ name }: any) => name === 'redis-passwords');
  for (const { path } of passwords?.projected.sources.flatMap(({ secret }: any) => secret.items) ?? []) {
    write(join(folder, 'passwords', path), password);
  }
  const users = textOf('users.acl');
  if (users !== undefined) {
    write(join(folder, 'users.acl'), users);
  }
  return {
    redisConf: textOf('redis.conf')!,
    arguments: args.map((argument: string) => argument.replace('$(POD_IP)', address).replace('$(POD_NAME)', 'pod-0')),
    environment: {
      NAMESPACE: 'fuzz',
      POD_NAME: 'pod-0',
      DATA_FOLDER: folder,
      ...users === undefined ? {} : { USERS_FILE: join(folder, 'users.acl') },
      PASSWORDS_FOLDER: join(folder, 'passwords'),
      ACCESS_CONFIG: join(folder, 'access.conf'),
      CLUSTER_USER: env.find(({ name }: any) => name === 'CLUSTER_USER')?.value ?? 'default',
    },
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
