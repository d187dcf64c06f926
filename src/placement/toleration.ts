/**
 * A taint that pods tolerate. In TypeScript the `k8s.Toleration` of any cdk8s-plus line fits too.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default - every key; `operator` must then be `Exists`
   */
  readonly key?: string;

  /**
   * `Equal` compares the taint's value with `value`, `Exists` tolerates any.
   *
   * @default 'Equal'
   */
  readonly operator?: string;

  /**
   * Value of the taint, for the operator `Equal`.
   *
   * @default - the empty value
   */
  readonly value?: string;

  /**
   * Effect of the taint: `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
   *
   * @default - every effect
   */
  readonly effect?: string;

  /**
   * How many seconds a running pod stays once a taint with the effect `NoExecute` is added.
   *
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}
