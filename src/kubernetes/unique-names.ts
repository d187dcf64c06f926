import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { problem, throwProblems } from '../checks/problem';

/** Per app: what has been named already, and by which construct. */
const claimsOfApp = new WeakMap<object, Map<string, string>>();

/** Claims something for the construct of a path; returns the path of another one that has it already. */
function claim(root: object, key: string, path: string): string | undefined {
  const claims = claimsOfApp.get(root) ?? new Map<string, string>();
  claimsOfApp.set(root, claims);
  const owner = claims.get(key) ?? path;
  claims.set(key, owner);
  return owner === path ? undefined : owner;
}

/** Claims the folder in which backups are kept. Throws when another construct keeps, and deletes, its own there. */
export function claimFolder(scope: Construct, folder: string): void {
  const owner = claim(scope.node.root, folder, scope.node.path);
  throwProblems(scope, owner === undefined ? []
    : [problem('target', 'be used by one backup alone', folder, `'${owner}' keeps its backups there and would delete these: give one of the two another prefix or claim`)]);
}

/**
 * Claims the names of all objects below a construct, and labels of pods, for the construct's namespace. Throws when another
 * construct has them: `kubectl apply` would overwrite one object with the other, and selectors would find both's pods.
 */
export function claimNames(scope: Construct, podLabels: string[] = []): void {
  const objects = scope.node.findAll().filter(ApiObject.isApiObject).map(object => ({
    name: `${object.kind} '${object.name}'`, namespace: object.metadata.namespace, path: object.node.path,
  }));
  const labels = podLabels.map(label => ({
    name: `label 'app: ${label}' of its pods`, namespace: Chart.of(scope).namespace, path: scope.node.path,
  }));
  throwProblems(scope, [...objects, ...labels].flatMap(({ name, namespace, path }) => {
    const owner = claim(scope.node.root, `${namespace ?? ''}/${name}`, path);
    return owner === undefined ? []
      : [`the ${name} is that of '${owner}' too, in ${namespace ? `namespace '${namespace}'` : 'the same namespace'}; give one of the two another 'name' or namespace`];
  }));
}
