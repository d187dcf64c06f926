import { Duration } from 'cdk8s';
import { problem } from './problem';

/** What a number of 32 bits can be at most, as Kubernetes has them for counts and for some times. */
export const LARGEST_INT32 = 2 ** 31 - 1;

export interface Bounds {
  readonly min: number;
  readonly max?: number;
  readonly reason: string;
}

/** Checks a whole number; an absent one is left to its default. */
export function integer(prop: string, value: number | undefined, { min, max, reason }: Bounds): string[] {
  if (value === undefined || Number.isInteger(value) && value >= min && value <= (max ?? Infinity)) {
    return [];
  }
  const bound = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return [problem(prop, `be a whole number ${bound}`, value, reason)];
}

/** Checks the port of Redis, whose cluster bus takes the port 10000 above it; where a pod of this library listens, from 1024. */
export function redisPort(prop: string, value: number | undefined, min = 1): string[] {
  const isPrivileged = value !== undefined && value > 0 && value < min;
  return integer(prop, value, {
    min,
    max: 55535,
    reason: isPrivileged ? `the pods do not run as root, and only root may listen below ${min}`
      : 'the cluster bus takes the port 10000 above it, and ports end at 65535',
  });
}

/** Checks a choice, for callers without types. */
export function oneOf(prop: string, value: string | undefined, values: readonly string[], reason: string): string[] {
  return value === undefined || values.includes(value) ? [] : [problem(prop, `be one of ${values.join(', ')}`, value, reason)];
}

/** Whether an object has what the factories of its class give it, for callers without types. */
export function isMade<T extends object>(value: T | undefined, field: keyof T): value is T {
  return typeof value === 'object' && value !== null && field in value;
}

/** The problem that no factory has made an object. */
export function notMade(prop: string, factories: string, value: unknown, reason: string): string {
  return problem(prop, `be made by ${factories}`, value === undefined || value === null ? value : 'something else', reason);
}

/** Checks a time that is counted in seconds; an absent one is left to its default. */
export function wholeSeconds(prop: string, duration: Duration | undefined, min: number, reason = 'Kubernetes counts it in seconds'): string[] {
  const seconds = duration?.toSeconds({ integral: false });
  if (seconds !== undefined && seconds > LARGEST_INT32) {
    return [problem(prop, `be at most ${LARGEST_INT32} seconds`, duration, 'Kubernetes counts some times in 32 bits, and no other needs more than these 68 years')];
  }
  return seconds === undefined || Number.isInteger(seconds) && seconds >= min ? []
    : [problem(prop, `be whole seconds, at least ${min}`, duration, reason)];
}
