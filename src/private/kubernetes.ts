/**
 * The typed Kubernetes objects of cdk8s-plus-28, without the rest of it: its root module takes half as long again to load.
 */
export * from 'cdk8s-plus-28/lib/imports/k8s';
