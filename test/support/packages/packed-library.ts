import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const SOURCES = ['src', 'imports', 'assets', 'projenrc', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE', '.npmignore'];

/** Runs a program to its end; what it says is in the error if it fails. */
export function run(cwd: string, program: string, args: string[], environment: NodeJS.ProcessEnv = {}): string {
  return execFileSync(program, args, {
    cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...environment },
  });
}

/** A compiled copy of the library in a folder of its own, as other tests compile the one in the project. */
export class LibraryCopy {
  public readonly folder = mkdtempSync(join(tmpdir(), 'library-'));

  /** What jsii says of it, with the warnings that are silenced elsewhere. */
  public readonly compilerOutput: string;

  constructor() {
    SOURCES.forEach(path => cpSync(join(root, path), join(this.folder, path), { recursive: true }));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.compilerOutput = run(this.folder, 'sh', ['-c', '"$0" 2>&1', join(root, 'node_modules', '.bin', 'jsii')]);
    this.tool('tsx', join('projenrc', 'bundle-library.ts'));
  }

  /** Runs a tool of jsii. */
  public tool(name: string, ...args: string[]): string {
    const MAVEN_OPTS = '-Dmaven.javadoc.skip=true'; // minutes, and nothing reads it here
    return run(this.folder, join(root, 'node_modules', '.bin', name), args, { MAVEN_OPTS });
  }

  /** Makes the package of a language, and those of the modules that the language's own registry may lack. */
  public pack(language: string, ...modules: string[]): string {
    const outdir = join(this.folder, 'artifacts');
    this.tool('jsii-pacmak', '--target', language, '--outdir', outdir, ...modules.map(name => join('node_modules', name)), '.');
    return join(outdir, language);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
