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
function printable(text: string): string {
  const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).slice(1, -1).replace(/[\u007f-\u009f\u2028\u2029]/g, codeOf);
}

/** Throws all problems at once, each line with the construct's path. */
export function throwProblems(scope: Construct, problems: string[]): void {
  if (problems.length > 0) {
    throw new Error(problems.map(text => `[${scope.node.path}] ${text}`).join('\n'));
  }
}

export interface Bounds {
  readonly min: number;
  readonly max?: number;
  readonly reason: string;
}

/** Checks a whole number; an absent one is left to its default. */
export function integer(prop: string, value: number | undefined, { min, max, reason }: Bounds): string[] {
  if (value === undefined || Number.isInteger(value) && value >= min && value <= (max ?? Infinity)) {
    return [];
  }
  const bound = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return [problem(prop, `be a whole number ${bound}`, value, reason)];
}

/** Checks the port of Redis, whose cluster bus takes the port 10000 above it; where a pod of this library listens, from 1024. */
export function redisPort(prop: string, value: number | undefined, min = 1): string[] {
  const isPrivileged = value !== undefined && value > 0 && value < min;
  return integer(prop, value, {
    min,
    max: 55535,
    reason: isPrivileged ? `the pods do not run as root, and only root may listen below ${min}`
      : 'the cluster bus takes the port 10000 above it, and ports end at 65535',
  });
}

/** Checks a choice, for callers without types. */
export function oneOf(prop: string, value: string | undefined, values: readonly string[], reason: string): string[] {
  return value === undefined || values.includes(value) ? [] : [problem(prop, `be one of ${values.join(', ')}`, value, reason)];
}

/** Checks a name against the DNS label that Kubernetes wants (RFC 1123). */
export function dnsLabel(prop: string, value: string | undefined, max = 63, reason = 'Kubernetes names such objects by a DNS label'): string[] {
  if (value === undefined || value.length <= max && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
    return [];
  }
  return [problem(prop, `be a DNS label of at most ${max} lower-case letters, digits and hyphens, with a letter or digit at both ends`, value, reason)];
}

/** Checks an image reference: registry, repository, tag and digest, without a character that belongs in none of them. */
export function imageReference(prop: string, value: string | undefined): string[] {
  const reference = /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;
  if (value === undefined || reference.test(value)) {
    return [];
  }
  return [problem(prop, 'be an image reference such as redis:6.2 or registry.example/redis:6.2@sha256:…', value, 'the kubelet could not pull it')];
}

/** Checks a name against the DNS subdomain that Kubernetes wants of most objects (RFC 1123). */
export function dnsSubdomain(prop: string, value: string | undefined): string[] {
  const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  return value === undefined || value.length <= 253 && new RegExp(`^${label}(\\.${label})*$`).test(value) ? []
    : [problem(prop, 'be lower-case letters, digits, hyphens and dots, with a letter or digit at both ends', value, 'Kubernetes names such objects like that')];
}

const LABEL = /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

/** Checks labels; the keys alone are those of annotations. */
export function labels(prop: string, map: Record<string, string> | undefined): string[] {
  return [
    ...qualifiedKeys(prop, map),
    ...Object.entries(map ?? {}).filter(([, value]) => value !== '' && !LABEL.test(value)).map(([key, value]) =>
      problem(`${prop}.${key}`, 'be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends', value, 'Kubernetes takes no other labels')),
  ];
}

/** Checks the keys of labels or annotations: a name, after a domain and a slash if there is one. */
export function qualifiedKeys(prop: string, map: Record<string, string> | undefined): string[] {
  return Object.keys(map ?? {}).filter(key => {
    const [name, domain, ...rest] = key.split('/').reverse();
    return rest.length > 0 || !LABEL.test(name) || dnsSubdomain('', domain).length > 0;
  }).map(key => problem(prop, 'have keys like name or example.com/name', key, 'Kubernetes takes no other keys'));
}
