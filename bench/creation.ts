/**
 * Time from `kubectl apply` to the completion of the init Job: this library's cluster against that of the original YAML, whose
 * Job sleeps for fixed times, in turns, each in a new namespace; for each image of the run, which is 6.2 or, with E2E_FULL=1, all.
 *
 *     npx tsx bench/creation.ts [ROUNDS]      needs a KUBECONFIG; images as in test/e2e/README.md
 */
import { print, printRatio, printTable, Samples, timed } from './statistics';
import { Kubectl } from '../test/support/kubernetes/kubectl';
import { images } from '../test/support/kubernetes/selection';
import { OriginalCluster, LibraryCluster, Subject } from '../test/support/kubernetes/subject';
import { TestNamespace } from '../test/support/kubernetes/test-namespace';

async function main(rounds: number): Promise<void> {
  for (const image of images.plain) {
    const baseline = image.includes('valkey') ? images.redis : image; // the original YAML calls redis-server and redis-cli
    const [library, original] = [new Samples(`this library, ${image}`), new Samples(`original YAML, ${baseline}`)];
    for (let round = 0; round < rounds; round++) {
      library.add(await creationSeconds(kubectl => new LibraryCluster(kubectl, { image })));
      original.add(await creationSeconds(kubectl => new OriginalCluster(kubectl, baseline)));
    }
    printTable([library, original], 's', 1);
    printRatio(library, original, image === images.redis ? 'at most 0.25' : 'at most 0.30');
  }
}

async function creationSeconds(create: (kubectl: Kubectl) => Subject): Promise<number> {
  const namespace = await TestNamespace.create('bench');
  try {
    const subject = create(namespace.kubectl);
    const milliseconds = await timed(async () => {
      await subject.apply();
      await namespace.kubectl.run(['wait', '--for=condition=complete', 'job/redis-cluster-init', '--timeout=120s'], 130);
    });
    await namespace.explained(() => subject.cluster.becomesWhole(30))(); // a Job that only says so would win
    return milliseconds / 1000;
  } finally {
    await namespace.remove();
  }
}

main(Number(process.argv[2] ?? 5)).catch(error => {
  print(String(error));
  process.exitCode = 1;
});
