import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseShape, shapeFile } from '../../../src/shape/cluster-shape';

/** The path of a file with this shape, as heal.sh finds it in its pod. */
export function writtenShape(masters = 3, replicasPerMaster = 1): string {
  const path = join(mkdtempSync(join(tmpdir(), 'shape-')), 'shape');
  writeFileSync(path, shapeFile(parseShape({ masters, replicasPerMaster }).settings));
  return path;
}
