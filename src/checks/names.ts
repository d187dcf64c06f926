import { problem } from './problem';

/** Checks a name against the DNS label that Kubernetes wants (RFC 1123). */
export function dnsLabel(prop: string, value: string | undefined, max = 63, reason = 'Kubernetes names such objects by a DNS label'): string[] {
  if (value === undefined || value.length <= max && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
    return [];
  }
  return [problem(prop, `be a DNS label of at most ${max} lower-case letters, digits and hyphens, with a letter or digit at both ends`, value, reason)];
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
    ...Object.entries(map ?? {}).flatMap(([key, value]) => labelValue(`${prop}.${key}`, value)),
  ];
}

/** Checks the value of a label. */
export function labelValue(prop: string, value: string): string[] {
  return value === '' || LABEL.test(value) ? []
    : [problem(prop, 'be at most 63 letters, digits, -, _ and ., with a letter or digit at both ends', value, 'Kubernetes takes no other labels')];
}

/** Checks labels that select pods, namespaces or nodes. One without a value would be left out, and select more of them. */
export function selectingLabels(prop: string, map: Record<string, string> | undefined, reason: string): string[] {
  return [
    ...Object.entries(map ?? {}).filter(([, value]) => value === undefined || value === null).map(([key, value]) =>
      problem(`${prop}.${key}`, 'have a value', value, reason)),
    ...labels(prop, map),
  ];
}

/** Checks the keys of labels or annotations: a name, after a domain and a slash if there is one. */
export function qualifiedKeys(prop: string, map: Record<string, string> | undefined): string[] {
  return Object.keys(map ?? {}).filter(key => !isQualified(key)).map(key => problem(prop, 'have keys like name or example.com/name', key, 'Kubernetes takes no other keys'));
}

/** Checks the key of a label. */
export function labelKey(prop: string, key: string | undefined): string[] {
  return typeof key === 'string' && isQualified(key) ? [] : [problem(prop, 'be a key like name or example.com/name', key, 'Kubernetes takes no other')];
}

function isQualified(key: string): boolean {
  const [name, domain, ...rest] = key.split('/').reverse();
  return rest.length === 0 && LABEL.test(name) && dnsSubdomain('', domain).length === 0;
}

/** Checks that labels or annotations have none that is the library's own. */
export function reserved(prop: string, map: Record<string, string> | undefined, isReserved: (key: string) => boolean, reason: string): string[] {
  return Object.keys(map ?? {}).filter(isReserved).map(key => problem(prop, `leave '${key}' to the library`, map![key], reason));
}
