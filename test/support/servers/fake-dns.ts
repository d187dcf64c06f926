import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What DNS says in a test: a `getent` to put on PATH, with answers that the test writes. */
export class FakeDns {
  public readonly directory = mkdtempSync(join(tmpdir(), 'fake-dns-'));

  constructor() {
    mkdirSync(join(this.directory, 'bin'));
    mkdirSync(join(this.directory, 'answers'));
    const getent = join(this.directory, 'bin', 'getent');
    writeFileSync(getent, `#!/bin/sh
      [ -s '${this.directory}/answers/'"$2" ] || exit 2
      while read -r address; do
        echo "$address STREAM $2"
        echo "$address DGRAM"
      done <'${this.directory}/answers/'"$2"
    `);
    chmodSync(getent, 0o755);
  }

  public get path(): string {
    return join(this.directory, 'bin');
  }

  public answer(name: string, addresses: string[]): void {
    writeFileSync(join(this.directory, 'answers', name), addresses.map(address => `${address}\n`).join(''));
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
