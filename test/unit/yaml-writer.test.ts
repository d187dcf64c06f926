import { Yaml } from 'cdk8s';
import { YamlWriter } from '../../src/app/yaml-writer';
import { scripts } from '../../src/scripts/scripts';

const text = 'first\n\n  second # with a comment\n\tthird: "quoted" \\n \'x\'  \n';

test.each<[string, Record<string, unknown>]>([
  ['all scripts', scripts('pods', 'job', 'backup', 'restore')],
  ['lines that are empty, begin with a tab, or end with spaces', { 'a.sh': text, 'b-c.awk': 'x\n \ny\n' }],
  ['no end of the last line', { 'a.sh': text.trimEnd() }],
  ['empty lines at the end', { 'a.sh': `${text}\n` }],
  ['spaces at the end', { 'a.sh': `${text}   \n` }],
  ['spaces at the beginning', { 'a.sh': ` ${text}` }],
  ['an empty line at the beginning', { 'a.sh': `\n${text}` }],
  ['a carriage return', { 'a.sh': 'a\r\nb\n' }],
  ['characters that cannot be printed', { 'a.sh': 'a\u0007\nb\n' }],
  ['characters that are not ASCII', { 'a.sh': 'é\n한글\n', 'b.sh': text }],
  ['one line', { 'a.sh': 'exit\n' }],
  ['one character', { 'a.sh': 'x\n' }],
  ['an empty text', { 'a.sh': '' }],
  ['no file', {}],
  ['names without an extension', { 'shape': text, 'on-off': text }],
  ...['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n', '1.5', 'a: b', 'A.sh', '-', 'a.'].map((name): [string, Record<string, unknown>] => [`the name '${name}'`, { [name]: text }]),
  ['what is no text', { 'a.sh': text, 'b.sh': 1, 'c.sh': null }],
])('writes %s as Yaml.stringify does', (_, data) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data };

  expect(new YamlWriter().write(object)).toBe(Yaml.stringify(object));
});

test.each([undefined, null, 'text\n', 0, ['a\n', 'b\n']])('writes a field that is %p as Yaml.stringify does', value => {
  expect(new YamlWriter().write({ data: value })).toBe(Yaml.stringify({ data: value }));
});
