import { writeFileSync } from 'node:fs';
import { connect } from './support/client';
import { writeDataSet } from './support/data-set';
import { FaultReport } from './support/fault-report';
import { faults } from './support/faults';
import { images } from './support/images';
import { Kubectl } from './support/kubectl';
import { labTest } from './support/lab';
import { endure, slack } from './support/ordeal';
import { DocumentsCluster, LibraryCluster, Subject } from './support/subject';
import { TestNamespace } from './support/test-namespace';
import '../script-test/support/retries';

const KEYS = 3000;
const PATIENCE_SECONDS = 60;

/** Both clusters, and the page in docs/; without it only the library's cluster and the table on the terminal. */
const withBaseline = process.env.E2E_BASELINE === '1';
const report = new FaultReport();

afterAll(async () => {
  if (withBaseline) {
    writeFileSync('docs/faults.md', report.page(await circumstances(), PATIENCE_SECONDS));
  }
  process.stdout.write(`${report.table(PATIENCE_SECONDS)}\n`);
});

describe('the cluster of this library', () => {
  let namespace: TestNamespace;
  let subject: Subject;
  let dataSet: string[];

  beforeAll(async () => {
    namespace = await TestNamespace.create('faults');
    subject = new LibraryCluster(namespace.kubectl);
    await namespace.explained(() => subject.deploy())();
    dataSet = await fill(subject);
  });

  afterAll(() => namespace.remove());

  for (const fault of faults) {
    const run = fault.needsLab ? labTest : test;
    run(`survives: ${fault.title}`, () => namespace.explained(async () => {
      const outcome = await endure(subject, fault, dataSet, PATIENCE_SECONDS);
      report.add(fault, 'library', outcome);

      const { healedSeconds = Infinity, failure, remarks, errors, longestGapSeconds, lostKeys } = outcome;
      const { limits } = fault;
      expect({ failure, remarks, lostKeys }).toEqual({ failure: undefined, remarks: [], lostKeys: [] });
      expect(healedSeconds).toBeLessThanOrEqual(limits.healedSeconds * slack);
      expect(limits.noFailedWrites ? errors : []).toEqual([]);
      expect(longestGapSeconds).toBeLessThanOrEqual((limits.longestGapSeconds ?? Infinity) * slack);
    })());
  }
});

const withDocuments = withBaseline ? describe : () => undefined;

withDocuments('the cluster of the documents', () => {
  let documents: { namespace: TestNamespace; subject: Subject; dataSet: string[] } | undefined;

  afterAll(() => documents?.namespace.remove());

  for (const fault of faults) {
    test(`is put through: ${fault.title}`, async () => {
      documents ??= await deployDocuments();
      const { namespace, subject, dataSet } = documents;
      const outcome = await namespace.explained(() => endure(subject, fault, dataSet, PATIENCE_SECONDS))();
      report.add(fault, 'documents', outcome);
      if (outcome.failure !== undefined || outcome.lostKeys === undefined || outcome.lostKeys.length > 0) {
        documents = undefined; // the next fault needs a new cluster
        await namespace.remove();
      }
      expect(outcome.writes).toBeGreaterThan(0);
    });
  }
});

async function deployDocuments() {
  const namespace = await TestNamespace.create('documents');
  const subject = new DocumentsCluster(namespace.kubectl);
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

async function circumstances(): Promise<string[]> {
  const kubectl = new Kubectl('default');
  const { serverVersion } = await kubectl.json<{ serverVersion: { gitVersion: string } }>(['version']);
  const { items } = await kubectl.json<{ items: unknown[] }>(['get', 'nodes']);
  return [
    `Kubernetes ${serverVersion.gitVersion}, ${items.length} nodes on one machine, image ${images.redis}, ${KEYS} keys`,
    'Command: `E2E_BASELINE=1 npx jest --config jest.e2e.json e2e/faults.test.ts`',
  ];
}
