import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { RedisClusterProps } from '../../src';
import { yamlOf } from '../../src/app/yaml';
import { CHANGES } from '../support/props/arbitrary-changes';
import { acceptableProps, changedProps, propsAtBounds } from '../support/props/arbitrary-props';
import { synthCluster, Synthesized } from '../support/synth';

const SEED = 20260101;

function attempt(props: RedisClusterProps): Synthesized | string {
  try {
    return synthCluster(props);
  } catch (error) {
    return (error as Error).message;
  }
}

/** A reason for each problem, in a line with path, prop, bound and value. */
function expectReasons(message: string): void {
  for (const line of message.split('\n')) {
    expect(line).toMatch(/^\[test\/Cluster(\/\w+)?\] '[\w.[\]-]+' must .+, got .+; .+$/u);
  }
}

/** It is written as cdk8s writes it, and reads as it was meant: no text breaks out of YAML or of its line. */
function expectFaithful(synthesized: Synthesized): void {
  const { objects } = synthesized;
  const yaml = Yaml.stringify(...objects);
  expect(objects.map(object => yamlOf(object)).join('---\n')).toBe(yaml);
  expect(parseAllDocuments(yaml).map(document => document.toJS() as unknown)).toEqual(objects);
  for (const text of synthesized.all('ConfigMap').flatMap(object => [object.data['redis.conf'], object.data['users.acl']]).filter(Boolean)) {
    expect(text).toMatch(/^([\x20-\x7e]+\n)+$/);
  }
}

test('good props are accepted, and rendered faithfully', () => {
  fc.assert(fc.property(acceptableProps, props => expectFaithful(synthCluster(props))), { numRuns: 80, seed: SEED });
});

test.each(Object.entries(CHANGES))('a change of %s leaves good props good, or has a reason why not; both occur', (_, change) => {
  const outcomes = fc.sample(changedProps(change), { numRuns: 40, seed: SEED }).map(attempt);
  const accepted = outcomes.filter(outcome => outcome instanceof Synthesized);
  const refused = outcomes.filter(outcome => typeof outcome === 'string');
  refused.forEach(expectReasons);
  accepted.slice(0, 3).forEach(expectFaithful); // the rest differs in numbers
  expect(accepted.length).toBeGreaterThanOrEqual(4);
  expect(refused.length).toBeGreaterThanOrEqual(4);
});

test('several changes at once have a reason each', () => {
  const messages = fc.sample(propsAtBounds, { numRuns: 150, seed: SEED }).map(attempt).filter(outcome => typeof outcome === 'string');
  messages.forEach(expectReasons);
  expect(messages.filter(message => message.includes('\n')).length).toBeGreaterThan(messages.length / 4);
  expect(messages.length).toBeLessThan(150);
});
