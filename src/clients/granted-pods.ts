import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClientFiles } from './client-files';
import { EnvVariable } from './redis-connection';
import { problem, throwProblems } from '../checks/problem';
import { LabelSelector } from '../kubernetes/objects';
import { at, podSelector, podTemplatePath } from '../kubernetes/workload';

/** What a grant adds to the pods of a workload. */
export interface Grant {
  /** The cluster that grants. */
  readonly cluster: Construct;
  readonly variablePrefix: string;
  readonly variables: EnvVariable[];
  readonly files: readonly ClientFiles[];
  /** The containers that get it; all without. */
  readonly containers?: readonly string[];
  /** Whether the pods must be found by their labels. */
  readonly needsSelector: boolean;
  /** The label `app` of the nodes, if the pods are beside them. */
  readonly nodeLabel?: string;
}

interface Granted {
  readonly grants: Grant[];
  /** Renders the workload as it would be without grants. */
  readonly render: () => any;
}

const grantedWorkloads = new WeakMap<ApiObject, Granted>();

/**
 * Adds a grant to what the workload renders. Only then all of its containers are known, whoever added them: a later statement,
 * a JSON patch or the typed class, which drops what a patch before it would have to say. `toJson` is what every way to
 * synthesize calls.
 */
export function addGrant(workload: ApiObject, grant: Grant): void {
  const granted = grantedWorkloads.get(workload) ?? { grants: [], render: workload.toJson.bind(workload) };
  const before = granted.grants.find(({ files, variablePrefix }) =>
    variablePrefix === grant.variablePrefix || files.some(({ volume }) => grant.files.some(other => other.volume === volume)));
  if (before) {
    throwProblems(grant.cluster, [problem('variablePrefix', `differ from that of other grants of '${workload.node.path}'`, grant.variablePrefix,
      `'${before.cluster.node.path}' has variables or a folder of the same names (${before.variablePrefix}…)`)]);
  }
  granted.grants.push(grant);
  if (!grantedWorkloads.has(workload)) {
    grantedWorkloads.set(workload, granted);
    workload.toJson = () => withGrants(workload, granted);
  }
}

/** What selects the pods of a workload that has been granted access; throws if nothing does. */
export function grantedPods(cluster: Construct, workload: ApiObject): LabelSelector {
  const selector = podSelector(workload, grantedWorkloads.get(workload)!.render);
  if (!selector.matchExpressions && Object.keys(selector.matchLabels ?? {}).length === 0) {
    throwProblems(cluster, [problem('workload', 'have labels on its pods', workload.node.path,
      'the NetworkPolicy could not tell them from others: add a label, or use grantAccessByLabels')]);
  }
  return selector;
}

function withGrants(workload: ApiObject, { grants, render }: Granted): any {
  const json = render();
  const path = podTemplatePath(workload);
  const template = at(json, path);
  grants.forEach(grant => throwProblems(grant.cluster, [
    ...podProblems(workload, template, grant),
    ...nodeLabel(workload, template, grant),
    ...grant.needsSelector ? lostLabels(workload, template, podSelector(workload, () => json)) : [],
  ]));
  return replaced(json, [...path, 'spec'], spec => withGrantsInPod(spec, grants));
}

function withGrantsInPod(spec: any, grants: readonly Grant[]): any {
  const volumes = grants.flatMap(({ files }) => files.map(secretVolume));
  return withKeys(spec, {
    containers: spec.containers.map((container: any) => withGrantsInContainer(container, grants)),
    ...spec.initContainers && { initContainers: spec.initContainers.map((container: any) => withGrantsInContainer(container, grants)) },
    ...volumes.length > 0 && { volumes: [...spec.volumes ?? [], ...volumes] },
  });
}

function secretVolume({ keys, secretName, volume }: ClientFiles): any {
  return { name: volume, secret: { items: Object.values(keys).map(key => ({ key, path: key })), secretName } };
}

