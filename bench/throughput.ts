/**
 * Write throughput with the healing at work and with the healing stopped, on one cluster at rest otherwise. A round is four
 * runs: with, without, without, with.
 *
 *     npx tsx bench/throughput.ts [ROUNDS]    needs redis-benchmark, a KUBECONFIG, and addresses of pods that can be reached
 */
import { print, printTable, Samples } from './statistics';
import { execute } from '../test/support/execute';
import { Cluster } from '../test/support/kubernetes/cluster';
import { LibraryCluster } from '../test/support/kubernetes/subject';
import { TestNamespace } from '../test/support/kubernetes/test-namespace';

const WRITES = 200_000;

async function main(rounds: number): Promise<void> {
  const namespace = await TestNamespace.create('throughput');
  try {
    const subject = new LibraryCluster(namespace.kubectl);
    await namespace.explained(() => subject.deploy())();
    await measure(subject.cluster, rounds);
  } finally {
    await namespace.remove();
  }
}

async function measure(cluster: Cluster, rounds: number): Promise<void> {
  const healed = new Samples('writes with healing');
  const alone = new Samples('writes without');
  const effect = new Samples('with healing / without');
  const noise = new Samples('first half of a round / second half, which have one run of each');
  const run = async (samples: Samples, signal: string) => {
    await signalHealing(cluster, signal);
    const rate = await writesPerSecond(cluster);
    samples.add(rate);
    return rate;
  };
  await writesPerSecond(cluster); // warms up
  for (let round = 0; round < rounds; round++) {
    const first = [await run(healed, 'CONT'), await run(alone, 'STOP')];
    const second = [await run(alone, 'STOP'), await run(healed, 'CONT')];
    effect.add((first[0] + second[1]) / (first[1] + second[0]));
    noise.add((first[0] + first[1]) / (second[0] + second[1]));
  }
  printTable([healed, alone], '/s', 0);
  printTable([effect, noise], '', 3);
}

/** The first process of a container cannot be stopped from within; the loop that it waits for can. */
async function signalHealing(cluster: Cluster, signal: string): Promise<void> {
  await Promise.all((await cluster.pods()).map(pod =>
    cluster.kubectl.run(['exec', pod.metadata.name, '--container', 'heal', '--', 'sh', '-c', `kill -${signal} -1`])));
}

async function writesPerSecond(cluster: Cluster): Promise<number> {
  const [pod] = await cluster.pods();
  const { code, output } = await execute('redis-benchmark', [
    '--cluster', '-h', pod.status.podIP!, '-t', 'set', '-n', String(WRITES), '-r', '100000', '-P', '8', '-c', '30', '--csv',
  ]);
  const rate = /"SET","([\d.]+)"/.exec(output)?.[1];
  if (code !== 0 || rate === undefined) {
    throw new Error(`redis-benchmark ended with ${code}: ${output}`);
  }
  return Number(rate);
}

main(Number(process.argv[2] ?? 20)).catch(error => {
  print(String(error));
  process.exitCode = 1;
});
