import type { Facts, FactsOfLines } from './version-facts';

/** A line of which no server is at hand: what its documentation adds to the line before. */
interface DocumentedLine {
  readonly like: string;
  readonly source: string;
  readonly directives?: string;
  readonly commands?: string;
  readonly categories?: string;
}

const RELEASE_NOTES = 'https://redis.io/docs/latest/operate/oss_and_stack/stack-with-enterprise/release-notes/redisce/redisos-';

const DOCUMENTED: Record<string, DocumentedLine> = {
  'Redis 8.4': {
    like: 'Redis 8.2',
    // Of what 8.6.3 has beyond 8.2.3, all that redis.io does not call new in 8.6.
    source: `${RELEASE_NOTES}8.4-release-notes/, https://redis.io/docs/latest/develop/whats-new/8-4/, https://github.com/redis/docs/pull/2770`,
    directives: 'aof-load-corrupt-tail-max-size cluster-slot-migration-handoff-max-lag-bytes cluster-slot-migration-write-pause-timeout lookahead',
    commands: 'cluster|migration cluster|syncslots delex digest msetex trimslots vrange',
  },
  'Redis 8.8': {
    like: 'Redis 8.6',
    source: `${RELEASE_NOTES}8.8-release-notes/, https://redis.io/docs/latest/commands/redis-8-8-commands/`,
    directives: 'array-slice-size array-sparse-kmax array-sparse-kmin slowlog-entry-max-argc slowlog-entry-max-string-len',
    commands: 'arcount ardel ardelrange arget argetrange argrep arinfo arinsert arlastitems arlen armget armset arnext arop arring arscan arseek '
      + 'arset increx xnack',
    categories: 'array',
  },
  'Redis 8.10': {
    like: 'Redis 8.8',
    source: `${RELEASE_NOTES}8.10-release-notes/, https://redis.io/docs/latest/commands/ (backup, himport and their subcommands)`,
    directives: 'backup-sealed-ttl backupdirname hash-max-template-entries hash-min-template-entries hash-rdb-load-max-template-entries '
      + 'hash-rdb-load-min-template-entries hash-rdb-load-template-disassembly-threshold',
    commands: 'backup backup|abort backup|cleanup backup|help backup|list backup|seal backup|start backup|status blmovem '
      + 'himport himport|discard himport|discardall himport|prepare himport|set lmovem sdiffcard sunioncard',
  },
  'Valkey 7.2': { like: 'Redis 7.2', source: 'https://github.com/valkey-io/valkey/releases/tag/7.2.5: the code of Redis 7.2.4 under another name' },
};

/** The facts with those of the documented lines in their places. */
export function withDocumentedLines(facts: FactsOfLines): FactsOfLines {
  const all: FactsOfLines = new Map(facts);
  for (const [line, documented] of Object.entries(DOCUMENTED)) {
    const before = all.get(documented.like)!;
    const names = (kind: keyof Facts) => [...new Set([...before[kind], ...documented[kind]?.split(' ') ?? []])];
    all.set(line, { directives: names('directives'), commands: names('commands'), categories: names('categories') });
  }
  return all;
}
