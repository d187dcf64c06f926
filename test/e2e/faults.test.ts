import { connect } from '../support/kubernetes/client';
import { writeDataSet } from '../support/kubernetes/data-set';
import { recordFault } from '../support/kubernetes/fault-records';
import { faults } from '../support/kubernetes/faults';
import { labTest } from '../support/kubernetes/lab';
import { endure, expectSurvival, KEYS } from '../support/kubernetes/ordeal';
import { images, isFull, isSelected } from '../support/kubernetes/selection';
import { OriginalCluster, LibraryCluster, Subject } from '../support/kubernetes/subject';
import { TestNamespace } from '../support/kubernetes/test-namespace';

describe.each(images.plain)('the cluster of this library, %s', image => {
  let namespace: TestNamespace;
  let subject: Subject;
  let dataSet: string[];

  beforeAll(async () => {
    namespace = await TestNamespace.create('faults');
    subject = new LibraryCluster(namespace.kubectl, { image });
    await namespace.explained(() => subject.deploy())();
    dataSet = await fill(subject);
  });

  afterAll(() => namespace.remove());

  for (const fault of faults.filter(each => isSelected(each, 'plain', image))) {
    const run = fault.needsLab ? labTest : test;
    run(`survives: ${fault.title}`, () => namespace.explained(async () => {
      const outcome = await endure(subject, fault, dataSet);
      recordFault({ owner: 'library', mode: 'plain', image, ...fault, outcome });
      expectSurvival(fault, outcome);
    })());
  }
});

if (isFull) {
  describe('the cluster of the original YAML', () => {
    let original: { namespace: TestNamespace; subject: Subject; dataSet: string[] } | undefined;

    afterAll(() => original?.namespace.remove());

    for (const fault of faults.filter(each => isSelected(each, 'plain', images.redis))) {
      test(`is put through: ${fault.title}`, async () => {
        original ??= await deployOriginal();
        const { namespace, subject, dataSet } = original;
        const outcome = await namespace.explained(() => endure(subject, fault, dataSet))();
        recordFault({ owner: 'documents', mode: 'plain', image: images.redis, ...fault, outcome });
        if (outcome.failure !== undefined || outcome.lostKeys === undefined || outcome.lostKeys.length > 0) {
          original = undefined; // the next fault needs a new cluster
          await namespace.remove();
        }
        expect(outcome.writes).toBeGreaterThan(0);
      });
    }
  });
}

async function deployOriginal() {
  const namespace = await TestNamespace.create('original');
  const subject = new OriginalCluster(namespace.kubectl);
  await namespace.explained(() => subject.deploy())();
  return { namespace, subject, dataSet: await fill(subject) };
}

async function fill({ cluster }: Subject): Promise<string[]> {
  const client = await connect(cluster);
  try {
    return await writeDataSet(client, 'data', KEYS);
  } finally {
    client.disconnect();
  }
}
