import { Size, SizeRoundingBehavior } from 'cdk8s';
import { Cpu } from './container-resources';
import * as k8s from '../kubernetes/objects';

/**
 * Quantities as the API server writes them back (`1Gi`, not `1024Mi`; `1`, not `1000m`): any other form would show up as a
 * change at every `kubectl diff`.
 */
export function storageQuantity(size: Size): k8s.Quantity {
  return k8s.Quantity.fromString(kibibytesInWords(kibibytes(size)));
}

export function kibibytesInWords(amount: number): string {
  const units: [string, number][] = [['Ti', 1024 ** 3], ['Gi', 1024 ** 2], ['Mi', 1024]];
  const [unit, factor] = units.find(([, factorOfUnit]) => amount % factorOfUnit === 0) ?? ['Ki', 1];
  return `${amount / factor}${unit}`;
}

export function cpuQuantity(cpu: Cpu): k8s.Quantity {
  return k8s.Quantity.fromString(millicoresInWords(millicores(cpu)));
}

export function millicoresInWords(amount: number): string {
  return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
}

export function millicores(cpu: Cpu): number {
  return cpu.amount.endsWith('m') ? Number(cpu.amount.slice(0, -1)) : Number((Number(cpu.amount) * 1000).toPrecision(15)); // 2.01 CPUs are 2010
}

/** An amount of memory or storage, with the fraction that a larger unit may leave. */
export function kibibytes(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
}

/** The number of bytes, with the fraction that it may have. */
export function bytes(size: Size): number;
export function bytes(size: Size | undefined): number | undefined;
export function bytes(size: Size | undefined): number | undefined {
  return size && kibibytes(size) * 1024;
}
