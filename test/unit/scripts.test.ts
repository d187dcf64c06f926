import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scripts } from '../../src/scripts/scripts';

test('every file of assets/ is run by pods, by the Job, or for backups', () => {
  expect(Object.keys(scripts('pods', 'job', 'backup', 'restore')).sort()).toEqual(readdirSync(join(__dirname, '..', '..', 'assets')).sort());
});

/** What tells pods and Job that something has changed, when a line is added to a script. */
function identities(changedScript?: string): { pods: string; job: string } {
  jest.doMock('node:fs', () => {
    const actual = jest.requireActual<typeof import('node:fs')>('node:fs');
    return {
      ...actual,
      readFileSync: (path: string, encoding: BufferEncoding) => {
        const text = actual.readFileSync(path, encoding);
        return basename(path) === changedScript ? `${text}# changed\n` : text;
      },
    };
  });
  let found!: { pods: string; job: string };
  jest.isolateModules(() => {
    const { synthCluster } = jest.requireActual<typeof import('../support/synth')>('../support/synth');
    const objects = synthCluster({ initJob: { contentHashInName: true } });
    found = { pods: objects.one('StatefulSet').spec.template.metadata.annotations['checksum/scripts'], job: objects.one('Job').metadata.name };
  });
  jest.dontMock('node:fs');
  return found;
}

test.each([
  ['that pods run rolls them', 'probe.sh', { pods: true, job: false }],
  ['that the Job runs makes it another Job, and rolls no pod', 'cluster-init.sh', { pods: false, job: true }],
  ['that both run does both', 'common.sh', { pods: true, job: true }],
])('a changed script %s', (_, script, expected) => {
  expect(Object.keys(scripts('pods', 'job'))).toContain(script);
  const [before, after] = [identities(), identities(script)];
  expect({ pods: before.pods !== after.pods, job: before.job !== after.job }).toEqual(expected);
});
