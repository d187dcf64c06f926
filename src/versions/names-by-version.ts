import { RedisVersion } from './redis-version';
import { NamesOfLines } from './version-table';

/** The first line of a family that has a name, and the last one if a later line has dropped it. */
interface Lines {
  readonly first: string;
  readonly last?: string;
}

type Family = 'redis' | 'valkey';

/** Which versions have a name: one of the tables of version-table.ts. */
export class NamesByVersion {
  private found?: Map<string, NamesOfLines>;

  constructor(private readonly table: readonly NamesOfLines[]) {}

  public has(version: RedisVersion, name: string): boolean {
    const lines = this.linesOf(version.isValkey ? 'valkey' : 'redis', name);
    return lines !== undefined && version.atLeast(...numbers(lines.first)) && (lines.last === undefined || !isAbove(version, lines.last));
  }

  /** Whether a name may be new in a version that is newer than all known ones: no line of its family has had it. */
  public mayBeNew(version: RedisVersion, name: string): boolean {
    return !version.isKnown && this.linesOf(version.isValkey ? 'valkey' : 'redis', name) === undefined;
  }

  /** All names of a version. */
  public namesOf(version: RedisVersion): string[] {
    return [...this.groups().keys()].filter(name => this.has(version, name));
  }

  /** The versions that have a name, in words such as `Redis 7.0 and later, Valkey 7.2 to 8.0`; empty if none has it. */
  public versionsWith(name: string): string {
    const family = (label: string, key: Family) => {
      const lines = this.linesOf(key, name);
      if (!lines) {
        return [];
      }
      const { first, last } = lines;
      return [last === undefined ? `${label} ${first} and later` : first === last ? `${label} ${first} only` : `${label} ${first} to ${last}`];
    };
    return [...family('Redis', 'redis'), ...family('Valkey', 'valkey')].join(', ');
  }

  private linesOf(family: Family, name: string): Lines | undefined {
    const [first, last] = this.groups().get(name)?.[family]?.split(' to ') ?? [];
    return first === undefined ? undefined : { first, last };
  }

  private groups(): Map<string, NamesOfLines> {
    this.found ??= new Map(this.table.flatMap(group => group.names.split(' ').map(name => [name, group] as const)));
    return this.found;
  }
}

function numbers(line: string): [major: number, minor: number] {
  const [major, minor] = line.split('.').map(Number);
  return [major, minor];
}

function isAbove(version: RedisVersion, line: string): boolean {
  const [major, minor] = numbers(line);
  return version.atLeast(major, minor + 1);
}
