/**
 * Time from `kubectl apply` to the completion of the init Job: this library's cluster against the documents' cluster, whose
 * Job sleeps for fixed times, in turns, each in a new namespace.
 *
 *     npx tsx bench/creation.ts [ROUNDS]      needs a KUBECONFIG; images as in e2e/README.md
 */
import { print, printRatio, printTable, Samples, timed } from './statistics';
import { Kubectl } from '../e2e/support/kubectl';
import { DocumentsCluster, LibraryCluster, Subject } from '../e2e/support/subject';
import { TestNamespace } from '../e2e/support/test-namespace';

const subjects: { samples: Samples; create: (kubectl: Kubectl) => Subject }[] = [
  { samples: new Samples('this library'), create: kubectl => new LibraryCluster(kubectl) },
  { samples: new Samples('documents'), create: kubectl => new DocumentsCluster(kubectl) },
];

async function main(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { samples, create } of subjects) {
      samples.add(await creationSeconds(create));
    }
  }
  const [library, documents] = subjects.map(({ samples }) => samples);
  printTable([library, documents], 's', 1);
  printRatio(library, documents, 'at most 0.33');
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
