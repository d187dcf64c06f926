import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'src');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
const importsOf = (file: string) => [...readFileSync(join(folder, file), 'utf8').matchAll(/^(?:import|export) [^;]* from '([^']+)';$/gm)];

test('of cdk8s-plus only the types are used, and only by the module that has them for all others', () => {
  const found = files.flatMap(file => importsOf(file).filter(([, from]) => from.startsWith('cdk8s-plus')).map(([line]) => `${file}: ${line}`));
  expect(found).toEqual(["kubernetes/objects.ts: import type { k8s } from 'cdk8s-plus-28';"]);
});
