/**
 * Writes lib/index.js, what the package is loaded by: all compiled files in one, each of which runs when something of it is first
 * used. Loading a hundred files took a sixth of a synth (`npx tsx bench/synth.ts`).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const folder = join(__dirname, '..', 'lib', 'src');
const load = createRequire(join(folder, 'index.js'));
const files = [...readFileSync(join(folder, 'index.js'), 'utf8').matchAll(/__exportStar\(require\("(.+?)"\)/g)].map(([, file]) => file);
const exported = files.flatMap(file => Object.keys(load(file)).map(name => ({ file, name })));

buildSync({
  stdin: {
    contents: `
      const files = { ${exported.map(({ file, name }) => `${name}: () => require('${file}')`).join(', ')} };
      for (const name of Object.keys(files)) {
        Object.defineProperty(exports, name, { enumerable: true, get: () => files[name]()[name] });
      }`,
    resolveDir: folder,
  },
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  outfile: join(folder, '..', 'index.js'),
  footer: { js: `0 && (module.exports = { ${exported.map(({ name }) => name).join(', ')} });` }, // where Node finds the names for ES modules
});
