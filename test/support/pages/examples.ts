import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** Files by their names. */
export type Files = Record<string, string>;

const root = join(__dirname, '..', '..', '..');
const folder = join(root, 'examples');

/** Each folder is one goal. */
export const examples = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);

/** Runs an example, once for each test file, as a module is; returns what it writes. */
export function runExample(name: string): Files {
  const outdir = mkdtempSync(join(tmpdir(), `example-${name}-`));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.requireActual(join(folder, name, 'main.ts'));
    return readFiles(outdir);
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

export function readFiles(directory: string): Files {
  return Object.fromEntries(readdirSync(directory).sort().map(file => [file, readFileSync(join(directory, file), 'utf8')]));
}

/** Writes files into a folder of their own; returns the folder. */
export function writeFiles(files: Files): string {
  const directory = mkdtempSync(join(tmpdir(), 'written-'));
  Object.entries(files).forEach(([file, content]) => writeFileSync(join(directory, file), content));
  return directory;
}

/** The objects of all files that hold some. */
export function objectsOf(files: Files): any[] {
  return Object.entries(files).filter(([file]) => !file.endsWith('.md')).flatMap(([, content]) => parseAllDocuments(content)).map(document => document.toJS());
}

/** Where the YAML of an example is committed. */
export function committedFolder(name: string): string {
  return name === 'default' ? join(root, 'dist') : join(folder, name, 'yaml');
}

/**
 * What is committed of the files that an example writes. The scripts are in git once, in `dist/`: elsewhere their file is left
 * out, and so are their checksums, so that a change of a script changes no example; and so is the dashboard, which is in `dashboards/`.
 */
export function committed(name: string, files: Files): Files {
  if (name === 'default') {
    return files;
  }
  const { 'scripts.yaml': _, 'dashboard.yaml': __, ...reviewed } = name === 'fleet' ? oneCluster(files) : files;
  return Object.fromEntries(Object.entries(reviewed).map(([file, content]) => [file, content
    .replace(/checksum\/scripts: .+/g, 'checksum/scripts: of-the-scripts')
    .replace(/-init-[0-9a-f]{8}$/gm, '-init-of-the-content')]));
}

/** Of many clusters that differ in their numbers: the first one, and a line for each with its numbers and objects. */
function oneCluster(files: Files): Files {
  return { 'clusters.txt': clusterList(files), ...firstCluster(files) };
}

/** Of files with many clusters those of the first one. */
export function firstCluster(files: Files): Files {
  const { metadata: first } = objectsOf(files).find(({ kind }) => kind === 'StatefulSet');
  const ofFirst = (content: string) => content.split(/^---\n/m).filter(text => {
    const [{ metadata }] = objectsOf({ text });
    return metadata.namespace === first.namespace && isOf(first.name, metadata.name);
  }).join('---\n');
  return Object.fromEntries(Object.entries(files).map(([file, content]) => [file, ofFirst(content)]));
}

function clusterList(files: Files): string {
  const all = objectsOf(files);
  return all.filter(({ kind }) => kind === 'StatefulSet').map(({ metadata: { namespace, name }, spec }) => {
    const memory = spec.template.spec.containers.find((container: any) => container.name === 'redis').resources.limits.memory;
    const [claim] = spec.volumeClaimTemplates;
    const own = all.filter(({ metadata }) => metadata.namespace === namespace && isOf(name, metadata.name));
    return `${namespace}/${name}: ${spec.replicas} pods, memory ${memory}, disk ${claim.spec.resources.requests.storage}: `
      + `${own.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}\n`;
  }).join('');
}

const isOf = (cluster: string, name: string) => name === cluster || name.startsWith(`${cluster}-`);
