import { Size, SizeRoundingBehavior } from 'cdk8s';
import { ContainerResources, Cpu } from './container-resources';
import { integer, problem } from '../checks/validate';
import * as k8s from '../kubernetes/objects';

/**
 * Quantities as the API server writes them back (`1Gi`, not `1024Mi`; `1`, not `1000m`): any other form would show up as a
 * change at every `kubectl diff`.
 */
export function storageQuantity(size: Size): k8s.Quantity {
  const amount = kibibytes(size);
  const units: [string, number][] = [['Ti', 1024 ** 3], ['Gi', 1024 ** 2], ['Mi', 1024]];
  const [unit, factor] = units.find(([, factorOfUnit]) => amount % factorOfUnit === 0) ?? ['Ki', 1];
  return k8s.Quantity.fromString(`${amount / factor}${unit}`);
}

export function cpuQuantity(cpu: Cpu): k8s.Quantity {
  const amount = millicoresOf(cpu);
  return k8s.Quantity.fromString(amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`);
}

function millicoresOf(cpu: Cpu): number {
  return cpu.amount.endsWith('m') ? Number(cpu.amount.slice(0, -1)) : Number(cpu.amount) * 1000;
}

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

/** Problems with the resources of a container: none of nothing, no request above its limit. */
export function containerResources(prop: string, resources: ContainerResources | undefined): string[] {
  const pairs: [string, number | undefined, number | undefined, string][] = [
    ['cpu', millicores(resources?.cpu?.request), millicores(resources?.cpu?.limit), 'millicores'],
    ['memory', kibibytesOf(resources?.memory?.request), kibibytesOf(resources?.memory?.limit), 'kibibytes'],
  ];
  return pairs.flatMap(([kind, request, limit, unit]) => [
    ...atLeastOne(`${prop}.${kind}.request`, request, unit),
    ...atLeastOne(`${prop}.${kind}.limit`, limit, unit),
    ...request !== undefined && limit !== undefined && request > limit
      ? [problem(`${prop}.${kind}.request`, `be at most the limit of ${limit} ${unit}`, request, 'the API server rejects a request above its limit')]
      : [],
  ]);
}

/** An amount of memory or storage, with the fraction that a larger unit may leave. */
export function kibibytes(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
}

function kibibytesOf(size: Size | undefined): number | undefined {
  return size && kibibytes(size);
}

function millicores(cpu: Cpu | undefined): number | undefined {
  return cpu && millicoresOf(cpu);
}

function atLeastOne(prop: string, amount: number | undefined, unit: string): string[] {
  return integer(prop, amount, { min: 1, reason: `it counts ${unit}` });
}

export const documentedResources: ContainerResources = {
  cpu: { request: Cpu.millis(250), limit: Cpu.millis(500) },
  memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
};
