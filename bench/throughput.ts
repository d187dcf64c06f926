/**
 * Write throughput with the healing at work and with the healing stopped, in turns, on one cluster at rest otherwise.
 * How much two halves of the same kind differ is the noise.
 *
 *     npx tsx bench/throughput.ts [ROUNDS]    needs redis-benchmark, a KUBECONFIG, and addresses of pods that can be reached
 */
import { print, printRatio, printTable, Samples } from './statistics';
import { Cluster } from '../e2e/support/cluster';
import { LibraryCluster } from '../e2e/support/subject';
import { TestNamespace } from '../e2e/support/test-namespace';
import { execute } from '../script-test/support/execute';

const WRITES = 200_000;

async function main(rounds: number): Promise<void> {
  const namespace = await TestNamespace.create('throughput');
  try {
    const subject = new LibraryCluster(namespace.kubectl);
    await subject.deploy();
    const healed = [new Samples('with healing'), new Samples('with healing, every second run')];
    const alone = [new Samples('without'), new Samples('without, every second run')];
    await writesPerSecond(subject.cluster); // warms up
    for (let round = 0; round < rounds; round++) {
      const order: [Samples[], string][] = [[healed, 'CONT'], [alone, 'STOP']];
      for (const [samples, signal] of round % 2 === 0 ? order : order.reverse()) {
        await signalHealing(subject.cluster, signal);
        const value = await writesPerSecond(subject.cluster);
        samples[0].add(value);
        if (round % 2 === 0) samples[1].add(value);
      }
    }
    printTable([...healed, ...alone], '/s', 0);
    printRatio(healed[0], alone[0], 'at least 0.99, beyond noise');
    printRatio(healed[1], healed[0], 'noise');
    printRatio(alone[1], alone[0], 'noise');
  } finally {
    await namespace.remove();
  }
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

main(Number(process.argv[2] ?? 30)).catch(error => {
  print(String(error));
  process.exitCode = 1;
});
