import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { RedisClusterProps } from '../src';
import { acceptableProps, arbitraryProps } from './support/arbitrary-props';
import { synthCluster, Synthesized } from './support/synth';
import { YamlWriter } from '../src/private/yaml-writer';

function attempt(props: RedisClusterProps): Synthesized | string {
  try {
    return synthCluster(props);
  } catch (error) {
    return (error as Error).message;
  }
}

test('whatever is refused has a reason for each problem, in a line with path, prop, bound and value', () => {
  fc.assert(fc.property(arbitraryProps, props => {
    const outcome = attempt(props);
    for (const line of typeof outcome === 'string' ? outcome.split('\n') : []) {
      expect(line).toMatch(/^\[test\/Cluster(\/\w+)?\] '[\w.[\]-]+' must .+, got .+; .+$/u);
    }
  }), { numRuns: 300, seed: 20260101 });
});

test('whatever is accepted is written as cdk8s writes it, byte for byte', () => {
  const writer = new YamlWriter(); // one for all, so that it has written much of it before
  fc.assert(fc.property(acceptableProps, props => {
    const { objects } = synthCluster(props);
    expect(objects.map(object => writer.write(object)).join('---\n')).toBe(Yaml.stringify(...objects));
  }), { numRuns: 80, seed: 20260101 });
});

test('whatever is accepted reads as it was meant: no text breaks out of YAML or of its line', () => {
  fc.assert(fc.property(acceptableProps, props => {
    const synthesized = synthCluster(props);
    const { objects } = synthesized;
    const read = parseAllDocuments(Yaml.stringify(...objects)).map(document => document.toJS() as unknown);
    expect(read).toEqual(objects);
    for (const text of synthesized.all('ConfigMap').flatMap(object => [object.data['redis.conf'], object.data['users.acl']]).filter(Boolean)) {
      expect(text).toMatch(/^([\x20-\x7e]+\n)+$/);
    }
  }), { numRuns: 80, seed: 20260101 });
});
