import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const dist = join(__dirname, '..', '..', 'dist');
const files = readdirSync(dist);

test('what a reviewer opens is short: all but the scripts', () => {
  const reviewed = files.filter(file => file !== 'scripts.yaml');
  expect(reviewed).toEqual(['configmap.yaml', 'redis-cluster-init.yaml', 'service.yaml', 'statefulset.yaml']);
  const lines = reviewed.flatMap(file => readFileSync(join(dist, file), 'utf8').trimEnd().split('\n'));
  expect(lines.length).toBeLessThanOrEqual(350);
});

/** Places of empty objects and lists in a value. */
function empty(value: any, place: string): string[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const children = Object.entries(value);
  return children.length === 0 ? [place] : children.flatMap(([key, child]) => empty(child, `${place}.${key}`));
}

test.each(files)('%s has no empty field but the original YAML\'s folder', file => {
  const documents = parseAllDocuments(readFileSync(join(dist, file), 'utf8')).map(document => document.toJS());
  const places = documents.flatMap((document: any) => empty(document, document.kind));
  expect(places.filter(place => !place.endsWith('.emptyDir') && place !== 'Role.rules.0.apiGroups.0')).toEqual([]);
});
