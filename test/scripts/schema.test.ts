import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { execute, Result } from '../support/execute';
import { runExample, writeFiles } from '../support/pages/examples';

const dist = join(__dirname, '..', '..', 'dist');
const production = writeFiles(runExample('production-cert-manager'));
const scratch = mkdtempSync(join(tmpdir(), 'schema-'));
afterAll(() => [production, scratch].forEach(folder => rmSync(folder, { recursive: true })));

/** Of both presets, without cert-manager's objects, whose schema is not Kubernetes' own. */
const files = [dist, production].flatMap((folder, preset) => readdirSync(folder).map(file => {
  const objects = parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map(document => document.toJS());
  const copy = join(scratch, `${preset}-${file}`);
  writeFileSync(copy, objects.filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/')).map(object => stringify(object)).join('---\n'));
  return copy;
}));

async function validate(version: string, ...paths: string[]): Promise<Result> {
  try {
    return await execute('kubernetes-validate', ['--strict', '--kubernetes-version', version, ...paths]);
  } catch (error) {
    throw new Error('kubernetes-validate cannot be run: pip install -r test/scripts/requirements.txt, and put it on the PATH', { cause: error });
  }
}

test.each(['1.28', '1.31', '1.34', '1.37'])('the schemas of Kubernetes %s accept what both presets render, and know every field', async version => {
  const { code, output } = await validate(version, ...files);
  expect({ code, refused: output.split('\n').filter(line => line !== '' && !line.startsWith('INFO')) }).toEqual({ code: 0, refused: [] });
});

test('a misspelt field is found', async () => {
  const file = join(scratch, 'misspelt.yaml');
  writeFileSync(file, readFileSync(join(dist, 'statefulset.yaml'), 'utf8').replace('podManagementPolicy', 'podManagmentPolicy'));
  expect((await validate('1.34', file)).code).not.toBe(0);
});
