import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const applets = [
  'awk', 'cat', 'cksum', 'cp', 'cut', 'date', 'env', 'grep', 'head', 'hostname', 'ln', 'mkdir', 'mktemp', 'mv', 'od', 'rm', 'sed', 'sh', 'sha1sum',
  'sha256sum', 'sleep', 'sort', 'sync', 'tail', 'timeout', 'touch', 'tr', 'wc',
];

/** A PATH on which busybox stands in for coreutils, awk and sed, as in the images that Alpine is the base of. */
export function busybox(): string {
  const program = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  const folder = join(tmpdir(), 'busybox-applets');
  mkdirSync(folder, { recursive: true });
  applets.filter(applet => !existsSync(join(folder, applet))).forEach(applet => symlinkSync(program, join(folder, applet)));
  return `${folder}:${process.env.PATH}`;
}
