import { Yaml } from 'cdk8s';

/** Names and texts of one line that need no quotes anywhere, unless YAML 1.1 has another meaning for them. */
const PLAIN = /^(?:(?:--)?[a-z]|[/$(]|[1-9]\d*[a-df-z])(?:[\w./$()=,-]|:(?=\w)| (?=[\w-])){0,999}$/i;
const OTHER_MEANING = /^(?:y|n|yes|no|on|off|true|false|null|e-?\d+)$/i;
const INTEGER = /^(?:0|[1-9]\d*)$/;
/** Texts of several lines that need nothing but to be indented. */
const LINES = /^[!-~][\n\t -~]*[!-~]\n$/;

/**
 * A manifest, or any simple object or list in one, as `Yaml.stringify` writes it, byte for byte, in a small part of its time, which
 * was a third of synth. What is rare and might need quotes is left to `Yaml.stringify`.
 */
export function yamlOf(value: object, indent = ''): string {
  return Array.isArray(value)
    ? value.map(item => `${indent}- ${itemOf(item, `${indent}  `)}`).join('')
    : Object.entries(value).map(([name, each]) => `${indent}${fieldOf(name, each, `${indent}  `)}`).join('');
}

function itemOf(value: unknown, indent: string): string {
  return isFilled(value) ? yamlOf(value, indent).slice(indent.length) : `${scalarOf(value, indent)}\n`;
}

function fieldOf(name: string, value: unknown, indent: string): string {
  if (!isPlain(name)) {
    return indented(Yaml.stringify({ [name]: value }), indent.slice(2));
  }
  return isFilled(value) ? `${name}:\n${yamlOf(value, indent)}` : `${name}: ${scalarOf(value, indent)}\n`;
}

/** What stands behind a name or a dash; its further lines are indented. */
function scalarOf(value: unknown, indent: string): string {
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) {
    return String(value);
  }
  if (typeof value === 'string') {
    if (isPlain(value)) {
      return value;
    }
    if (value === '' || INTEGER.test(value)) {
      return `"${value}"`;
    }
    if (LINES.test(value)) {
      return `|\n${indent}${indented(value.slice(0, -1), indent)}`;
    }
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '[]' : '{}';
  }
  return indented(Yaml.stringify({ key: value }).slice('key: '.length, -1), indent.slice(2));
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !OTHER_MEANING.test(text);
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** All lines but the first, and those that are empty. */
function indented(lines: string, indent: string): string {
  return lines.replace(/\n(?=[^\n])/g, `\n${indent}`);
}
