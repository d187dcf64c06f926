import { Cluster as RedisClient } from 'ioredis';
import { valueOf } from './data-set';

/** Two hash tags of each third of the slots: with three masters, two writers per shard. */
const TAGS = ['0', '1', '3', '4', '5', '7'];
const PAUSE_MILLISECONDS = 5;
const LAST_ANSWERS_MILLISECONDS = 15_000;

export interface WriterReport {
  readonly writes: number;
  readonly failedWrites: number;
  /** The longest time that one of the writers went without an acknowledged write. */
  readonly longestGapSeconds: number;
  /** Every key whose write was acknowledged. */
  readonly acknowledged: string[];
  /** The errors of the failed writes, each with how often it was seen. */
  readonly errors: Map<string, number>;
}

/** Writes a new key as soon as the last is acknowledged or failed, in several lanes, until it is told to stop. */
export class Writer {
  private readonly acknowledged: string[] = [];
  private readonly errors = new Map<string, number>();
  private readonly lanes: Promise<void>[];
  private longestGap = 0;
  private unanswered = 0;
  private stopping = false;

  /** Keys of writers with different names differ. */
  constructor(private readonly client: RedisClient, private readonly name: string) {
    this.lanes = TAGS.map(tag => this.write(tag));
  }

  public async stop(): Promise<WriterReport> {
    this.stopping = true;
    const lastAnswers = Promise.all(this.lanes);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([lastAnswers, new Promise(resolve => { timer = setTimeout(resolve, LAST_ANSWERS_MILLISECONDS); })]);
    clearTimeout(timer);
    if (this.unanswered > 0) {
      this.client.disconnect(); // fails the writes that nobody answered
      await lastAnswers;
    }
    const failedWrites = [...this.errors.values()].reduce((sum, count) => sum + count, 0);
    return {
      writes: this.acknowledged.length + failedWrites,
      failedWrites,
      longestGapSeconds: this.longestGap / 1000,
      acknowledged: this.acknowledged,
      errors: this.errors,
    };
  }

  private async write(tag: string): Promise<void> {
    let last = performance.now();
    for (let number = 0; !this.stopping; number++) {
      const key = `{${tag}}:${this.name}:${number}`;
      this.unanswered++;
      try {
        await this.client.set(key, valueOf(key));
        this.acknowledged.push(key);
        this.longestGap = Math.max(this.longestGap, performance.now() - last);
        last = performance.now();
      } catch (error) {
        const { message } = error as Error;
        this.errors.set(message, (this.errors.get(message) ?? 0) + 1);
      }
      this.unanswered--;
      await new Promise(resolve => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
    this.longestGap = Math.max(this.longestGap, performance.now() - last);
  }
}
