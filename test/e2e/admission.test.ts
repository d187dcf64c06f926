import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { RedisClusterProps } from '../../src';
import { define, definitions, Operator } from '../support/kubernetes/definitions';
import { exampleIn } from '../support/kubernetes/example';
import { synthesize } from '../support/kubernetes/synthesize';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { examples, writeFiles } from '../support/pages/examples';
import { acceptedSamples } from '../support/props/accepted-samples';
import { acceptableProps } from '../support/props/arbitrary-props';

const OPERATORS: Operator[] = ['certificates', 'monitoring'];

let namespace: TestNamespace;
/** Those that were not there before. */
let ours: Operator[] = [];

beforeAll(async () => {
  namespace = await TestNamespace.create('admission', { 'pod-security.kubernetes.io/warn': 'restricted' });
  const { kubectl } = namespace;
  const areThere = await Promise.all(OPERATORS.map(operator => kubectl.attempt(['get', '--filename', definitions(operator)])));
  ours = OPERATORS.filter((_, index) => areThere[index].code !== 0);
  await define(kubectl, ...ours);
});

afterAll(async () => {
  for (const operator of ours) {
    await namespace.kubectl.run(['delete', '--filename', definitions(operator)]);
  }
  await namespace.remove();
});

/** Asks the API to take each object of a folder, with every field known to it; it keeps none of them. */
async function expectAdmission(folder: string): Promise<void> {
  const objects = readdirSync(folder).flatMap(file => parseAllDocuments(readFileSync(join(folder, file), 'utf8')));
  const { output } = await namespace.kubectl.attempt(['apply', '--dry-run=server', '--validate=strict', '--filename', folder]);
  const lines = output.trimEnd().split('\n');
  expect(lines.filter(line => !line.endsWith(' created (server dry run)'))).toEqual([]); // warnings count as well
  expect(lines).toHaveLength(objects.length);
}

test.each(examples)('the API takes every object of the example `%s` without a warning', async example => {
  const folder = writeFiles(exampleIn(namespace.name, example));
  await expectAdmission(folder);
  rmSync(folder, { recursive: true });
});

async function expectAdmissionOf(props: RedisClusterProps): Promise<void> {
  const folder = synthesize({ ...props, namespace: namespace.name });
  await expectAdmission(folder); // a folder that is refused stays, to be looked at
  rmSync(folder, { recursive: true });
}

test.each([
  'name', 'shape', 'image', 'port', 'sizes', 'claim', 'resources', 'password', 'alternatePassword', 'tls', 'preset', 'monitoring', 'podLabels', 'podAnnotations',
  'nodeSelector', 'tolerations', 'priorityClassName', 'imagePullSecrets', 'stopping', 'startupTimeout', 'initJob',
])('the API takes every object with whatever %s is accepted, without a warning', async change => {
  for (const props of acceptedSamples(change, 2)) {
    await expectAdmissionOf(props);
  }
});

test('the API takes every object of good props, without a warning', async () => {
  await fc.assert(fc.asyncProperty(acceptableProps, expectAdmissionOf),
    { numRuns: 10, seed: 20260101, interruptAfterTimeLimit: 300_000, markInterruptAsFailure: true });
});
