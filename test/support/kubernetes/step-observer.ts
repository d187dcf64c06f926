import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, isReady, isRunning, Pod } from './cluster';
import { isMaster, NodeView, size } from './cluster-state';

const PAUSE_MILLISECONDS = 500;

/**
 * Watches pods go one after the other, while `during` runs. Tells of every step that it saw begin too early: a pod on its
 * way out while another one was not ready, not in every table, or not in sync.
 */
export async function observeSteps(cluster: Cluster, during: () => Promise<void>): Promise<string[]> {
  const remarks: string[] = [];
  const seen = new Set<string>();
  let over = false;
  const watching = (async () => {
    while (!over) {
      await observe(cluster, seen, remarks).catch(() => undefined); // the next look will tell
      await pause(PAUSE_MILLISECONDS);
    }
  })();
  try {
    await during();
  } finally {
    over = true;
    await watching;
  }
  return remarks;
}

async function observe(cluster: Cluster, seen: Set<string>, remarks: string[]): Promise<void> {
  const pods = await cluster.pods();
  const leaving = pods.find(pod => pod.metadata.deletionTimestamp !== undefined && !seen.has(pod.metadata.uid));
  if (!leaving) {
    return;
  }
  seen.add(leaving.metadata.uid);
  const others = pods.filter(pod => pod !== leaving);
  const views = await cluster.views();
  const early = [
    ...others.length === size(cluster.shape) - 1 ? [] : [`there are only ${others.length} other pods`],
    ...others.filter(pod => !isRunning(pod) || !isReady(pod)).map(pod => `${pod.metadata.name} is not ready`),
    ...views.filter(view => view.pod !== leaving.metadata.name).flatMap(view => unsettled(view, others)),
  ];
  remarks.push(...early.map(text => `${leaving.metadata.name} goes while ${text}`));
}

function unsettled(view: NodeView, others: Pod[]): string[] {
  const missing = others.filter(pod => !view.table.some(entry => entry.address === pod.status.podIP));
  return [
    ...missing.map(pod => `${view.pod} does not know ${pod.metadata.name} at its address`),
    ...isMaster(view) || view.replication.master_link_status === 'up' ? [] : [`${view.pod} is not in sync`],
  ];
}
