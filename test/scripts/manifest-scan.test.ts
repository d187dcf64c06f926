import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scan } from '../support/checkov';
import { runExample, writeFiles } from '../support/pages/examples';
import { tableBelow } from '../support/pages/markdown';

const root = join(__dirname, '..', '..');

/** The table of docs/validators.md is the list of what may be found, so that no reason stands anywhere else. */
const explained = tableBelow(join(root, 'docs', 'validators.md'), '## checkov')
  .map(([check,, documented, production, reason]) => ({ check, documented, production, reason }));

function findingsOf(preset: 'documented' | 'production'): Record<string, string[]> {
  const rows = explained.filter(row => row[preset] !== '');
  return Object.fromEntries(rows.map(row => [row.check, row[preset].split(', ')]));
}

test('checkov finds in dist/ what docs/validators.md explains, and nothing else', async () => {
  expect(await scan(join(root, 'dist'))).toEqual(findingsOf('documented'));
});

test('checkov finds in the production preset what docs/validators.md explains, and nothing else', async () => {
  const folder = writeFiles(runExample('production-cert-manager'));
  expect(await scan(folder)).toEqual(findingsOf('production'));
  rmSync(folder, { recursive: true });
});

test('every line of the table has a finding and a reason', () => {
  expect(explained.filter(({ documented, production, reason }) => documented + production === '' || reason.length < 20)).toEqual([]);
});
