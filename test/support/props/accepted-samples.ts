import * as fc from 'fast-check';
import { CHANGES } from './arbitrary-changes';
import { changedProps } from './arbitrary-props';
import { RedisClusterProps } from '../../../src';
import { synthCluster } from '../synth';

/** Props at a bound that are accepted, at least one: what the library accepts, Redis and Kubernetes must take. */
export function acceptedSamples(change: keyof typeof CHANGES, most: number, always: Partial<RedisClusterProps> = {}): RedisClusterProps[] {
  const samples = fc.sample(changedProps(CHANGES[change]), { numRuns: 40, seed: 20260101 }).map(props => ({ ...props, ...always }));
  const accepted = samples.filter(isAccepted).slice(0, most);
  expect(accepted).not.toEqual([]);
  return accepted;
}

function isAccepted(props: RedisClusterProps): boolean {
  try {
    synthCluster(props);
    return true;
  } catch {
    return false;
  }
}
