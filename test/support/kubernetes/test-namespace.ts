import { randomBytes } from 'node:crypto';
import { Kubectl } from './kubectl';

/** A namespace of a suite's own. */
export class TestNamespace {
  public static async create(suite: string, labels: Record<string, string> = {}): Promise<TestNamespace> {
    const namespace = new TestNamespace(`e2e-${suite}-${randomBytes(3).toString('hex')}`);
    await namespace.kubectl.run(['create', 'namespace', namespace.name]);
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    if (pairs.length > 0) {
      await namespace.kubectl.run(['label', 'namespace', namespace.name, ...pairs]);
    }
    return namespace;
  }

  public readonly kubectl: Kubectl;

  private constructor(public readonly name: string) {
    this.kubectl = new Kubectl(name);
  }

  /** Pods are killed first: their orderly handover is of no use to a cluster that is going as a whole. */
  public async remove(): Promise<void> {
    await this.kubectl.attempt(['delete', 'statefulsets,jobs', '--all', '--cascade=orphan']);
    await this.kubectl.attempt(['delete', 'pods', '--all', '--grace-period=1', '--wait=false']);
    await this.kubectl.run(['delete', 'namespace', this.name, '--timeout=180s'], 200);
  }

  /** A test's body whose failure tells what went on in the namespace. */
  public explained<Type>(body: () => Promise<Type>): () => Promise<Type> {
    return async () => {
      try {
        return await body();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${message}\n\n${await this.description()}`, { cause: error });
      }
    };
  }

  private async description(): Promise<string> {
    const sections = await Promise.all([
      this.section(['get', 'statefulsets,jobs,pods', '--output', 'wide']),
      this.section(['get', 'events', '--field-selector', 'type=Warning'], 30),
      this.section(['logs', '--selector', 'batch.kubernetes.io/job-name', '--all-containers', '--prefix', '--tail=40'], 80),
      this.section(['logs', '--selector', 'apps.kubernetes.io/pod-index', '--all-containers', '--prefix', '--tail=8'], 100),
    ]);
    return sections.join('\n\n');
  }

  private async section(args: string[], lastLines = 60): Promise<string> {
    const { output } = await this.kubectl.attempt(args, 20);
    return `--- kubectl ${args.join(' ')}\n${output.trimEnd().split('\n').slice(-lastLines).join('\n')}`;
  }
}
