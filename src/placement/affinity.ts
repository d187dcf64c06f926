/**
 * Rules for the choice of Kubernetes nodes. In TypeScript the `k8s.Affinity` of any cdk8s-plus line fits too.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity
 */
export interface Affinity {
  /**
   * Kubernetes nodes by their labels.
   *
   * @default - any node
   */
  readonly nodeAffinity?: NodeAffinity;

  /**
   * Other pods to be near.
   *
   * @default - none
   */
  readonly podAffinity?: PodAffinity;

  /**
   * Other pods to be far from.
   *
   * @default - none
   */
  readonly podAntiAffinity?: PodAntiAffinity;
}

/** Rules about the labels of Kubernetes nodes. */
export interface NodeAffinity {
  /**
   * What a node must have.
   *
   * @default - nothing
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;

  /**
   * What a node should have.
   *
   * @default - nothing
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

/** Kubernetes nodes that match at least one of the terms. */
export interface NodeSelector {
  /** The terms. */
  readonly nodeSelectorTerms: NodeSelectorTerm[];
}

/** Kubernetes nodes that meet all of the requirements. */
export interface NodeSelectorTerm {
  /**
   * Requirements of labels.
   *
   * @default - none
   */
  readonly matchExpressions?: NodeSelectorRequirement[];

  /**
   * Requirements of fields, of which `metadata.name` is the only one.
   *
   * @default - none
   */
  readonly matchFields?: NodeSelectorRequirement[];
}

/** A requirement of a label or field of a Kubernetes node. */
export interface NodeSelectorRequirement {
  /** Key of the label, or name of the field. */
  readonly key: string;

  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`. */
  readonly operator: string;

  /**
   * The values that the operator compares with: none for `Exists` and `DoesNotExist`, one whole number for `Gt` and `Lt`.
   *
   * @default - none
   */
  readonly values?: string[];
}

/** A term with its weight. */
export interface PreferredSchedulingTerm {
  /** The term. */
  readonly preference: NodeSelectorTerm;

  /** The weight, from 1 to 100. */
  readonly weight: number;
}

/** Rules about pods to be near. */
export interface PodAffinity {
  /**
   * Pods that must be near.
   *
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];

  /**
   * Pods that should be near.
   *
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/** Rules about pods to be far from. */
export interface PodAntiAffinity {
  /**
   * Pods that must not be near.
   *
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];

  /**
   * Pods that should not be near.
   *
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/** A term with its weight. */
export interface WeightedPodAffinityTerm {
  /** The term. */
  readonly podAffinityTerm: PodAffinityTerm;

  /** The weight, from 1 to 100. */
  readonly weight: number;
}

/** Pods, and how near is near. */
export interface PodAffinityTerm {
  /** Label of Kubernetes nodes; nodes with the same value of it are near each other. */
  readonly topologyKey: string;

  /**
   * Which pods.
   *
   * @default - none
   */
  readonly labelSelector?: LabelSelector;

  /**
   * Their namespaces, by labels.
   *
   * @default - those of `namespaces`
   */
  readonly namespaceSelector?: LabelSelector;

  /**
   * Their namespaces, by names.
   *
   * @default - the namespace of the cluster
   */
  readonly namespaces?: string[];

  /**
   * Keys of labels whose values must be those of the pod that is placed, from Kubernetes 1.31 on.
   *
   * @default - none
   */
  readonly matchLabelKeys?: string[];

  /**
   * Keys of labels whose values must not be those of the pod that is placed, from Kubernetes 1.31 on.
   *
   * @default - none
   */
  readonly mismatchLabelKeys?: string[];
}

/** Objects that meet all of the requirements. */
export interface LabelSelector {
  /**
   * Labels with their values.
   *
   * @default - none
   */
  readonly matchLabels?: { [key: string]: string };

  /**
   * Requirements of labels.
   *
   * @default - none
   */
  readonly matchExpressions?: LabelSelectorRequirement[];
}

/** A requirement of a label. */
export interface LabelSelectorRequirement {
  /** Key of the label. */
  readonly key: string;

  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;

  /**
   * The values that the operator compares with; none for `Exists` and `DoesNotExist`.
   *
   * @default - none
   */
  readonly values?: string[];
}
