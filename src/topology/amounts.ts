import { kibibytesInWords, millicoresInWords } from '../resources/quantity';

/** An amount of CPU, memory or disk in its smallest unit: thousandths of a CPU, or bytes. Undefined if it is written in another way. */
export function amountOf(quantity: string | number, isCpu: boolean): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const factor = isCpu ? CPU_UNITS[unit] : UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

export function amountInWords(amount: number, isCpu: boolean): string {
  if (isCpu) {
    return millicoresInWords(amount);
  }
  if (amount % 1024 === 0) {
    return kibibytesInWords(amount / 1024);
  }
  const [unit, factor] = Object.entries(DECIMAL_UNITS).find(([, size]) => amount % size === 0) ?? ['', 1];
  return `${amount / factor}${unit}`;
}

const CPU_UNITS: Record<string, number> = { '': 1000, 'm': 1 };

const DECIMAL_UNITS: Record<string, number> = { 'T': 1e12, 'G': 1e9, 'M': 1e6, 'k': 1e3, '': 1 };
const UNITS: Record<string, number> = { Ti: 1024 ** 4, Gi: 1024 ** 3, Mi: 1024 ** 2, Ki: 1024, ...DECIMAL_UNITS };
