import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Runner, scripts } from './scripts';
import { putInFile } from '../kubernetes/own-file';

/** Where containers mount it. */
export const SCRIPTS = '/scripts';

/** Adds the ConfigMap with the scripts that the runners need, each of them once. */
export function addScriptsConfigMap(scope: Construct, name: string, ...runners: Runner[]): void {
  const configMap = new ApiObject(scope, 'Scripts', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: scripts(...runners) });
  putInFile(configMap, 'scripts');
}
