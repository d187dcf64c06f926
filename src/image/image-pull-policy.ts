/**
 * When the kubelet pulls an image. In TypeScript the `ImagePullPolicy` of any cdk8s-plus line fits too, since TypeScript takes
 * enums of the same name with the same members for one: keep both.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 */
export enum ImagePullPolicy {
  /** Before every start; what is on the Kubernetes node already is not downloaded again. */
  ALWAYS = 'Always',

  /** When the Kubernetes node does not have it. */
  IF_NOT_PRESENT = 'IfNotPresent',

  /** Never: it must be on the Kubernetes node. */
  NEVER = 'Never',
}
