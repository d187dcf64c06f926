import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { synthCluster } from '../support/synth';

/** Where values of the original YAML cannot stand, by their place; docs/original-yaml.md says why. */
const DIFFERENT: Record<string, unknown> = {
  'StatefulSet/redis-cluster.spec.template.spec.containers[redis].command[0]': 'sh',
  'StatefulSet/redis-cluster.spec.template.spec.containers[redis].command[1]': '/scripts/start.sh',
  'Job/redis-cluster-init.spec.template.spec.serviceAccountName': 'redis-cluster-init',
  'Job/redis-cluster-init.spec.template.spec.containers[kubectl].image': 'alpine/kubectl:1.34.1',
};

const objects = synthCluster();
const documents = ['configmap', 'service', 'statefulset', 'redis-cluster-init'].map(file =>
  parse(readFileSync(join(__dirname, 'original', `${file}.yaml`), 'utf8')));

/** Every leaf of an object with its place; items of a list are called by their name, port or position. */
function leaves(value: any, place: string): [string, unknown][] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leaves(item, `${place}[${keyOf(item) ?? index}]`));
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, child]) => leaves(child, `${place}.${key}`));
  }
  return [[place, value]];
}

const keyOf = (item: any) => item?.metadata?.name ?? item?.mountPath ?? item?.containerPort ?? item?.port ?? item?.name;

describe.each(documents.map(document => [`${document.kind}/${document.metadata.name}`, document] as const))('%s', (title, document) => {
  const rendered = new Map(leaves(objects.one(document.kind, document.metadata.name), title));

  test.each(leaves(document, title))('has %s as in the original YAML', (place, value) => {
    expect(rendered.get(place)).toEqual(place in DIFFERENT ? DIFFERENT[place] : value);
  });
});

test('every difference that is listed is one', () => {
  const all = new Map(documents.flatMap(document => leaves(document, `${document.kind}/${document.metadata.name}`)));
  for (const [place, value] of Object.entries(DIFFERENT)) {
    expect(all.get(place)).not.toEqual(value);
  }
});
