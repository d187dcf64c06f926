import { Size } from 'cdk8s';
import { ContainerResources, Cpu } from './container-resources';
import { cpuQuantity, kibibytes, millicores, storageQuantity } from './quantity';
import { problem } from '../checks/problem';
import { integer } from '../checks/values';
import * as k8s from '../kubernetes/objects';

/** Those of the original YAML: requests 250m and 512Mi, limits 500m and 1Gi. */
export const documentedResources: ContainerResources = {
  cpu: { request: Cpu.millis(250), limit: Cpu.millis(500) },
  memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
};

/** Problems with the resources of a container: none of nothing, no request above its limit. */
export function resourceProblems(prop: string, { cpu, memory, ephemeralStorage }: ContainerResources = {}): string[] {
  const inKibibytes = (amount: Size | undefined) => amount && kibibytes(amount);
  return [
    ...requestAndLimit(`${prop}.cpu`, 'millicores', cpu?.request && millicores(cpu.request), cpu?.limit && millicores(cpu.limit)),
    ...requestAndLimit(`${prop}.memory`, 'kibibytes', inKibibytes(memory?.request), inKibibytes(memory?.limit)),
    ...requestAndLimit(`${prop}.ephemeralStorage`, 'kibibytes', inKibibytes(ephemeralStorage?.request), inKibibytes(ephemeralStorage?.limit)),
  ];
}

function requestAndLimit(prop: string, unit: string, request: number | undefined, limit: number | undefined): string[] {
  const bounds = { min: 1, reason: `it counts ${unit}` };
  return [
    ...integer(`${prop}.request`, request, bounds),
    ...integer(`${prop}.limit`, limit, bounds),
    ...request !== undefined && limit !== undefined && request > limit
      ? [problem(`${prop}.request`, `be at most the limit of ${limit} ${unit}`, request, 'the API server rejects a request above its limit')]
      : [],
  ];
}

/**
 * What a container beside the server may have. Requests are weights: beside a server that requests nothing, it must not have more than
 * the least, or it would take the processor from the server when that starts.
 */
export function besideServer(server: ContainerResources | undefined, memoryRequest: string): k8s.ResourceRequirements {
  return {
    requests: { cpu: k8s.Quantity.fromString(server?.cpu?.request ? '10m' : '1m'), memory: k8s.Quantity.fromString(memoryRequest) },
    limits: { memory: k8s.Quantity.fromString('64Mi') },
  };
}

/** Requests and limits as Kubernetes has them. */
export function resourceRequirements(resources: ContainerResources | undefined): k8s.ResourceRequirements | undefined {
  return resources && {
    requests: resourceList(resources.cpu?.request, resources.memory?.request, resources.ephemeralStorage?.request),
    limits: resourceList(resources.cpu?.limit, resources.memory?.limit, resources.ephemeralStorage?.limit),
  };
}

function resourceList(cpu?: Cpu, memory?: Size, ephemeralStorage?: Size): { [key: string]: k8s.Quantity } | undefined {
  const list = {
    ...cpu && { cpu: cpuQuantity(cpu) },
    ...memory && { memory: storageQuantity(memory) },
    ...ephemeralStorage && { 'ephemeral-storage': storageQuantity(ephemeralStorage) },
  };
  return Object.keys(list).length > 0 ? list : undefined;
}

