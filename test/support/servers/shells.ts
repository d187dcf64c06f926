import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const APPLETS = [
  'awk', 'cat', 'cksum', 'cp', 'cut', 'date', 'env', 'grep', 'head', 'hostname', 'ln', 'mkdir', 'mktemp', 'mv', 'od', 'rm', 'sed', 'sh', 'sha1sum',
  'sha256sum', 'sleep', 'sort', 'sync', 'tail', 'tee', 'timeout', 'touch', 'tr', 'wc',
];

const applets = mkdtempSync(join(tmpdir(), 'busybox-'));
const program = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
APPLETS.forEach(applet => symlinkSync(program, join(applets, applet)));

/** busybox stands in for the shell, coreutils, awk and sed, as in the images that Alpine is the base of. */
export const BUSYBOX = { shell: join(applets, 'sh'), PATH: `${applets}:${process.env.PATH}` };

/** The shells of the images, with what each finds beside it. */
export const SHELLS: [name: string, environment: Record<string, string>, shell: string][] = [
  ['dash and mawk', {}, 'dash'],
  ['busybox', { PATH: BUSYBOX.PATH }, BUSYBOX.shell],
];
