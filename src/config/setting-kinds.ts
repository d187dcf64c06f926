import { Duration, Size } from 'cdk8s';
import { RedisConfigSettings } from './redis-config-settings';
import { SavePoint } from './redis-config-types';
import { given } from '../checks/given';
import { problem } from '../checks/problem';
import { integer, redisPort } from '../checks/values';
import { kibibytes } from '../resources/quantity';
import { RedisVersion } from '../versions/redis-version';

/** How a prop becomes lines of redis.conf, and what it may be. */
export interface Setting {
  readonly prop: Prop;
  readonly directive: string;
  problems(settings: RedisConfigSettings, version: RedisVersion): string[];
  /** The words that follow the directive, once per line; no line if the prop is absent. */
  lines(settings: RedisConfigSettings): string[][];
}

/** Bounds of a whole number in the unit of the directive. */
interface UnitBounds {
  /** @default 0 */
  readonly min?: number;
  /** @default - what fits into Redis' own integers */
  readonly max?: number;
  readonly reason: string;
}

type Prop = keyof RedisConfigSettings;
type Value<P extends Prop> = NonNullable<RedisConfigSettings[P]>;
type PropOf<T> = { [P in Prop]-?: Value<P> extends T ? P : never }[Prop];

const LARGEST_INTEGER = 2 ** 31 - 1;
const LARGEST_KIBIBYTES = 2 ** 43;

function setting<P extends Prop>(
  prop: P,
  directive: string,
  check: (value: Value<P>, version: RedisVersion) => string[],
  lines: (value: Value<P>) => string[][],
): Setting {
  const whenGiven = <T>(settings: RedisConfigSettings, use: (value: Value<P>) => T[]): T[] => {
    const value = settings[prop];
    return value === undefined || value === null ? [] : use(value);
  };
  return {
    prop,
    directive,
    problems: (settings, version) => whenGiven(settings, value => check(value, version)),
    lines: settings => whenGiven(settings, lines),
  };
}

export function flag(prop: PropOf<boolean>, directive: string): Setting {
  const check = (value: boolean) => typeof value === 'boolean' ? [] : [problem(prop, 'be true or false', value, 'any word would count as yes')];
  return setting(prop, directive, check, value => [[value ? 'yes' : 'no']]);
}

export function count(prop: PropOf<number>, directive: string, { min = 0, max = LARGEST_INTEGER, reason }: UnitBounds): Setting {
  return setting(prop, directive, value => integer(prop, value, { min, max, reason }), value => [[String(value)]]);
}

export function port(prop: PropOf<number>, directive: string): Setting {
  return setting(prop, directive, value => redisPort(prop, value, 1024), value => [[String(value)]]);
}

/** One of several words; some versions do not know all of them. */
export function choice<P extends PropOf<string>>(
  prop: P, directive: string, all: readonly string[], isKnown: (value: string, version: RedisVersion) => boolean = () => true,
): Setting {
  const check = (value: string, version: RedisVersion) => {
    const values = all.filter(candidate => isKnown(candidate, version));
    return values.includes(value) ? [] : [problem(prop, `be one of ${values.join(', ')}`, value,
      all.includes(value) ? `${version.name} does not know it` : 'Redis knows no other')];
  };
  return setting(prop, directive, check, value => [[value]]);
}

export function seconds(prop: PropOf<Duration>, directive: string, bounds: UnitBounds): Setting {
  return duration(prop, directive, 'second', 0.001, bounds);
}

export function milliseconds(prop: PropOf<Duration>, directive: string, bounds: UnitBounds): Setting {
  return duration(prop, directive, 'millisecond', 1, bounds);
}

export function microseconds(prop: PropOf<Duration>, directive: string, bounds: UnitBounds): Setting {
  return duration(prop, directive, 'microsecond', 1000, bounds);
}

function duration(prop: PropOf<Duration>, directive: string, unit: string, unitsPerMillisecond: number, bounds: UnitBounds): Setting {
  const inUnits = (value: Duration) => product(value.toMilliseconds({ integral: false }), unitsPerMillisecond);
  return setting(prop, directive, value => wholeUnits(prop, inUnits(value), unit, bounds), value => [[String(inUnits(value))]]);
}

/** The product without the last, inexact digit of binary fractions: 1.005 ms are 1005 µs. */
function product(a: number, b: number): number {
  return Number((a * b).toPrecision(15));
}

