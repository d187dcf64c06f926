import { ClusterSettings } from './cluster-settings';
import { StatefulSetManifest } from '../app/former-yaml';
import { imageChange } from '../image/image-change';
import { fewerPods } from '../shape/fewer-pods';

/** What is wrong with a cluster that is to follow on the one of a former StatefulSet: a line for each concern. */
export function clusterChange(former: StatefulSetManifest, settings: ClusterSettings): string[] {
  const server = former.spec?.template?.spec?.containers?.find(({ name }) => name === 'redis');
  return [
    ...fewerPods(former, settings),
    ...server ? imageChange({ image: server.image, isValkey: server.command?.includes('valkey-server') ?? false }, settings) : [],
  ];
}
