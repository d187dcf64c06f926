import { Cluster } from 'ioredis';
import { RedisNode } from './redis-node';
import { redisClient } from '../redis-client';

/** A client that keeps writing, with the settings that ioredis has by default. */
export class Writer {
  public written = 0;
  public readonly failures: string[] = [];
  /** The longest that a write took, in milliseconds. */
  public longest = 0;
  private readonly client: Cluster;
  private readonly acknowledged: string[] = [];
  private stopped = false;
  private workers: Promise<void>[] = [];

  constructor(nodes: RedisNode[], password?: string) {
    this.client = redisClient(nodes.map(node => ({ host: node.address, port: node.port })), password ? { redisOptions: { password } } : {});
  }

  /** Four writes at a time, to all shards. */
  public start(): void {
    this.workers = [0, 1, 2, 3].map(worker => this.work(worker));
  }

  /** Ends the writing, and gives the number of acknowledged writes that are lost. */
  public async stop(): Promise<number> {
    this.stopped = true;
    await Promise.all(this.workers);
    const values = await Promise.all(this.acknowledged.map(key => this.client.get(key)));
    this.client.disconnect();
    return values.filter((value, index) => value !== this.acknowledged[index]).length;
  }

  /** Ends it without a result: a client that is left alone tries to connect for good, and Jest waits for it. */
  public abandon(): void {
    this.stopped = true;
    this.client.disconnect();
  }

  private async work(worker: number): Promise<void> {
    for (let count = 0; !this.stopped; count++) {
      const key = `written-${worker}-${count}`;
      const start = Date.now();
      try {
        await this.client.set(key, key);
        this.written++;
        this.acknowledged.push(key);
      } catch (error) {
        this.failures.push(String(error));
      }
      this.longest = Math.max(this.longest, Date.now() - start);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }
}