/** A size; the bounds are kibibytes. */
export function amount(prop: PropOf<Size>, directive: string, bounds: UnitBounds = { reason: 'no size is negative' }): Setting {
  return setting(prop, directive, value => wholeUnits(prop, kibibytes(value), 'kibibyte', { max: LARGEST_KIBIBYTES, ...bounds }), value => [[sizeWord(value)]]);
}

/** An empty list is a line of its own: without any, Redis would save at points of its own choice. */
export function savePoints(prop: PropOf<SavePoint[]>, directive: string): Setting {
  const missing = (path: string) => [problem(path, 'be given', undefined, 'a save point is a time and a number of changes')];
  const check = (points: SavePoint[]) => points.map(given).flatMap(({ after, changes }, index) => [
    ...after === undefined ? missing(`${prop}[${index}].after`)
      : wholeUnits(`${prop}[${index}].after`, after.toSeconds({ integral: false }), 'second', { min: 1, reason: 'Redis looks once a second at most' }),
    ...changes === undefined ? missing(`${prop}[${index}].changes`)
      : integer(`${prop}[${index}].changes`, changes, { min: 1, max: LARGEST_INTEGER, reason: 'without a change there is nothing to save' }),
  ]);
  return setting(prop, directive, check, points => points.length === 0
    ? [['']]
    : points.map(({ after, changes }) => [String(after.toSeconds()), String(changes)]));
}

export function bindAddresses(prop: PropOf<string[]>, directive: string): Setting {
  const families = [['0.0.0.0', '*'], ['::', '::*']];
  const familyOf = (address: string) => families.findIndex(wildcards => wildcards.includes(address.replace(/^-/, '')));
  const check = (addresses: string[]) => {
    const other = addresses.find(address => familyOf(address) < 0);
    if (other !== undefined) {
      return [problem(prop, 'hold wildcards only (0.0.0.0 or *, :: or ::*)', other, 'all pods read the same redis.conf, and each must let the others in')];
    }
    if (addresses.length === 0) {
      return [problem(prop, 'hold a wildcard (0.0.0.0 or *, :: or ::*)', addresses.join(' '), 'the other pods could not connect')];
    }
    return new Set(addresses.map(familyOf)).size === addresses.length
      ? []
      : [problem(prop, 'hold one wildcard for IPv4 and one for IPv6 at most', addresses.join(' '), 'Redis would stop because the address is in use already')];
  };
  return setting(prop, directive, check, addresses => [addresses]);
}

export function eventClasses(prop: PropOf<string>, directive: string): Setting {
  const check = (value: string, version: RedisVersion) => {
    const isRedis = (major: number, minor: number) => !version.isValkey && version.atLeast(major, minor);
    const letters = `KEg$lshzxeAtmd${version.atLeast(7, 0) ? 'n' : ''}${isRedis(8, 2) ? 'oc' : ''}${isRedis(8, 8) ? 'STIV' : ''}`;
    if (version.isKnown ? [...value].some(letter => !letters.includes(letter)) : !/^[A-Za-z$]*$/.test(value)) {
      return [problem(prop, `consist of the letters ${letters}`, value, `${version.name} knows no other event classes`)];
    }
    return value === '' || (isRedis(8, 8) ? /[KESTIV]/ : /[KE]/).test(value) ? [] : [problem(prop, 'hold K, E or both', value, 'nothing would be published: K stands for the channels by key, E for those by event')];
  };
  return setting(prop, directive, check, value => [[value]]);
}

function wholeUnits(prop: string, value: number, unit: string, { min = 0, max = LARGEST_INTEGER, reason }: UnitBounds): string[] {
  const units = (number: number) => `${number} ${unit}${number === 1 ? '' : 's'}`;
  if (!Number.isInteger(value)) {
    return [problem(prop, `be a whole number of ${unit}s`, value, 'redis.conf holds no fractions')];
  }
  if (value < min) {
    return [problem(prop, `be at least ${units(min)}`, value, reason)];
  }
  return value > max ? [problem(prop, `be at most ${units(max)}`, value, 'Redis can hold no larger number')] : [];
}

/** The largest unit of Redis that gives a whole number; its kb, mb and gb are powers of 1024. */
function sizeWord(size: Size): string {
  const total = kibibytes(size);
  const units: [string, number][] = [['gb', 1024 ** 2], ['mb', 1024]];
  const [unit, factor] = units.find(([, factorOfUnit]) => total % factorOfUnit === 0) ?? ['kb', 1];
  return `${total / factor}${unit}`;
}
