import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const PREFIX = 'redis-cluster-tests-';

/** From here on, temporary files of this run are in a folder of its own, which goes with it. */
export function createRunFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o711); // some servers run as another user
  process.env.TMPDIR = folder;
}

/** `KEEP_TEMPORARY=1` keeps it, to be looked at. */
export function removeRunFolder(): void {
  if (basename(tmpdir()).startsWith(PREFIX) && process.env.KEEP_TEMPORARY !== '1') {
    rmSync(tmpdir(), { recursive: true, force: true });
  }
}
