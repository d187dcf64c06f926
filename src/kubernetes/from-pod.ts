import { EnvVar } from './objects';

/** A variable that holds a field of the container's own pod. */
export function fromPod(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
