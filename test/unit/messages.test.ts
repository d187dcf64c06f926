import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'messages.md'), 'utf8');

/** Lines that end with a backslash go on in the next one; comments say nothing to users. */
const scripts = readdirSync(join(root, 'assets')).map(file => ({
  file, code: readFileSync(join(root, 'assets', file), 'utf8').replace(/^\s*#.*$/gm, '').replace(/\\\n\s*/g, ''),
}));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  .map(file => readFileSync(join(root, 'src', file), 'utf8').replace(/\\'/g, "'"));

/** What may print a message, or make a part of one. */
const SAYS = /(^|[\s;{(])(say|say_once|stop|lack|check|fail|fail_over) ?["'(]|(remedy|reason|said|problem|how) ?=|^\s*(: |\? |\*\) )|echo ["']/;

/** Two words at least, with the variables cut out of them. */
function phrases(code: string): string[] {
  const lines = code.split('\n').filter(line => SAYS.test(line) && !/^\s*(function|printf|awk|sed)\b|user default off/.test(line));
  const texts = lines.flatMap(line => [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single));
  return texts.flatMap(text => text.split(/\$\{[^}]*\}|\$\(\(.*?\)\)|\$\([^)]*\)?|\$\w+/)).map(text => text.replace(/^:/, '').trim()).filter(text => /[a-z]{2,}[,:]? [a-z]{2,}/.test(text));
}

test.each(scripts.map(({ file, code }) => [file, phrases(code)] as const).filter(([, texts]) => texts.length > 0))(
  'every message of %s is explained', (_, texts) => {
    expect(texts.filter(text => !page.includes(text))).toEqual([]);
  });

test('every script that talks is looked at', () => {
  expect(scripts.filter(({ code }) => phrases(code).length > 0).map(({ file }) => file)).toEqual(expect.arrayContaining([
    'backup-bucket.sh', 'backup-load.sh', 'backup.awk', 'backup.sh', 'cluster-init.sh', 'cluster-plan.awk', 'cluster-roles.awk', 'handover.sh', 'heal.awk', 'heal.sh', 'readiness.awk', 'start.sh', 'watch-pods.sh',
  ]));
});

/** The messages in the first column of the table below a heading, cut at what varies. */
function explained(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1].split('\n## ')[0];
  return section.split('\n').filter(line => line.startsWith('| `')).map(line => line.split(' | ')[0])
    .flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text))
    .flatMap(text => text.split(/[;:]?\s*…\s*[;:]?\s*/)).filter(text => /\w{2}/.test(text));
}

test.each(['Init Job', 'Start of a pod', 'Readiness', 'Heal container', 'Handover', 'Backup', 'Restore and drill'])('every message under "%s" is one of the scripts', heading => {
  const code = scripts.map(script => script.code).join('\n').replace(/" (\\)?\s*"/g, ' ');
  expect(explained(heading).filter(text => !code.includes(text) && !isSpoken(text, code))).toEqual([]);
});

/** Prefixes that a script adds to another one's words: `failed: `, `takes no writes `, `handover: `. */
function isSpoken(text: string, code: string): boolean {
  const [, prefix, rest] = /^(failed: |takes no writes |handover: )(.*)$/.exec(text) ?? [];
  return prefix !== undefined && code.includes(prefix.trim()) && code.includes(rest);
}

test('every error at synth that is explained is one of the library', () => {
  const requirements = explained('Errors at synth').map(text => text.replace(/^('[\w.]+' )?must /, '').trim());
  expect(requirements.length).toBeGreaterThan(5);
  expect(requirements.filter(text => !sources.some(source => source.includes(text) || source.includes(text.replace(/ '$/, ''))))).toEqual([]);
});
