import { FaultRecord } from './fault-records';
import { Limits } from './faults';
import { Outcome, PATIENCE_SECONDS } from './ordeal';

const HEAD = `# What faults do to the cluster

Written by \`npm run test:e2e:full\`, which puts this library's cluster, on each version and in both modes, and that of the
[original YAML](original-yaml.md) (corrected only where the Kubernetes API refuses it) through the same faults, with a data set of
checksummed keys and six clients that write all the time. Each cluster takes the faults one after the other; the original is
created again after each fault that it did not survive.

- *whole again*: seconds until all six tables hold exactly the six pods at their present addresses, all slots are served and
  every replica is in sync. Counted from the deletion of a pod; from the moment that the last pod runs when all were deleted;
  from the end of a rollout, a drain or a partition. Of repeated faults, the slowest.
- *failed writes*: of a cluster-aware client (ioredis) with its default redirects and retries, and how many it wrote.
- *longest gap*: the longest time that one of the clients went without an acknowledged write; counted from the moment that the
  last pod runs when all were deleted.
- *lost keys*: of the data set and of all acknowledged writes.
`;

const VERSIONS = `## On each version, and with the production preset

This library's cluster: *whole again* / *longest gap*. Failed writes and lost keys are named where there were any. A fault that
is not tried on a version has an empty cell.
`;

/** The whole page; `circumstances` say what the run was made with. */
export function faultPage(records: FaultRecord[], circumstances: string[]): string {
  return [HEAD, ...circumstances.map(line => `- ${line}`), '', comparison(records), '', VERSIONS, overview(records), ''].join('\n');
}

/** The library's cluster beside that of the original YAML, on its image. */
function comparison(records: FaultRecord[]): string {
  const names = ['whole again', 'failed writes', 'longest gap', 'lost keys'];
  const documents = new Map(records.filter(({ owner }) => owner === 'documents').map(record => [record.title, record]));
  const [image] = [...documents.values()].map(record => record.image);
  const rows = records.filter(record => record.owner === 'library' && record.mode === 'plain' && record.image === image)
    .map(({ title, limits, outcome }) => [title, rules(limits), ...cells(outcome), ...cells(documents.get(title)?.outcome)]);
  return table(['fault', 'must hold', ...names.map(name => `${name}, library`), ...names.map(name => `${name}, original YAML`)], rows);
}

/** All of the library's clusters, each a column. */
export function overview(records: FaultRecord[]): string {
  const own = records.filter(({ owner }) => owner === 'library');
  const nameOf = ({ image, mode }: FaultRecord) => mode === 'plain' ? image : `${image}, ${mode}`;
  const clusters = [...new Set(own.map(nameOf))];
  const titles = [...new Set(own.map(({ title }) => title))];
  const rows = titles.map(title => [
    title,
    ...clusters.map(cluster => summary(own.find(record => record.title === title && nameOf(record) === cluster)?.outcome)),
  ]);
  const runs = clusters.map(cluster => [...new Set(own.filter(record => nameOf(record) === cluster).flatMap(({ run }) => run ?? []))].join(' and '));
  return table(['fault', ...clusters], [...rows, ...runs.some(Boolean) ? [['run on, at commit', ...runs]] : []]);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');
}

function rules({ healedSeconds, noFailedWrites, longestGapSeconds }: Limits): string {
  return [
    `whole ≤ ${healedSeconds} s`,
    ...noFailedWrites ? ['0 failed writes'] : [],
    ...longestGapSeconds === undefined ? [] : [`gap ≤ ${longestGapSeconds} s`],
    'no key lost',
  ].join(', ');
}

function cells(outcome: Outcome | undefined): string[] {
  if (!outcome) {
    return ['not run', '', '', ''];
  }
  return [wholeAgain(outcome), `${outcome.failedWrites} of ${outcome.writes}`, seconds(outcome.longestGapSeconds), lost(outcome)];
}

function summary(outcome: Outcome | undefined): string {
  if (!outcome) {
    return '';
  }
  return [
    `${wholeAgain(outcome)} / ${seconds(outcome.longestGapSeconds)}`,
    ...outcome.failedWrites > 0 ? [`${outcome.failedWrites} of ${outcome.writes} writes failed`] : [],
    ...lost(outcome) !== '0' ? [`lost keys: ${lost(outcome)}`] : [],
  ].join('; ');
}

const seconds = (value: number) => `${value.toFixed(1)} s`;
const wholeAgain = ({ healedSeconds }: Outcome) => healedSeconds === undefined ? `not within ${PATIENCE_SECONDS} s` : seconds(healedSeconds);
const lost = ({ lostKeys }: Outcome) => lostKeys === undefined ? 'cluster down' : String(lostKeys.length);
