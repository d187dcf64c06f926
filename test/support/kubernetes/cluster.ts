import { RedisOptions } from 'ioredis';
import { isMaster, myself, NodeView, parseFields, parseTable, Shape, shortcomings, size } from './cluster-state';
import { Kubectl } from './kubectl';
import { eventually } from '../eventually';

export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string; readonly labels: Record<string, string> };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: { readonly state: { readonly running?: { readonly startedAt: string } } }[];
  };
}

/** Every node answers three questions, through one pod: six calls of kubectl would disturb what is measured. */
const QUESTIONS = `
[ -z "\${REDIS_PASSWORD_FILE:-}" ] || export REDISCLI_AUTH="$(cat "$REDIS_PASSWORD_FILE")"
cli=$(command -v redis-cli || command -v valkey-cli)
for node; do
  printf '\\n=node %s\\n' "$node"
  printf 'cluster nodes\\nping "=cluster"\\ncluster info\\nping "=replication"\\ninfo replication\\n' |
    timeout 2 "$cli" -h "\${node#*/}" \${REDISCLI_OPTIONS:-} 2>&1
done
true`;

/** A Redis Cluster on Kubernetes, however it was made. */
export class Cluster {
  constructor(
    public readonly kubectl: Kubectl,
    public readonly name = 'redis-cluster',
    public shape: Shape = { masters: 3, replicasPerMaster: 1 },
    /** What a client needs in order to be let in. */
    public readonly client: RedisOptions = {},
  ) {}

  /** Waits until it is whole in another shape. */
  public becomes(shape: Shape, seconds: number): Promise<NodeView[]> {
    this.shape = shape;
    return this.becomesWhole(seconds);
  }

  /** In the order of their numbers. */
  public async pods(): Promise<Pod[]> {
    const { items } = await this.kubectl.json<{ items: Pod[] }>(['get', 'pods', '--selector', `app=${this.name}`]);
    return items.sort((one, other) => podNumber(one) - podNumber(other));
  }

  public async runningPods(): Promise<Pod[]> {
    return (await this.pods()).filter(isRunning);
  }

  /** The views of all nodes that run and answer. */
  public async views(): Promise<NodeView[]> {
    const pods = await this.runningPods();
    const [reader] = pods.filter(isReady).concat(pods);
    if (!reader) {
      throw new Error('no pod runs');
    }
    const nodes = pods.map(pod => `${pod.metadata.name}/${pod.status.podIP}`);
    const output = await this.kubectl.shell(reader.metadata.name, QUESTIONS, nodes, 20);
    return output.split('\n=node ').slice(1).flatMap(parseView);
  }

  /** Waits until every node has the right table of all, and every replica is in sync; the views then. */
  public async becomesWhole(seconds: number): Promise<NodeView[]> {
    let views: NodeView[] = [];
    await eventually(`${this.name} is whole`, async () => {
      const pods = await this.pods();
      views = await this.views();
      const missing = shortcomings(views, this.shape);
      if (pods.length !== size(this.shape) || missing.length > 0) {
        throw new Error(missing.join('; ') || `${pods.length} pods`);
      }
      return true;
    }, seconds, 300);
    return views;
  }

  /** Kubernetes nodes of every shard's pods, the master's first. */
  public async placement(): Promise<string[][]> {
    const [views, pods] = [await this.views(), await this.pods()];
    const nodeOf = (view: NodeView) => pods.find(pod => pod.metadata.name === view.pod)!.spec.nodeName!;
    return views.filter(isMaster).map(master => [
      nodeOf(master),
      ...views.filter(view => myself(view).master === myself(master).id).map(nodeOf),
    ]);
  }
}

export function isReady(pod: Pod): boolean {
  return (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function isRunning(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && pod.status.phase === 'Running' && pod.status.podIP !== undefined;
}

function podNumber(pod: Pod): number {
  return Number(pod.metadata.name.split('-').pop());
}

function parseView(text: string): NodeView[] {
  const [head, replication] = text.split('\n=replication\n');
  const [table, clusterInfo] = head.split('\n=cluster\n');
  const [node, ...nodes] = table.split('\n');
  if (replication === undefined || clusterInfo === undefined) {
    return []; // it did not answer
  }
  const [pod, address] = node.split('/');
  return [{
    pod,
    address,
    table: parseTable(nodes.join('\n')),
    clusterInfo: parseFields(clusterInfo),
    replication: parseFields(replication),
  }];
}
