import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ApiObject, App, AppProps, DependencyGraph } from 'cdk8s';
import { IConstruct } from 'constructs';
import { FormerYaml } from './former-yaml';
import { yamlOf } from './yaml';
import { problem } from '../checks/problem';
import { ClusterInitJob } from '../init-job/cluster-init-job';
import { Manifest } from '../kubernetes/manifest';
import { ownFileOf } from '../kubernetes/own-file';
import { Topology, topologyOf } from '../topology/topology';

/** An object as it is written. */
interface Rendered {
  readonly object: ApiObject;
  readonly manifest: Manifest;
  readonly file: string;
  readonly document: string;
}

/** The files of the kinds that have one in common with another kind; any other kind has a file of its own name. */
const FILES: Record<string, string> = { PodDisruptionBudget: 'statefulset', ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicy' };
const INIT_JOB_FILE = 'redis-cluster-init';

/** Properties of `RedisClusterApp`. */
export interface RedisClusterAppProps extends AppProps {
  /**
   * Folder with the YAML that is applied now. A StatefulSet that cannot replace the one there is refused, such as one with an
   * older version of Redis. Name it where the output folder is emptied before the app runs, as `cdk8s synth` does. It must be there: make
   * an empty one if nothing is applied yet.
   *
   * @default - the output folder
   */
  readonly formerYaml?: string;

  /**
   * Whether to write `topology.md` beside the YAML, which describes each cluster. It has a diagram of shards, pods, Services and Job as
   * planned at creation, the slots, what may fail at once, how long things take, who reaches what, and the sum of requests, limits and
   * claims. What applying the YAML will do is printed to standard error whenever it differs from what it replaces; with a `formerYaml`
   * of its own, it is in the file instead.
   *
   * @default false
   */
  readonly topology?: boolean;
}

/**
 * An app that writes the files of the original YAML: `configmap.yaml`, `service.yaml`, `statefulset.yaml` and, with its rights, the Job
 * in `redis-cluster-init.yaml`; the scripts that all of them run are apart from these, in `scripts.yaml`. Objects of other
 * kinds go to a file named after their kind.
 *
 * The folder changes only when everything could be rendered. Synth takes a single pass over the objects, so its cost grows
 * linearly with the charts.
 */
export class RedisClusterApp extends App {
  private readonly formerYaml: string;
  private readonly topology: boolean;

  constructor(props: RedisClusterAppProps = {}) {
    super({ outputFileExtension: '.yaml', ...props });
    this.formerYaml = props.formerYaml ?? this.outdir;
    this.topology = props.topology ?? false;
  }

  /**
   * Writes the files. Throws, and writes nothing, when a construct of the app is not valid, a StatefulSet cannot follow on that of the
   * former YAML, or the former YAML cannot be read.
   */
  public override synth(): void {
    if (this.hasFormerFolder() && !statSync(this.formerYaml, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(problem('formerYaml', 'be a folder', this.formerYaml, 'nobody would know what is replaced: make an empty one if nothing is applied yet'));
    }
    const rendered = this.render();
    const former = new FormerYaml(this.formerYaml, new Map(rendered.map(({ document, manifest }) => [document, manifest])));
    const problems = rendered.flatMap(({ object, manifest, file, document }) => former.problemsOf(object, manifest, file, document));
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
    const yaml = filesOf(rendered);
    const { page, changes } = this.topology ? this.describe(rendered, former, file => yaml.has(file)) : {};
    this.write(page === undefined ? yaml : yaml.set('topology.md', page));
    if (changes !== undefined) {
      console.warn(changes);
    }
  }

  private render(): Rendered[] {
    return this.objects().map(object => {
      const manifest = object.toJson();
      return { object, manifest, file: `${fileOf(object)}${this.outputFileExtension}`, document: yamlOf(manifest) };
    });
  }

  /** The page of the clusters, and what is printed: what the page cannot have, as the next synth would not say it again. */
  private describe(rendered: readonly Rendered[], former: FormerYaml, isWritten: (file: string) => boolean): Topology {
    const manifests = new Map(rendered.map(({ object, manifest }) => [object, manifest]));
    const stays = (file: string) => !isWritten(file) && existsSync(join(this.outdir, file));
    const objects = former.objects().map(({ file, manifest }) => ({ file, manifest, stays: stays(file) }));
    return topologyOf(this, manifests, objects, this.hasFormerFolder());
  }

  /** Whether the former YAML is in a folder of its own, which no synth writes over. */
  private hasFormerFolder(): boolean {
    return resolve(this.formerYaml) !== resolve(this.outdir);
  }

  /** All objects in the order in which they are to be applied. */
  private objects(): ApiObject[] {
    const constructs = this.node.findAll();
    const problems = constructs.flatMap(({ node }) => node.validate().map(text => `[${node.path}] ${text}`));
    if (problems.length > 0) {
      throw new Error(`Validation failed with the following errors:\n  ${problems.join('\n  ')}`);
    }
    const anyDependency = constructs.some(({ node }) => node.dependencies.length > 0);
    return (anyDependency ? new DependencyGraph(this.node).topology() : constructs).filter(ApiObject.isApiObject);
  }

  private write(files: Map<string, string>): void {
    mkdirSync(this.outdir, { recursive: true });
    for (const [file, content] of files) {
      const path = join(this.outdir, file);
      writeFileSync(`${path}.part`, content);
      renameSync(`${path}.part`, path);
    }
  }
}

/** The documents of each file, in their order. */
function filesOf(rendered: readonly Rendered[]): Map<string, string> {
  const documents = new Map(rendered.map(({ file }): [string, string[]] => [file, []]));
  rendered.forEach(({ file, document }) => documents.get(file)!.push(document));
  return new Map([...documents].map(([file, each]) => [file, each.join('---\n')]));
}

function fileOf(object: ApiObject): string {
  const isInitJob = object.node.scopes.some((scope: IConstruct) => scope instanceof ClusterInitJob);
  return ownFileOf(object) ?? (isInitJob ? INIT_JOB_FILE : FILES[object.kind] ?? object.kind.toLowerCase());
}
