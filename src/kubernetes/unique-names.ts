import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { problem, throwProblems } from '../checks/problem';

/** Per app: what has been named already, and by which construct. */
const claimsOfApp = new WeakMap<object, Map<string, string>>();

function claimsOf(scope: Construct): Map<string, string> {
  const claims = claimsOfApp.get(scope.node.root) ?? new Map<string, string>();
  claimsOfApp.set(scope.node.root, claims);
  return claims;
}

/** Claims the folder in which backups are kept. Throws when another construct keeps, and deletes, its own there. */
export function claimFolder(scope: Construct, folder: string): void {
  const claims = claimsOf(scope);
  const owner = claims.get(folder);
  claims.set(folder, owner ?? scope.node.path);
  throwProblems(scope, owner === undefined ? []
    : [problem('target', 'lead to a folder of its own', folder, `'${owner}' keeps its backups there and would delete these: give one of the two another prefix or claim`)]);
}

/**
 * Claims the names of all objects below a construct, and labels of pods, for the construct's namespace. Throws when another
 * construct has them: `kubectl apply` would overwrite one object with the other, and selectors would find both's pods.
 */
export function claimNames(scope: Construct, podLabels: string[] = []): void {
  const claims = claimsOf(scope);
  const objects = scope.node.findAll().filter(ApiObject.isApiObject).map(object => ({
    name: `${object.kind} '${object.name}'`, namespace: object.metadata.namespace, path: object.node.path,
  }));
  const labels = podLabels.map(label => ({
    name: `label 'app: ${label}' of its pods`, namespace: Chart.of(scope).namespace, path: scope.node.path,
  }));
  throwProblems(scope, [...objects, ...labels].flatMap(({ name, namespace, path }) => {
    const key = `${namespace ?? ''}/${name}`;
    const owner = claims.get(key);
    claims.set(key, owner ?? path);
    return owner === undefined || owner === path ? []
      : [`the ${name} is that of '${owner}' too, in ${namespace ? `namespace '${namespace}'` : 'the same namespace'}; give one of the two another 'name' or namespace`];
  }));
}
