import { Size } from 'cdk8s';
import { Cpu } from '../resources/container-resources';

const UNITS: Record<string, (amount: number) => Size> = {
  Ki: Size.kibibytes, Mi: Size.mebibytes, Gi: Size.gibibytes, Ti: amount => Size.gibibytes(amount * 1024),
};

/** A Size, which has binary units alone, of an amount as Kubernetes writes it. */
export function sizeOf(amount: string, otherwise: () => void): Size | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)$/.exec(amount) ?? [];
  if (unit === undefined) {
    otherwise();
    return undefined;
  }
  return UNITS[unit](Number(number));
}

export function cpuOf(amount: unknown): Cpu | undefined {
  const text = amount === undefined ? '' : String(amount);
  return text === '' ? undefined : text.endsWith('m') ? Cpu.millis(Number(text.slice(0, -1))) : Cpu.units(Number(text));
}
