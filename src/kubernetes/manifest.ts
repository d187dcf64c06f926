/** An object of Kubernetes, as its YAML has it. */
export interface Manifest {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: any;
  readonly data?: Record<string, string>;
}

export function isManifest(document: any): document is Manifest {
  return typeof document?.kind === 'string' && typeof document.metadata?.name === 'string';
}

/** What two versions of one object have in common; versions of an API are several views of the same object. */
export function identity({ apiVersion = 'v1', kind, metadata: { name, namespace } }: Manifest): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace, name]);
}

export function groupOf(apiVersion = 'v1'): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}
