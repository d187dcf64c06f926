import { amountInWords, amountOf } from './amounts';
import { DescribedCluster, ofKind } from './described-cluster';
import { code, count, listed, table } from './markdown';
import { Manifest } from '../kubernetes/manifest';
import { DATA_VOLUME } from '../storage/storage';

const COLUMNS = [['requests', 'cpu'], ['requests', 'memory'], ['limits', 'cpu'], ['limits', 'memory']] as const;

/** What the pods of a cluster request and may use, in sum, and their disks. */
export function costs({ objects }: DescribedCluster): string {
  const [statefulSet] = ofKind(objects, 'StatefulSet');
  const rows = [
    ...[1, statefulSet.spec.replicas].map(pods => row(pods === 1 ? 'a pod of Redis' : `all ${count(pods, 'pod')} of Redis`, statefulSet, pods)),
    ...ofKind(objects, 'Job').map(job => row(`Job ${code(job.metadata.name)}, while it runs`, job, 1)),
  ];
  return [
    table(['', 'CPU requested', 'memory requested', 'CPU limit', 'memory limit'], rows),
    '',
    `Disks: ${disks(statefulSet)}.`,
  ].join('\n');
}

function row(who: string, { spec }: Manifest, pods: number): string[] {
  return [who, ...COLUMNS.map(([bound, resource]) => inSum(spec.template.spec, bound, resource, pods))];
}

/** Of all containers that run together; before them, each init container runs alone, and the pod has what the largest asks for. */
function inSum({ containers, initContainers = [] }: any, bound: 'requests' | 'limits', resource: 'cpu' | 'memory', pods: number): string {
  const isCpu = resource === 'cpu';
  const quantityOf = ({ resources }: any) => resources?.[bound]?.[resource] ?? (bound === 'requests' ? resources?.limits?.[resource] : undefined);
  const amount = (container: any) => amountOf(quantityOf(container) ?? 0, isCpu) ?? NaN;
  const sidecars = initContainers.filter(({ restartPolicy }: any) => restartPolicy === 'Always');
  const together = [...containers, ...sidecars];
  const without: string[] = together.filter(container => quantityOf(container) === undefined).map(({ name }) => code(name));
  const sum = together.reduce((all, container) => all + amount(container), 0);
  const most = Math.max(sum, ...initContainers.filter((container: any) => !sidecars.includes(container)).map(amount));
  if (without.length === together.length) {
    return '**none**';
  }
  return `${Number.isNaN(most) ? 'see the YAML' : amountInWords(pods * most, isCpu)}${without.length > 0 ? `, and **none** for ${listed(without)}` : ''}`;
}

function classInWords(name: string | undefined): string {
  return name === undefined ? 'the default StorageClass' : name === '' ? 'no StorageClass' : `the StorageClass ${code(name)}`;
}

function disks({ spec }: Manifest): string {
  const claims: string[] = (spec.volumeClaimTemplates ?? []).map(({ metadata, spec: { resources, storageClassName } }: any) => {
    const { storage } = resources.requests;
    const amount = amountOf(storage, false);
    return `${spec.replicas} claims ${code(metadata.name)} of ${storage}${amount === undefined ? '' : `, ${amountInWords(spec.replicas * amount, false)} in sum`}, of `
      + classInWords(storageClassName);
  });
  const folder = spec.template.spec.volumes.find(({ name, emptyDir }: any) => name === DATA_VOLUME && emptyDir)?.emptyDir;
  return claims.length > 0 ? listed(claims)
    : folder ? `none but those of the Kubernetes nodes, ${folder.sizeLimit === undefined ? 'as much as they have' : `at most ${folder.sizeLimit} for each pod`}` : 'see the YAML';
}
