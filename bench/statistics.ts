/** Minimum, median and maximum of what was measured under one name. */
export class Samples {
  constructor(public readonly name: string, private readonly values: number[] = []) {}

  public add(value: number): void {
    this.values.push(value);
  }

  public get median(): number {
    const { sorted } = this;
    const middle = sorted.length / 2;
    return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  }

  /** A row of a Markdown table. */
  public row(unit: string, digits: number): string {
    const { sorted, median } = this;
    const cells = [sorted[0], median, sorted[sorted.length - 1]].map(value => `${value.toFixed(digits)} ${unit}`.trimEnd());
    return `| ${[this.name, ...cells, sorted.length].join(' | ')} |`;
  }

  private get sorted(): number[] {
    return [...this.values].sort((one, other) => one - other);
  }
}

export function printTable(samples: Samples[], unit: string, digits: number): void {
  print('| | min | median | max | runs |', '| --- | --- | --- | --- | --- |', ...samples.map(each => each.row(unit, digits)), '');
}

/** The ratio of two medians, with the bound that it must keep. */
export function printRatio(one: Samples, other: Samples, bound?: string): void {
  print(`${one.name} / ${other.name}: ${(one.median / other.median).toFixed(2)}${bound ? ` (${bound})` : ''}`);
}

export function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

export async function timed(run: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
