import { Duration } from 'cdk8s';
import { printable } from '../checks/problem';

/** A value in a line is cut here: who wants all of it finds it in the YAML. */
const MOST_CHARACTERS = 100;

/** A value in a line of Markdown as it is, whatever it holds: between more backticks than it has in a row. */
export function code(value: unknown): string {
  const characters = [...printable(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\\"', '"')];
  const text = characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…` : characters.join('');
  const fence = '`'.repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const space = text === '' || /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

/** A table; a pipe in a cell stays in its cell, even behind backslashes. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replace(/(\\*)\|/g, '$1$1\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `1 pod`, `6 pods` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** The names of a StatefulSet's pods from one ordinal to another, both included. */
export function podRange(statefulSet: string, from: number, to: number): string {
  return from === to ? code(`${statefulSet}-${from}`) : `${code(`${statefulSet}-${from}`)} to ${code(`${statefulSet}-${to}`)}`;
}

/** In the largest unit that gives a whole number, minutes from two of them on. */
export function durationInWords(duration: Duration): string {
  const milliseconds = duration.toMilliseconds({ integral: false });
  const seconds = milliseconds / 1000;
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60} min` : Number.isInteger(seconds) ? `${seconds} s` : `${milliseconds} ms`;
}
