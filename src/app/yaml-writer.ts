import { Yaml } from 'cdk8s';

/** Names and texts that `Yaml.stringify` is sure to write as they are, the texts line by line. */
const FILE_NAME = /^(?!(y|n|yes|no|on|off|true|false|null)$)[a-z][a-z.-]*$/;
const FILE_TEXT = /^[!-~][\n\t -~]*[!-~]\n$/;

/**
 * Writes objects as `Yaml.stringify` does, byte for byte, but what several of them have in common only once: clusters of one
 * app have the same scripts, and often the same pods. Scripts, the greater part of all YAML, take it a third of its time.
 */
export class YamlWriter {
  /** YAML of top-level fields by their JSON, which takes a small part of the time. */
  private readonly written = new Map<string, string>();

  public write(object: Record<string, unknown>): string {
    return Object.entries(object).map(([name, value]) => this.writeField(name, value)).join('');
  }

  private writeField(name: string, value: unknown): string {
    const json = JSON.stringify({ [name]: value });
    const yaml = this.written.get(json) ?? (name === 'data' && areFiles(value) ? `${name}:\n${writeFiles(value)}` : Yaml.stringify({ [name]: value }));
    this.written.set(json, yaml);
    return yaml;
  }
}

function areFiles(value: unknown): value is Record<string, string> {
  const entries = Object.entries(value ?? {});
  return entries.length > 0 && entries.every(([name, text]) => FILE_NAME.test(name) && typeof text === 'string' && FILE_TEXT.test(text));
}

function writeFiles(files: Record<string, string>): string {
  return Object.entries(files).map(([name, text]) => `  ${name}: |\n${text.replace(/^(?=.)/gm, '    ')}`).join('');
}
