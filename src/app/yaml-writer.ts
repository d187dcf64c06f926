import { Yaml } from 'cdk8s';

/**
 * Writes objects as `Yaml.stringify` does, byte for byte, but what several of them have in common only once: clusters of one
 * app have the same scripts, and often the same pods.
 */
export class YamlWriter {
  /** YAML of top-level fields by their JSON, which takes a small part of the time. */
  private readonly written = new Map<string, string>();

  public write(object: Record<string, unknown>): string {
    return Object.entries(object).map(([field, value]) => this.writeField({ [field]: value })).join('');
  }

  private writeField(field: Record<string, unknown>): string {
    const json = JSON.stringify(field);
    const yaml = this.written.get(json) ?? Yaml.stringify(field);
    this.written.set(json, yaml);
    return yaml;
  }
}
