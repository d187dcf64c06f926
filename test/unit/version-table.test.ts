import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDocumentedLines } from '../../projenrc/documented-lines';
import { printTable, readTable } from '../../projenrc/version-facts';
import { RedisVersion } from '../../src';
import { reservedReason } from '../../src/config/extra-directives';
import { DIRECTIVES, LINES } from '../../src/versions/version-table';

const file = join(__dirname, '..', '..', 'src', 'versions', 'version-table.ts');

test('the table is as its script writes it, with the lines that are only documented', () => {
  expect(readFileSync(file, 'utf8')).toBe(printTable(withDocumentedLines(readTable())));
});

test('every line has a constant', () => {
  const constants = LINES.map(line => line.replace('Redis ', 'V').replace('Valkey ', 'VALKEY_').replace('.', '_'));
  expect(constants.map(name => (RedisVersion as unknown as Record<string, RedisVersion>)[name]?.name)).toEqual(LINES);
});

test('no directive is in it that users may not give', () => {
  const names = DIRECTIVES.flatMap(group => group.names.split(' '));
  expect(names.filter(name => reservedReason(name) !== undefined)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
