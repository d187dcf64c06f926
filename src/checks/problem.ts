import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';

/** A problem with a prop, as one line: what it must be, what it is, and why or what to do. */
export function problem(prop: string, requirement: string, got: unknown, reason: string): string {
  return `'${prop}' must ${requirement}, got ${inWords(got)}; ${reason}`;
}

/** The same about a prop that works, but is probably not what was meant. */
export function recommendation(prop: string, advice: string, got: unknown, reason: string): string {
  return `'${prop}' should ${advice}, got ${inWords(got)}; ${reason}`;
}

function inWords(value: unknown): string {
  if (value instanceof Size) {
    return `'${value.asString()}'`;
  }
  if (value instanceof Duration) {
    const milliseconds = value.toMilliseconds({ integral: false });
    return milliseconds % 1000 === 0 ? `'${milliseconds / 1000} seconds'` : `'${milliseconds} milliseconds'`;
  }
  return typeof value === 'string' ? `'${printable(value)}'` : String(value);
}

/** A text that cannot break the line of an error message. */
export function printable(text: string): string {
  const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).slice(1, -1).replace(/[\u007f-\u009f\u2028\u2029]/g, codeOf);
}

/** The same problems of a prop that is in another one. */
export function prefixed(prop: string, problems: string[]): string[] {
  return problems.map(text => text.replace(/^'/, `'${prop}.`));
}

/** What one pass over some props finds: the settings with every default in its place, and all problems, with which they are of no use. */
export interface Parsed<Settings> {
  readonly settings: Settings;
  readonly problems: string[];
}

/** Throws all problems at once, each line with the construct's path. */
export function throwProblems(scope: Construct, problems: string[]): void {
  if (problems.length > 0) {
    throw new Error(problems.map(text => `[${scope.node.path}] ${text}`).join('\n'));
  }
}

/** The settings; throws all problems, if there are any. */
export function settingsOf<Settings>(scope: Construct, { settings, problems }: Parsed<Settings>): Settings {
  throwProblems(scope, problems);
  return settings;
}
