import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { isManifest, Manifest } from '../kubernetes/manifest';

interface ContainerManifest {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
}

/** A StatefulSet as YAML shows it, as far as checks of changes need it. */
export interface StatefulSetManifest {
  readonly kind: 'StatefulSet';
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Record<string, string> };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: ContainerManifest[] } };
  };
}

/** An object of the former YAML, and the file that has it. */
export interface FormerObject {
  readonly file: string;
  readonly manifest: Manifest;
}

/** The problems of a StatefulSet that is to replace the former one of its name and namespace. */
export type ChangeCheck = (former: StatefulSetManifest, next: StatefulSetManifest) => string[];

interface Checked {
  readonly scope: Construct;
  readonly check: ChangeCheck;
}

const checks = new WeakMap<ApiObject, Checked>();

/** Has a StatefulSet compared with the former one whenever an app writes it over that; problems are those of the scope. */
export function checkChange(scope: Construct, statefulSet: ApiObject, check: ChangeCheck): void {
  checks.set(statefulSet, { scope, check });
}

/** What a folder holds that an app has written before, and is to replace. */
export class FormerYaml {
  private readonly parsed = new Map<string, StatefulSetManifest[]>();
  private readonly documents = new Map<string, Set<string>>();

  constructor(private readonly folder: string) {}

  /** What is wrong with writing an object, as YAML, to a file; reading YAML takes long, so that what has not changed is not read. */
  public problemsOf(object: ApiObject, next: unknown, file: string, yaml: string): string[] {
    const checked = checks.get(object);
    if (!checked || this.documentsOf(file).has(yaml)) {
      return [];
    }
    const { metadata: { name, namespace } } = next as StatefulSetManifest;
    const former = this.read(file).find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name && metadata.namespace === namespace);
    return former ? checked.check(former, next as StatefulSetManifest).map(text => `[${checked.scope.node.path}] ${text}`) : [];
  }

  /** All objects. A document that is written again, byte for byte, is not read: reading YAML takes long. */
  public objects(written: ReadonlyMap<string, Manifest>): FormerObject[] {
    const files = existsSync(this.folder) ? readdirSync(this.folder).filter(file => /\.(ya?ml|json)$/.test(file)).sort() : [];
    return files.flatMap(file => {
      const documents = [...this.documentsOf(file)];
      const others = parse(documents.filter(document => !written.has(document)), join(this.folder, file)).filter(isManifest);
      return [...documents.flatMap(document => written.get(document) ?? []), ...others].map(manifest => ({ file, manifest }));
    });
  }

  private documentsOf(file: string): Set<string> {
    const path = join(this.folder, file);
    const documents = this.documents.get(file) ?? new Set(existsSync(path) ? readFileSync(path, 'utf8').split(/^---\n/m) : []);
    this.documents.set(file, documents);
    return documents;
  }

  private read(file: string): StatefulSetManifest[] {
    const objects = this.parsed.get(file) ?? (this.documentsOf(file).size === 0 ? [] : load(join(this.folder, file)));
    this.parsed.set(file, objects);
    return objects;
  }
}

/** cdk8s reads files alone, by a process of its own each, and none of ten megabytes, which the scripts of many clusters have. */
const MOST_CHARACTERS = 2_000_000;

function parse(documents: readonly string[], origin: string): unknown[] {
  if (documents.length === 0) {
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'former-yaml-'));
  try {
    return parts(documents).flatMap(part => {
      writeFileSync(join(folder, 'part.yaml'), part.join('\n---\n'));
      return load<unknown>(join(folder, 'part.yaml'), origin);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parts(documents: readonly string[]): string[][] {
  let [size, last]: [number, string[]] = [0, []];
  const all = [last];
  for (const document of documents) {
    if (size > 0 && size + document.length > MOST_CHARACTERS) {
      all.push(last = []);
      size = 0;
    }
    last.push(document);
    size += document.length;
  }
  return all;
}

function load<Document = StatefulSetManifest>(path: string, origin = path): Document[] {
  try {
    return Yaml.load(path);
  } catch (error) {
    throw new Error(`${origin} cannot be read, so that nobody knows what would be replaced: restore it or, if it is of no use, delete it`, { cause: error });
  }
}
