import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { isManifest, Manifest } from '../kubernetes/manifest';

export interface ContainerManifest {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly args?: string[];
  readonly ports?: { readonly containerPort: number }[];
  readonly env?: { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: { readonly mountPath: string }[];
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
  private readonly documents = new Map<string, Set<string>>();
  private readonly manifests = new Map<string, Manifest[]>();
  private filesWithStatefulSets?: string[];

  /** Reading YAML takes long, so that a document is not read that is written again, byte for byte. */
  constructor(private readonly folder: string, private readonly written: ReadonlyMap<string, Manifest>) {}

  /** What is wrong with writing an object, as YAML, to a file. */
  public problemsOf(object: ApiObject, next: unknown, file: string, yaml: string): string[] {
    const checked = checks.get(object);
    if (!checked || this.documentsOf(file).has(yaml)) {
      return [];
    }
    const former = this.formerOf(next as StatefulSetManifest, file);
    if (former && !isWhole(former)) {
      throw unreadable(`StatefulSet ${former.metadata.name} in ${this.folder}`);
    }
    return former ? checked.check(former, next as StatefulSetManifest).map(text => `[${checked.scope.node.path}] ${text}`) : [];
  }

  /** The same StatefulSet, wherever it is written; or else one of its name, where one of the two leaves the namespace to kubectl. */
  private formerOf({ metadata: { name, namespace } }: StatefulSetManifest, file: string): StatefulSetManifest | undefined {
    const isNamesake = (manifest: Manifest): manifest is StatefulSetManifest => manifest.kind === 'StatefulSet' && manifest.metadata.name === name;
    const isSame = (manifest: Manifest): manifest is StatefulSetManifest => isNamesake(manifest) && manifest.metadata.namespace === namespace;
    const exact = this.manifestsOf(file).find(isSame) ?? this.elsewhere().find(isSame);
    if (exact) {
      return exact;
    }
    const present = [...this.written.values()].filter(isNamesake).map(({ metadata }) => metadata.namespace);
    return this.elsewhere().filter(isNamesake).find(manifest =>
      !(manifest.metadata.namespace && namespace) && !present.includes(manifest.metadata.namespace));
  }

  /** All objects. */
  public objects(): FormerObject[] {
    return this.files().flatMap(file => this.manifestsOf(file).map(manifest => ({ file, manifest })));
  }

  private files(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).filter(file => /\.(ya?ml|json)$/.test(file)).sort() : [];
  }

  /** Of all files with a StatefulSet: an app of another class, or with another file extension, writes it to another one. */
  private elsewhere(): Manifest[] {
    const isStatefulSet = (document: string) => /["']?kind["']?: *["']?StatefulSet\b/.test(document);
    this.filesWithStatefulSets ??= this.files().filter(file => [...this.documentsOf(file)].some(isStatefulSet));
    return this.filesWithStatefulSets.flatMap(file => this.manifestsOf(file));
  }

  private manifestsOf(file: string): Manifest[] {
    const documents = [...this.documentsOf(file)];
    const manifests = this.manifests.get(file) ?? [
      ...documents.flatMap(document => this.written.get(document) ?? []),
      ...parse(documents.filter(document => !this.written.has(document)), join(this.folder, file)),
    ];
    this.manifests.set(file, manifests);
    return manifests;
  }

  private documentsOf(file: string): Set<string> {
    const path = join(this.folder, file);
    const documents = this.documents.get(file) ?? new Set(existsSync(path) ? readFileSync(path, 'utf8').split(/^---\n/m) : []);
    this.documents.set(file, documents);
    return documents;
  }
}

/** cdk8s reads files alone, by a process of its own each, and none of ten megabytes, which the scripts of many clusters have. */
const MOST_CHARACTERS = 2_000_000;

/** What a merge leaves in a document, of which cdk8s then reads what it can, and says nothing. */
const CONFLICT = /^(<{7}|={7}|>{7})( |$)/m;

function parse(documents: readonly string[], origin: string): Manifest[] {
  if (documents.length === 0) {
    return [];
  }
  if (documents.some(document => CONFLICT.test(document))) {
    throw unreadable(origin);
  }
  const folder = mkdtempSync(join(tmpdir(), 'former-yaml-'));
  try {
    return parts(documents).flatMap(part => {
      writeFileSync(join(folder, 'part.yaml'), part.join('\n---\n'));
      return Yaml.load(join(folder, 'part.yaml'));
    }).flatMap(itemsOf).filter(isManifest);
  } catch (error) {
    throw unreadable(origin, error);
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

/** `kubectl get -o yaml` writes several objects as one. */
function itemsOf(document: any): unknown[] {
  return document?.kind?.endsWith?.('List') && Array.isArray(document.items) ? document.items : [document];
}

function unreadable(origin: string, cause?: unknown): Error {
  return new Error(`${origin} cannot be read, so that nobody knows what would be replaced: restore it or, if it is of no use, delete it`, { cause });
}

/** Patches of a StatefulSet may be without all this. */
function isWhole({ spec }: StatefulSetManifest): boolean {
  const containers = spec?.template?.spec?.containers;
  return Number.isInteger(spec?.replicas ?? 1) && Array.isArray(containers) && containers.every(container => typeof container?.image === 'string');
}