/** The container's own variables come last: they may refer to those before them. */
function withGrantsInContainer(container: any, all: readonly Grant[]): any {
  const grants = all.filter(({ containers }) => containers?.includes(container.name) ?? true);
  const mounts = grants.flatMap(({ files }) => files.map(({ folder, volume }) => ({ mountPath: folder, name: volume, readOnly: true })));
  return grants.length === 0 ? container : withKeys(container, {
    // copies, as YAML would refer from one container to what another one has too
    env: [...structuredClone(grants.flatMap(({ variables }) => variables)), ...container.env ?? []],
    ...mounts.length > 0 && { volumeMounts: [...container.volumeMounts ?? [], ...mounts] },
  });
}

function podProblems(workload: ApiObject, template: any, { containers, files, variables }: Grant): string[] {
  const all: any[] = [...template?.spec?.initContainers ?? [], ...template?.spec?.containers ?? []];
  const names = all.map(container => container.name);
  const mine = all.filter(({ name }) => containers?.includes(name) ?? true);
  const inContainer = (name: string) => `container '${name}' of '${workload.node.path}'`;
  return [
    ...all.length > 0 ? [] : [problem('workload', 'have containers', workload.node.path, 'the variables are set on them')],
    ...(containers ?? []).filter(name => !names.includes(name)).map(name =>
      problem('containers', `be among those of '${workload.node.path}' (${names.map(known => `'${known}'`).join(', ')})`, name, 'it has no other containers')),
    ...mine.flatMap(({ name, env = [] }) => env.filter((own: any) => variables.some(variable => variable.name === own.name)).map((own: any) =>
      problem('workload', `leave the variable '${own.name}' of ${inContainer(name)} to the grant`, own.value ?? 'another source',
        "remove it there, or grant with another 'variablePrefix'"))),
    ...files.filter(({ volume }) => template?.spec?.volumes?.some((own: any) => own.name === volume)).map(({ content, volume }) =>
      problem('workload', `leave the volume '${volume}' of '${workload.node.path}' to the grant`, 'a volume of that name',
        `it is where ${content} is: rename it there, or grant with another 'variablePrefix'`)),
    ...files.flatMap(({ content, folder }) => mine.filter(({ volumeMounts = [] }) => volumeMounts.some((mount: any) => mount.mountPath === folder))
      .map(({ name }) => problem('workload', `leave the folder '${folder}' of ${inContainer(name)} to the grant`, 'a mount there',
        `it is where ${content} is: move it there, or grant with another 'variablePrefix'`))),
  ];
}

/** Only the rendered template has the labels that a later statement or a patch adds. */
function nodeLabel(workload: ApiObject, template: any, { nodeLabel: label }: Grant): string[] {
  return label === undefined || template?.metadata?.labels?.app !== label ? []
    : [problem('workload', `have another label 'app' on the pods of '${workload.node.path}'`, label,
      "the Services, the PodDisruptionBudget and the NetworkPolicy find the cluster's nodes by it, and would take these pods for nodes:"
      + " change the label, or the cluster's 'name'")];
}

/** A JSON patch may take away the label by which cdk8s-plus selects the pods. */
function lostLabels(workload: ApiObject, template: any, { matchLabels = {} }: LabelSelector): string[] {
  const labels = template?.metadata?.labels ?? {};
  return Object.entries(matchLabels).filter(([key, value]) => labels[key] !== value).map(([key, value]) =>
    problem('workload', `keep the label '${key}: ${value}' on the pods of '${workload.node.path}'`, labels[key] ?? 'none',
      'the NetworkPolicy finds them by it: use grantAccessByLabels with the labels that they have'));
}

/** A copy in which what is at the path is changed. */
function replaced(json: any, [key, ...rest]: readonly string[], change: (value: any) => any): any {
  return key === undefined ? change(json) : { ...json, [key]: replaced(json[key], rest, change) };
}

/** A copy with more keys, in the order in which cdk8s writes them. */
function withKeys(object: any, keys: any): any {
  const all = Object.entries({ ...object, ...keys });
  return Object.fromEntries(process.env.CDK8S_DISABLE_SORT ? all : all.sort(([a], [b]) => a < b ? -1 : 1));
}
