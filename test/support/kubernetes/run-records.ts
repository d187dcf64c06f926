import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, Mode } from './selection';

/** What one test measured of one cluster. */
export interface RunRecord {
  readonly mode: Mode;
  readonly image: string;
  readonly title: string;
  /** When that was, and of which commit. @default - the present run */
  readonly run?: string;
}

const reports = join(__dirname, '..', '..', '..', 'test-reports');

/** The records that a page of `docs/` is made of, one a line: suites share no memory. */
export class RunRecords<T extends RunRecord> {
  private readonly file: string;

  /** Records of the same key are of the same thing, so that the latest counts. */
  constructor(private readonly page: string, private readonly keyOf: (record: T) => string) {
    this.file = join(reports, `${page}.jsonl`);
  }

  public forget(): void {
    mkdirSync(reports, { recursive: true });
    rmSync(this.file, { force: true });
  }

  public add(record: T): void {
    appendFileSync(this.file, `${JSON.stringify(record)}\n`);
  }

  public ofThisRun(): T[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as T) : [];
  }

  /** The records of former runs, but for what was tried again: the full run takes hours and may be run in parts. */
  public merged(former: T[], latest: T[]): T[] {
    const records = new Map([...former, ...latest].map(record => [this.keyOf(record), record]));
    const ranks = [...images.plain.map(image => `plain ${image}`), ...images.production.map(image => `production ${image}`)];
    const rank = ({ mode, image }: T) => ranks.indexOf(`${mode} ${image}`);
    return [...records.values()].sort((one, other) => rank(one) - rank(other));
  }

  /** Writes the page, if this run has records for it, with those of former runs, which are beside the page. */
  public publish(folder: string, run: string, render: (records: T[]) => string): void {
    const latest = this.ofThisRun().map(record => ({ ...record, run }));
    if (latest.length > 0) {
      const file = join(folder, `${this.page}.json`);
      const all = this.merged(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [], latest);
      writeFileSync(file, `[\n${all.map(record => JSON.stringify(record)).join(',\n')}\n]\n`);
      writeFileSync(join(folder, `${this.page}.md`), render(all));
    }
  }
}
