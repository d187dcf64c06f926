import { Duration } from 'cdk8s';
import { Change, changedFields, changedInPlace, kubectl, nameOf, refusedFields } from './change';
import { durationInWords } from './markdown';

/** The fields of a Job's spec that the API server lets change while the Job is there. */
const MAY_CHANGE = ['activeDeadlineSeconds', 'backoffLimit', 'parallelism', 'suspend', 'ttlSecondsAfterFinished'];

export function jobChange({ former, next, differences }: Change): string[] {
  const refused = refusedFields(differences, MAY_CHANGE);
  const settings = differences.filter(each => !refused.includes(each));
  const seconds: number | undefined = former.spec?.ttlSecondsAfterFinished;
  const command = kubectl('delete', 'job', next, '--ignore-not-found');
  return [
    ...refused.length > 0 ? [`- **Refused while the former Job is there**: ${nameOf(next)} cannot change in place: ${changedFields(refused)}. Delete it first`
      + `${command === undefined ? '' : ` (${command})`}${seconds === undefined ? '' : `, unless Kubernetes has, ${durationInWords(Duration.seconds(seconds))} after it ended`}. `
      + 'The new one runs as soon as it is applied.'] : [],
    ...changedInPlace({ next }, settings),
  ];
}
