import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { RedisOptions } from 'ioredis';
import { Cluster } from './cluster';
import { Kubectl } from './kubectl';
import { images } from './selection';
import { synthesize } from './synthesize';
import { RedisCluster, RedisClusterChartProps } from '../../../src';
import { eventually } from '../eventually';

const JOB = 'redis-cluster-init';

interface Job {
  readonly status: { readonly conditions?: { readonly type: string; readonly status: string }[] };
}

/** A cluster that is put through the faults, and what its owner does with it. */
export interface Subject {
  readonly cluster: Cluster;
  /** What its servers are made from at first. */
  readonly image: string;
  apply(): Promise<void>;
  /** Applies the YAML and waits until the init Job is complete and the cluster whole. */
  deploy(): Promise<void>;
  /** Gives redis.conf another setting, and rolls the pods if that does not come by itself. */
  changeConfig(): Promise<void>;
  changeImage(image: string): Promise<void>;
  /** Deletes the init Job, applies it again, and waits until it is complete. */
  rerunInitJob(): Promise<void>;
}

/** The library's cluster, as it comes. */
export class LibraryCluster implements Subject {
  public readonly cluster: Cluster;
  public readonly image: string;
  protected readonly props: { -readonly [Prop in keyof RedisClusterChartProps]: RedisClusterChartProps[Prop] };

  constructor(
    protected readonly kubectl: Kubectl, props: RedisClusterChartProps = {}, client?: RedisOptions,
    /** Adds what belongs to the cluster, such as its backups. */
    protected readonly extend: (cluster: RedisCluster) => void = () => undefined,
  ) {
    this.cluster = new Cluster(kubectl, undefined, undefined, client);
    this.image = props.image ?? images.redis;
    // An image that is applied while the Job of the old one is still there would be refused.
    this.props = { ...props, initJob: { ttlAfterFinished: Duration.seconds(20), ...props.initJob } };
  }

  public async deploy(): Promise<void> {
    await this.apply();
    await jobCompletes(this.kubectl);
    await this.cluster.becomesWhole(30);
  }

  public async changeConfig(): Promise<void> {
    this.props.config = { ...this.props.config, maxmemory: Size.mebibytes(256) };
    await this.apply();
  }

  public async changeImage(image: string): Promise<void> {
    await eventually('the finished Job is gone', async () => {
      const { code } = await this.kubectl.attempt(['get', 'job', JOB]);
      return code !== 0;
    }, 60, 1000);
    this.props.image = image;
    await this.apply();
  }

  /** Applies a changed shape as the documentation says; slots may be moving when it returns. */
  public async changeShape(
    { masters, replicasPerMaster, scaleInFrom }: Pick<RedisClusterChartProps, 'masters' | 'replicasPerMaster' | 'scaleInFrom'>, keysPerSecond?: number,
  ): Promise<void> {
    const initJob = { ...this.props.initJob, resharding: { keysPerSecond } };
    Object.assign(this.props, { masters, replicasPerMaster, scaleInFrom, initJob });
    await this.renewCertificate();
    await this.kubectl.run(['delete', 'job', JOB, '--ignore-not-found']);
    await this.apply();
  }

  public async rerunInitJob(): Promise<void> {
    await this.startInitJob();
    await jobCompletes(this.kubectl);
  }

  public async startInitJob(): Promise<void> {
    await this.kubectl.run(['delete', 'job', JOB, '--ignore-not-found']);
    await this.kubectl.run(['apply', '--filename', join(synthesize(this.props), `${JOB}.yaml`)]);
  }

  /** There is one only where there is TLS. */
  public async renewCertificate(): Promise<void> {}

  public async apply(): Promise<void> {
    await this.kubectl.run(['apply', '--filename', synthesize(this.props, this.extend)]);
  }
}

/** The original YAML's cluster, mended only where the API refuses it. */
export class OriginalCluster implements Subject {
  public readonly cluster: Cluster;
  private readonly directory = mkdtempSync(join(tmpdir(), 'redis-cluster-original-'));

  constructor(private readonly kubectl: Kubectl, public readonly image = images.redis) {
    this.cluster = new Cluster(kubectl);
    cpSync(join(__dirname, '..', '..', '..', 'test', 'e2e', 'original'), this.directory, { recursive: true });
    for (const file of readdirSync(this.directory)) {
      this.edit(file, yaml => yaml.replaceAll('redis:6.2', image).replaceAll('alpine/kubectl:1.34.1', images.kubectl));
    }
  }

  public async apply(): Promise<void> {
    await this.kubectl.run(['apply', '--filename', this.directory]);
  }

  public async deploy(): Promise<void> {
    await this.apply();
    await jobCompletes(this.kubectl);
    await this.cluster.becomesWhole(30);
  }

  public async changeConfig(): Promise<void> {
    this.edit('configmap.yaml', yaml => `${yaml}    maxmemory 268435456\n`);
    await this.apply();
    await this.kubectl.run(['rollout', 'restart', `statefulset/${this.cluster.name}`]);
  }

  public async changeImage(image: string): Promise<void> {
    this.edit('statefulset.yaml', yaml => yaml.replaceAll(this.image, image));
    await this.kubectl.run(['apply', '--filename', join(this.directory, 'statefulset.yaml')]);
  }

  public async rerunInitJob(): Promise<void> {
    await this.kubectl.run(['delete', 'job', JOB, '--ignore-not-found']);
    await this.kubectl.run(['apply', '--filename', join(this.directory, `${JOB}.yaml`)]);
    await jobCompletes(this.kubectl);
  }

  private edit(file: string, change: (yaml: string) => string): void {
    const path = join(this.directory, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }
}

/** Waits for the init Job's success; its failure is told at once. */
export async function jobCompletes(kubectl: Kubectl, seconds = 120): Promise<void> {
  let conditions: string[] = [];
  await eventually(`job/${JOB} is complete`, async () => {
    const { status } = await kubectl.json<Job>(['get', 'job', JOB]);
    conditions = (status.conditions ?? []).filter(condition => condition.status === 'True').map(condition => condition.type);
    return conditions.includes('Complete') || conditions.includes('Failed');
  }, seconds, 300);
  if (conditions.includes('Failed')) {
    throw new Error(`job/${JOB} failed`);
  }
}
