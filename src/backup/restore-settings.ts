import { BackupTarget } from './backup-target';
import { RestoreSource } from './restore-source';
import { rcloneImage, targetProblems } from './target';
import { given } from '../checks/given';
import { dnsLabel } from '../checks/names';
import { Parsed, prefixed, problem } from '../checks/problem';
import { pinnedImages } from '../image/image';

/** The backup that a new cluster begins with. */
export interface RestoreSettings {
  readonly target: BackupTarget;
  readonly time: string;
  readonly name: string;
}

export function parseRestore(
  source: RestoreSource | undefined, cluster: string, requireImageDigests: boolean, copyOf: string | undefined,
): Parsed<RestoreSettings | undefined> {
  if (!source) {
    return { settings: undefined, problems: [] };
  }
  const { target, time, name = cluster } = given(source);
  const image = rcloneImage(target);
  return {
    settings: { target, time, name },
    problems: prefixed('restoreFrom', [
      ...targetProblems('target', target),
      ...image && requireImageDigests ? pinnedImages({ 'target.rcloneImage': image }) : [],
      ...dnsLabel('name', name, 52),
      .../^\d{8}T\d{6}Z$/.test(time) ? [] : [problem('time', 'be a time such as 20260131T031500Z', time, 'the folder of the backup is called like that')],
      ...copyOf === undefined ? [] : [problem('target', "be left out beside 'storage.copyOf'", copyOf, 'disks that were copied are not new, and nothing would be restored')],
    ]),
  };
}
