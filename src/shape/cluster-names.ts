import { dnsLabel } from '../checks/names';
import { Parsed, problem } from '../checks/problem';

/** The names of a cluster's objects, all of which begin with its own. */
export interface ClusterNames {
  readonly name: string;
  readonly namespace?: string;
  readonly serviceName: string;
  readonly peersName: string;
  /** Host name of the headless Service; with the namespace, if that is known. */
  readonly domain: string;
  readonly configName: string;
  readonly scriptsName: string;
  readonly certificateName: string;
  readonly initJobName: string;
  readonly planJobName: string;
  readonly alertsName: string;
}

export function clusterNames(name: string, namespace: string | undefined): ClusterNames {
  const serviceName = `${name}-headless`;
  return {
    name,
    namespace,
    serviceName,
    peersName: `${name}-peers`,
    domain: namespace === undefined ? serviceName : `${serviceName}.${namespace}.svc`,
    configName: `${name}-config`,
    scriptsName: `${name}-scripts`,
    certificateName: certificateName(name),
    initJobName: `${name}-init`,
    planJobName: `${name}-plan`,
    alertsName: `${name}-alerts`,
  };
}

/** Names of a StatefulSet's pods, in their order. */
export function podNames(statefulSetName: string, pods: number): string[] {
  return Array.from({ length: pods }, (_, ordinal) => `${statefulSetName}-${ordinal}`);
}

/** Name of the Certificate of a StatefulSet's pods, and of its Secret. */
export function certificateName(statefulSetName: string): string {
  return `${statefulSetName}-tls`;
}

export function parseNames(name: string, namespace: string | undefined, contentHashInName: boolean): Parsed<ClusterNames> {
  return {
    settings: clusterNames(name, namespace),
    problems: [
      ...dnsLabel('namespace', namespace),
      ...letterFirst('name', name),
      ...dnsLabel('name', name, contentHashInName ? 49 : 52, 'it begins the names of pods, revisions and the init Job'),
    ],
  };
}

/** Services wanted a DNS label of RFC 1035 until the feature RelaxedServiceNameValidation, beta and on in Kubernetes 1.36. */
function letterFirst(prop: string, name: string): string[] {
  return /^\d/.test(name)
    ? [problem(prop, 'begin with a letter', name, 'Kubernetes before 1.36 refuses Services whose names begin with a digit')]
    : [];
}
