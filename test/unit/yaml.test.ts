import { Yaml } from 'cdk8s';
import { parse } from 'yaml';
import { yamlOf } from '../../src/app/yaml';
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

  expect(yamlOf(object)).toBe(Yaml.stringify(object));
});

test.each([undefined, null, 'text\n', 0, ['a\n', 'b\n']])('writes a field that is %p as Yaml.stringify does', value => {
  expect(yamlOf({ data: value })).toBe(Yaml.stringify({ data: value }));
});

/** `<<` as a name, which merges, is not quoted by Yaml.stringify either. */
const WORDS = ['y', 'No', 'ON', 'off', 'True', 'null', '~', '', ' ', '-', '--', '---', '--- a', '...', '?', ':', '#', '%a', '=', '<<', '.inf', '-.inf', '.nan', '0', '-0', '00', '0755', '08', '0o7',
  '0x1f', '0b11', '1', '-1', '+1', '1_000', '1.5', '.5', '5.', '1e5', '12E5', '1a', '39de1', '1e', 'e0', 'E-1', 'e1.5', '1:30', '12:30:45', '1a:30', '2026-11-29', '2026-11-29T10:00:00Z', '128Mi', '20m', '1Gi', '1Ei',
  'a: b', 'a :b', 'a:', 'a #b', 'a#b', 'a b', 'a  b', 'a ', ' a', 'a\n', 'a\n\n', 'a\nb', 'a\n b\n', ' a\nb\n', '\ta\n', 'a\tb', "it's", '"', 'a"b\'c', 'a\\b', '$(A) $(B)', '*a', '&a', '!a', '@a', '`a`', '[a]',
  '{a}', 'a,b', '-a', '--a', '--a b', '---a', '-1a', '/a', '(a)', 'redis:6.2', 'redis:6.2@sha256:00', 'no 5 -', 'no', 'no-', 'a'.repeat(400), 'é', '한글\n', '\u0007', '\u2028', 'a\u2028b', 'a\u2028b\nc\n'];

test.each(WORDS)('writes the text %j as Yaml.stringify does, as name, value and item', word => {
  const object = { [word]: word, nested: { list: [word, [word, [word]], { name: word, next: word }] } };

  expect(yamlOf(object)).toBe(Yaml.stringify(object));
});

test.each([undefined, null, true, false, 0, -1, 1.5, 1e21, [], {}, [[]], [{}], [null], [undefined], { name: undefined }])('writes %j as Yaml.stringify does, as value and item', value => {
  const copy = () => structuredClone(value); // as the same twice were an anchor and its alias
  const object = { value: copy(), nested: { list: [copy(), [copy()]] } };

  expect(yamlOf(object)).toBe(Yaml.stringify(object));
});

test.each(WORDS.filter(word => word !== '<<'))('writes the name %j so that it is read as such, in any depth', name => {
  const object = { [name]: { [name]: [{ [name]: { [name]: 'x' } }] } };

  expect(parse(yamlOf(object), { version: '1.1' })).toEqual(object);
});
