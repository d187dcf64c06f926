import { dayTwoPage } from '../support/kubernetes/day-two';
import { FaultRecord, faultRecords } from '../support/kubernetes/fault-records';
import { faultPage } from '../support/kubernetes/fault-report';

/** What of the end-to-end suites is run, with an environment of its own. */
function selection(environment: NodeJS.ProcessEnv) {
  const before = process.env;
  process.env = { ...before, E2E_FULL: undefined, ...environment };
  try {
    let titles!: (mode: 'plain' | 'production', image: string) => string[];
    let images!: { plain: string[]; production: string[] };
    jest.isolateModules(() => {
      const { faults } = jest.requireActual<typeof import('../support/kubernetes/faults')>('../support/kubernetes/faults');
      const selected = jest.requireActual<typeof import('../support/kubernetes/selection')>('../support/kubernetes/selection');
      images = selected.images;
      titles = (mode, image) => faults.filter(fault => selected.isSelected(fault, mode, image)).map(({ title }) => title);
    });
    return { images, titles };
  } finally {
    process.env = before;
  }
}

test('the gate is one run of each kind of fault, on one image in each mode', () => {
  const { images, titles } = selection({});
  expect(images).toMatchObject({ plain: ['redis:6.2'], production: ['redis:8.0'] });
  expect(titles('plain', 'redis:6.2')).toEqual([
    'a node cut off for 60 s, then back', 'all pods deleted at once', 'disk of one pod wiped', 'kubectl rollout restart', 'each node drained in turn',
    'image changed to a newer one',
  ]);
  expect(titles('production', 'redis:8.0')).toEqual(['all pods deleted at once', 'config changed']);
});

test('the full run has every fault, all pods deleted ten times, and an upgrade where there is a newer image', () => {
  const { images, titles } = selection({ E2E_FULL: '1' });
  expect(images.plain).toEqual(['redis:6.2', 'redis:7.0', 'redis:8.0', 'redis:8.2', 'valkey/valkey:8.1', 'valkey/valkey:9.1']);
  expect(images.production).toEqual(['redis:7.0', 'redis:8.0', 'valkey/valkey:8.1', 'valkey/valkey:9.1']);
  expect(titles('plain', 'redis:6.2')).toHaveLength(14);
  expect(titles('plain', 'redis:8.2')).toEqual(titles('plain', 'redis:6.2').filter(title => title !== 'image changed to a newer one'));
  for (const mode of ['plain', 'production'] as const) {
    expect(titles(mode, 'redis:7.0')).toEqual(expect.arrayContaining(['all pods deleted at once, 10 times in a row', 'image changed to a newer one']));
  }
});

const record = (owner: FaultRecord['owner'], image: string, more: Partial<FaultRecord['outcome']> = {}, mode: FaultRecord['mode'] = 'plain'): FaultRecord => ({
  owner,
  mode,
  image,
  title: 'fault',
  limits: { healedSeconds: 20, longestGapSeconds: 10 },
  outcome: { healedSeconds: 5, remarks: [], writes: 100, failedWrites: 0, errors: [], longestGapSeconds: 1.25, lostKeys: [], ...more },
});

test('a run in parts keeps what it did not try again, and says which commit each part was of', () => {
  const former = [record('library', 'redis:6.2'), record('library', 'redis:8.0', {}, 'production')].map(each => ({ ...each, run: 'yesterday, aaaaaaa' }));
  const latest = [record('library', 'redis:8.0', { healedSeconds: 7 }, 'production')].map(each => ({ ...each, run: 'today, bbbbbbb' }));

  const records = faultRecords.merged(former, latest);

  expect(records).toEqual([former[0], latest[0]]);
  expect(faultPage(records, []).split('\n')).toContain('| run on, at commit | yesterday, aaaaaaa | today, bbbbbbb |');
});

test('the page of faults sets the original YAML beside the library, and all versions beside each other', () => {
  const lines = faultPage([
    record('library', 'redis:6.2'),
    record('library', 'redis:8.0', { failedWrites: 2 }),
    record('documents', 'redis:6.2', { healedSeconds: undefined, lostKeys: undefined }),
    record('library', 'redis:8.0', { lostKeys: ['one'] }, 'production'),
  ], ['a machine']).split('\n');
  expect(lines).toContain('- a machine');
  expect(lines).toContain('| fault | whole ≤ 20 s, gap ≤ 10 s, no key lost | 5.0 s | 0 of 100 | 1.3 s | 0 | not within 60 s | 0 of 100 | 1.3 s | cluster down |');
  expect(lines).toContain('| fault | redis:6.2 | redis:8.0 | redis:8.0, production |');
  expect(lines).toContain('| fault | 5.0 s / 1.3 s | 5.0 s / 1.3 s; 2 of 100 writes failed | 5.0 s / 1.3 s; lost keys: 1 |');
});

test('the page of day two has a table for each kind of work, and says what did not end', () => {
  const lines = dayTwoPage([
    { work: 'scaling', mode: 'production', image: 'redis:8.0', title: 'grown', seconds: 12.34, load: { writes: 9, failedWrites: 1, longestGapSeconds: 0.26 }, lostKeys: 0, run: 'today' },
    { work: 'restores', mode: 'plain', image: 'redis:6.2', title: 'restored', seconds: 5, lostKeys: 2, run: 'today' },
    { work: 'upgrades', mode: 'plain', image: 'redis:6.2', title: 'rolled', load: { writes: 9, failedWrites: 0, longestGapSeconds: 0 }, run: 'today' },
  ]).split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    '| grown | redis:8.0, production | 12.3 | 1 of 9 | 0.3 s | 0 | today |',
    '| restored | redis:6.2 | 5.0 |  |  | 2 | today |',
    '| rolled | redis:6.2 | did not end | 0 of 9 | 0.0 s | cluster down | today |',
  ]));
  expect(lines.indexOf('## Scaling')).toBeLessThan(lines.findIndex(line => line.startsWith('| grown')));
});
