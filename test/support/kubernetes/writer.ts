import { Cluster as RedisClient } from 'ioredis';
import { valueOf } from './data-set';
import { within } from './deadline';

/** Two hash tags of each third of the slots: with three masters, two lanes per shard. */
const TAGS = ['0', '1', '3', '4', '5', '7'];
const PAUSE_MILLISECONDS = 5;
const LAST_ANSWERS_SECONDS = 15;

export interface WriterReport {
  readonly writes: number;
  readonly failedWrites: number;
  /** The longest time that one of the lanes went without an acknowledged write, but for what is excused. */
  readonly longestGapSeconds: number;
  /** Every key whose write was acknowledged. */
  readonly acknowledged: string[];
  /** The errors of the failed writes, each with how often it was seen. */
  readonly errors: Map<string, number>;
}

/** Writes a new key as soon as the last is acknowledged or failed, in several lanes, until it is told to stop. */
export class Writer {
  private readonly lanes: Lane[];

  /** Keys of writers with different names differ. */
  constructor(client: RedisClient, name: string) {
    this.lanes = TAGS.map(tag => new Lane(client, `{${tag}}:${name}`));
  }

  /** What clients cannot but wait for does not count as a gap. */
  public async excuse(unavailable: () => Promise<unknown>): Promise<void> {
    this.lanes.forEach(lane => lane.measure(false));
    await unavailable();
    this.lanes.forEach(lane => lane.measure(true));
  }

  /** Gives the last writes some time to be answered; those that nobody answers have failed. */
  public async stop(): Promise<WriterReport> {
    await Promise.all(this.lanes.map(lane => lane.stop()));
    const errors = new Map<string, number>();
    for (const message of this.lanes.flatMap(lane => lane.errors)) {
      errors.set(message, (errors.get(message) ?? 0) + 1);
    }
    const acknowledged = this.lanes.flatMap(lane => lane.acknowledged);
    const failedWrites = [...errors.values()].reduce((sum, count) => sum + count, 0);
    return {
      writes: acknowledged.length + failedWrites,
      failedWrites,
      longestGapSeconds: Math.max(...this.lanes.map(lane => lane.longestGap)) / 1000,
      acknowledged,
      errors,
    };
  }
}

class Lane {
  public readonly acknowledged: string[] = [];
  public readonly errors: string[] = [];
  public longestGap = 0;
  private readonly end: Promise<void>;
  private lastAcknowledged = performance.now();
  private stopping = false;
  private isMeasured = true;

  constructor(private readonly client: RedisClient, private readonly name: string) {
    this.end = this.write();
  }

  public measure(isMeasured: boolean): void {
    this.measureGap();
    this.isMeasured = isMeasured;
    this.lastAcknowledged = performance.now();
  }

  public async stop(): Promise<void> {
    this.stopping = true;
    try {
      await within(LAST_ANSWERS_SECONDS, 'an answer to the last write', this.end);
    } catch (error) {
      this.errors.push((error as Error).message);
    }
    this.measureGap();
  }

  private async write(): Promise<void> {
    for (let number = 0; !this.stopping; number++) {
      const key = `${this.name}:${number}`;
      try {
        await this.client.set(key, valueOf(key));
        this.acknowledged.push(key);
        this.measureGap();
        this.lastAcknowledged = performance.now();
      } catch (error) {
        this.errors.push((error as Error).message);
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  }

  private measureGap(): void {
    if (this.isMeasured) {
      this.longestGap = Math.max(this.longestGap, performance.now() - this.lastAcknowledged);
    }
  }
}
