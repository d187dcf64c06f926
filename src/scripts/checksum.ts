import { createHash } from 'node:crypto';

/** A short fingerprint of a ConfigMap's data: the same whatever the order of its keys. */
export function checksum(data: Record<string, string>): string {
  const sorted = Object.keys(data).sort().map(key => [key, data[key]]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
