import * as nodeModule from 'node:module';

// Imported before everything else: Node 22 and later keep what they compiled for the next synth. Older versions lack this.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
