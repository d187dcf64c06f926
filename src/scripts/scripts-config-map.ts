import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Runner, scripts } from './scripts';

/** cdk8s holds any ApiObject to be an instance of a subclass, so that a subclass could not be told from others. */
const configMaps = new WeakSet<ApiObject>();

/** Adds the ConfigMap with the scripts that the runners need, each of them once. */
export function addScriptsConfigMap(scope: Construct, name: string, ...runners: Runner[]): void {
  configMaps.add(new ApiObject(scope, 'Scripts', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: scripts(...runners) }));
}

export function isScriptsConfigMap(object: ApiObject): boolean {
  return configMaps.has(object);
}
