import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { execute, Result } from './execute';

const REQUIREMENTS = join(__dirname, '..', 'scripts', 'requirements.txt');
const [, VERSION] = /^checkov==(.+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))!;
const INSTALL = `pip install -r test/scripts/requirements.txt, and put checkov ${VERSION} on the PATH`;

/** Nothing but the files counts, and nothing leaves the machine. */
const OFFLINE = { CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true' };
const OPTIONS = ['--framework', 'kubernetes', '--skip-download', '--quiet', '--compact', '--output', 'json'];

interface Check {
  readonly check_id: string;
  /** Kind, namespace and name, joined by dots; a pod template counts as a Pod of its workload's name. */
  readonly resource: string;
  readonly check_result: { readonly evaluated_keys: string[] };
}

interface Report {
  readonly results: { readonly failed_checks: Check[] };
  readonly summary: { readonly checkov_version: string; readonly parsing_errors: number };
}

/** Each check that fails for a folder of manifests, with the objects, and where it tells the containers, for which it does. */
export async function scan(folder: string): Promise<Record<string, string[]>> {
  const { results, summary } = await report(folder);
  if (summary.checkov_version !== VERSION) {
    throw new Error(`checkov ${summary.checkov_version} may find something else: ${INSTALL}`);
  }
  if (summary.parsing_errors > 0) {
    throw new Error(`checkov could not read ${summary.parsing_errors} files of ${folder}`);
  }
  const objects = readdirSync(folder).flatMap(file => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map(document => document.toJS()));
  const findings: Record<string, string[]> = {};
  for (const check of results.failed_checks) {
    findings[check.check_id] = [...new Set([...findings[check.check_id] ?? [], place(check, objects)])].sort();
  }
  return findings;
}

async function report(folder: string): Promise<Report> {
  let result: Result;
  try {
    result = await execute('checkov', ['--directory', folder, ...OPTIONS], { ...process.env, ...OFFLINE });
  } catch (error) {
    throw new Error(`checkov cannot be run: ${INSTALL}`, { cause: error });
  }
  try {
    return JSON.parse(result.standardOutput) as Report;
  } catch (error) {
    throw new Error(`checkov ended with ${result.code}: ${result.output}`, { cause: error });
  }
}

function place({ resource, check_result: { evaluated_keys: keys } }: Check, objects: any[]): string {
  const [kind, , name] = resource.split('.');
  const object = objects.find(({ kind: other, metadata, spec }) => metadata.name === name && (kind === 'Pod' ? spec?.template : kind === other));
  const [, container] = /^spec\/template\/spec\/containers\/\[(\d+)\]/.exec(keys[0] ?? '') ?? [];
  return container === undefined ? object.kind : `${object.kind}/${object.spec.template.spec.containers[container].name}`;
}
