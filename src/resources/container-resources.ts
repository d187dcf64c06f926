import { Size } from 'cdk8s';

/**
 * An amount of CPU. In TypeScript the `Cpu` of any cdk8s-plus line fits too.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export class Cpu {
  /**
   * Thousandths of a CPU.
   *
   * @param amount whole number, at least 1
   */
  public static millis(amount: number): Cpu {
    return new Cpu(`${amount}m`);
  }

  /**
   * CPUs.
   *
   * @param amount a number that is whole thousandths
   */
  public static units(amount: number): Cpu {
    return new Cpu(String(amount));
  }

  private constructor(
    /** The amount as Kubernetes writes it, such as `250m` or `2`. */
    public readonly amount: string,
  ) {}
}

/**
 * What a container asks for and what it may use at most. In TypeScript the `ContainerResources` of any cdk8s-plus line fit too.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface ContainerResources {
  /**
   * CPU.
   *
   * @default - no request and no limit
   */
  readonly cpu?: CpuResources;

  /**
   * Memory.
   *
   * @default - no request and no limit
   */
  readonly memory?: MemoryResources;

  /**
   * Disk space of the Kubernetes node, for logs and for folders that are deleted with the pod.
   *
   * @default - no request and no limit
   */
  readonly ephemeralStorage?: EphemeralStorageResources;
}

/** Request and limit of CPU. */
export interface CpuResources {
  /**
   * What the Kubernetes node must have free.
   *
   * @default - the limit, if there is one
   */
  readonly request?: Cpu;

  /**
   * Above it the container is slowed down.
   *
   * @default - no limit
   */
  readonly limit?: Cpu;
}

/** Request and limit of memory. */
export interface MemoryResources {
  /**
   * What the Kubernetes node must have free.
   *
   * @default - the limit, if there is one
   */
  readonly request?: Size;

  /**
   * Above it the container is killed.
   *
   * @default - no limit
   */
  readonly limit?: Size;
}

/** Request and limit of disk space of the Kubernetes node. */
export interface EphemeralStorageResources {
  /**
   * What the Kubernetes node must have free.
   *
   * @default - the limit, if there is one
   */
  readonly request?: Size;

  /**
   * Above it the pod is evicted.
   *
   * @default - no limit
   */
  readonly limit?: Size;
}
