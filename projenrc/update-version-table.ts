import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askServer } from './ask-server';
import { withDocumentedLines } from './documented-lines';
import { Facts, printTable, readTable } from './version-facts';
import { reservedReason } from '../src/config/extra-directives';

/**
 * Writes src/versions/version-table.ts anew. Each argument is the command of a server, whose line the table then has as the
 * server tells it (CONFIG GET *, COMMAND, ACL CAT); the other lines stay as they are, and those of which no server is at hand
 * are as documented-lines.ts says:
 *
 *     npx projen version-table /usr/bin/redis-server /opt/valkey-9.1/bin/valkey-server
 *
 * The present table was made of redis-server 6.2.14, 7.0.15, 7.2.4, 7.4.1, 8.0.2, 8.2.3 and 8.6.3, and of valkey-server 8.0.1,
 * 8.1.1, 9.0.0 and 9.1.2.
 */
async function main(servers: string[]): Promise<void> {
  const facts = readTable();
  for (const server of servers) {
    const { name, facts: told } = await askServer(server.split(' '));
    facts.set(name, ofUsers(told));
    process.stdout.write(`${name}: ${told.directives.length} directives, ${told.commands.length} commands\n`);
  }
  writeFileSync(join(__dirname, '..', 'src', 'versions', 'version-table.ts'), printTable(withDocumentedLines(facts)));
}

/** Directives that exist only to test the server itself. */
const INTERNAL = ['aof-disable-auto-gc', 'key-load-delay', 'rdb-key-save-delay', 'use-exit-on-panic', 'watchdog-period'];

/** What users may name. CONFIG GET does not tell of `loadmodule`. */
function ofUsers({ directives, ...others }: Facts): Facts {
  return {
    directives: [...directives.filter(name => !reservedReason(name) && !INTERNAL.includes(name)), 'loadmodule'],
    ...others,
  };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
