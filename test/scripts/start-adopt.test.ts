import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { execute } from '../support/execute';
import { countKeys, writeKeys } from '../support/servers/keys';
import { createCluster, introduce, isWhole, newPods, releaseCopies } from '../support/servers/pods';
import { RedisNode } from '../support/servers/redis-node';
import { tableOf } from '../support/servers/table';

const PORT = 6395;
/** The user and group that Bitnami's images run as, and the group that the kubelet gives all files to, by `fsGroup`. */
const BITNAMI = 1001;
const OWN = 999;

let former: RedisNode[] = [];
let pods: RedisNode[] = [];
afterEach(() => Promise.all([...former, ...pods].map(node => node.remove())));

test('disks of another chart are adopted: files of another user, nodes.conf of another image, no marker', async () => {
  former = Array.from({ length: 6 }, (_, index) => new RedisNode({ address: `127.0.153.${index + 1}`, port: PORT }));
  await Promise.all(former.map(node => node.start()));
  await createCluster(former, 3);
  await writeKeys(former, 300);
  const before = (await tableOf(former[0])).map(({ id }) => id).sort();
  await Promise.all(former.map(node => node.stop()));

  pods = newPods(6, 154, 'data/shop-redis-cluster', { port: PORT, user: OWN });
  for (const [index, pod] of pods.entries()) {
    cpSync(former[index].directory, pod.directory, { recursive: true });
    writeFileSync(join(pod.directory, 'nodes.sh'), 'declare -A host_2_ip_array=([shop-redis-cluster-0]="10.0.0.1" )\n');
    writeFileSync(join(pod.directory, 'dump.rdb'), 'of a former replication');
    const { code, output } = await execute('sh', ['-c', `
      chown -R ${BITNAMI}:${BITNAMI} ${pod.directory} && chmod -R go-rwx ${pod.directory} && # as Redis leaves them
      chgrp -R ${OWN} ${pod.directory} && chmod -R g+rw ${pod.directory} && find ${pod.directory} -type d -exec chmod g+xs {} +`]);
    expect([code, output]).toEqual([0, '']);
  }
  await Promise.all(pods.map(pod => pod.start()));
  await introduce(pods);
  await releaseCopies(pods);
  await eventually('the cluster is whole', () => isWhole(pods), 60);

  expect((await tableOf(pods[0])).map(({ id }) => id).sort()).toEqual(before);
  expect(await countKeys(pods, 300)).toBe(300);
  for (const pod of pods) {
    expect(readdirSync(pod.directory)).toEqual(expect.arrayContaining(['cluster-owner', 'server-versions', 'nodes.sh', 'dump.rdb']));
    expect(statSync(join(pod.directory, 'nodes.conf')).uid).toBe(OWN);
  }
});
