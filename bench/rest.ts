/**
 * What a cluster costs when nobody uses it: CPU and memory of each container, as the kubelets count them, of this library's
 * cluster (Redis with its probes, and the healing) and of the original YAML's cluster, at the same time.
 *
 *     npx tsx bench/rest.ts [SECONDS]         needs a KUBECONFIG that may read the nodes' statistics
 */
import { setTimeout as pause } from 'node:timers/promises';
import { print, printRatio, printTable, Samples } from './statistics';
import { Kubectl } from '../test/support/kubernetes/kubectl';
import { OriginalCluster, LibraryCluster } from '../test/support/kubernetes/subject';
import { TestNamespace } from '../test/support/kubernetes/test-namespace';

interface Container {
  readonly name: string;
  readonly cpu: { readonly time: string; readonly usageCoreNanoSeconds: number };
  readonly memory: { readonly workingSetBytes: number; readonly rssBytes: number };
}

interface Summary {
  readonly pods: { readonly podRef: { readonly name: string; readonly namespace: string }; readonly containers: Container[] }[];
}

async function main(seconds: number): Promise<void> {
  const namespaces = [await TestNamespace.create('rest-library'), await TestNamespace.create('rest-original')];
  try {
    const [library, original] = namespaces;
    await library.explained(() => new LibraryCluster(library.kubectl).deploy())();
    await original.explained(() => new OriginalCluster(original.kubectl).deploy())();
    const before = await statistics(library.kubectl);
    await pause(seconds * 1000);
    const after = await statistics(library.kubectl);
    report([
      { title: 'this library, redis with its probes', namespace: library, container: 'redis' },
      { title: 'this library, heal', namespace: library, container: 'heal' },
      { title: 'original YAML, redis', namespace: original, container: 'redis' },
    ], before, after);
  } finally {
    await Promise.all(namespaces.map(namespace => namespace.remove()));
  }
}

/** By namespace, pod and container. */
async function statistics(kubectl: Kubectl): Promise<Map<string, Container>> {
  const nodes = (await kubectl.run(['get', 'nodes', '--output', 'jsonpath={.items[*].metadata.name}'])).split(' ');
  const summaries = await Promise.all(nodes.map(async node =>
    JSON.parse(await kubectl.run(['get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`])) as Summary));
  return new Map(summaries.flatMap(({ pods }) => pods).flatMap(({ podRef, containers }) =>
    containers.map(container => [`${podRef.namespace}/${podRef.name}/${container.name}`, container] as const)));
}

function report(
  rows: { title: string; namespace: TestNamespace; container: string }[], before: Map<string, Container>, after: Map<string, Container>,
): void {
  const cpu: Samples[] = [];
  const memory: Samples[] = [];
  for (const { title, namespace, container } of rows) {
    const pods = [...after.keys()].filter(key => key.startsWith(`${namespace.name}/redis-cluster-`) && key.endsWith(`/${container}`) && before.has(key));
    cpu.push(new Samples(title, pods.map(pod => millicores(before.get(pod)!, after.get(pod)!))));
    memory.push(new Samples(title, pods.map(pod => after.get(pod)!.memory.workingSetBytes / 2 ** 20)));
  }
  print('CPU, in thousandths of a core, each pod a run:', '');
  printTable(cpu, 'm', 2);
  printRatio(cpu[0], cpu[cpu.length - 1], 'at most 3');
  print('', 'Memory (working set), each pod a run:', '');
  printTable(memory, 'MiB', 1);
}

function millicores(before: Container, after: Container): number {
  const nanoSeconds = (Date.parse(after.cpu.time) - Date.parse(before.cpu.time)) * 1e6;
  return (after.cpu.usageCoreNanoSeconds - before.cpu.usageCoreNanoSeconds) / nanoSeconds * 1000;
}

main(Number(process.argv[2] ?? 120)).catch(error => {
  print(String(error));
  process.exitCode = 1;
});
