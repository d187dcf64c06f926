/** How the init Job finds the addresses of the pods. */
export enum PodDiscovery {
  /** A kubectl container asks the Kubernetes API, which also tells the nodes that the pods run on. Needs the right to list and watch pods. */
  KUBERNETES_API = 'kubernetes-api',

  /** The headless Service's DNS: no kubectl image and no rights, but the Job cannot tell which pods share a Kubernetes node. */
  DNS = 'dns',
}
