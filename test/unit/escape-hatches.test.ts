import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ClusterInitJob, RedisCluster, RedisClusterProps, RedisConfig, RedisTls } from '../../src';
import { containerOf, synth } from '../support/synth';

const cluster = (scope: Construct, props: RedisClusterProps = {}) => new RedisCluster(scope, 'Cluster', props);
const patch = (construct: IConstruct) => ApiObject.of(construct);

describe('the default object', () => {
  test('of a cluster is its StatefulSet, and a patch of it changes nothing else', () => {
    const objects = synth(scope => patch(cluster(scope)).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5)));
    const { spec } = objects.one('StatefulSet');
    expect(spec.minReadySeconds).toBe(5);
    expect(spec.volumeClaimTemplates[0].spec.resources.requests).toEqual({ storage: '1Gi' });
  });

  test('of the init Job is the Job, of the configuration the ConfigMap', () => {
    const objects = synth(scope => {
      const { initJob, config } = cluster(scope);
      patch(initJob).addJsonPatch(JsonPatch.add('/spec/suspend', true));
      patch(config).addJsonPatch(JsonPatch.add('/immutable', true));
    });
    expect(objects.one('Job').spec.suspend).toBe(true);
    expect(objects.one('ConfigMap', 'redis-cluster-config').immutable).toBe(true);
  });

  test('takes fields that Kubernetes 1.28 did not have', () => {
    const objects = synth(scope => patch(cluster(scope)).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/1/resizePolicy', [
      { resourceName: 'memory', restartPolicy: 'RestartContainer' },
    ])));
    expect(containerOf(objects.one('StatefulSet'), 'redis').resizePolicy).toHaveLength(1);
  });

  test('takes labels and annotations', () => {
    const objects = synth(scope => patch(cluster(scope)).metadata.addAnnotation('example.com/owner', 'payments'));
    expect(objects.one('StatefulSet').metadata.annotations).toEqual({ 'example.com/owner': 'payments' });
  });
});

test('a patch of a path that is not there names the construct', () => {
  const missing = () => synth(scope => patch(cluster(scope)).addJsonPatch(JsonPatch.replace('/spec/nothing/here', 1)));
  expect(missing).toThrow("Failed serializing construct at path 'test/Cluster/Resource' with name 'redis-cluster'");
});

test('every object is a child that can be patched, whose path stays', () => {
  const chart = new Chart(new App(), 'test', { namespace: 'data' });
  const { node } = cluster(chart, {
    image: 'redis:7.0', networkPolicy: true, password: { secret: { name: 'auth' }, key: 'password' }, tls: RedisTls.fromIssuer('authority'),
  });
  const objects = node.findAll().filter(ApiObject.isApiObject).map(object => [object.node.path.replace('test/Cluster/', ''), object.kind]);
  expect(objects).toEqual([
    ['Config/Resource', 'ConfigMap'],
    ['Scripts', 'ConfigMap'],
    ['Service', 'Service'],
    ['PeersService', 'Service'],
    ['Resource', 'StatefulSet'],
    ['PodDisruptionBudget', 'PodDisruptionBudget'],
    ['Certificate', 'Certificate'],
    ['NetworkPolicy', 'NetworkPolicy'],
    ['InitJobNetworkPolicy', 'NetworkPolicy'],
    ['InitJob/ServiceAccount', 'ServiceAccount'],
    ['InitJob/Role', 'Role'],
    ['InitJob/RoleBinding', 'RoleBinding'],
    ['InitJob/Resource', 'Job'],
  ]);
  patch(node.findChild('PodDisruptionBudget')).addJsonPatch(JsonPatch.replace('/spec/maxUnavailable', 2));
  expect(chart.toJson().find(({ kind }) => kind === 'PodDisruptionBudget').spec.maxUnavailable).toBe(2);
});

test('an object that is not wanted can be left out', () => {
  const objects = synth(scope => cluster(scope).node.tryRemoveChild('PodDisruptionBudget'));
  expect(objects.all('PodDisruptionBudget')).toEqual([]);
});

test('configuration and init Job have the same hatch alone', () => {
  const objects = synth(scope => {
    patch(new RedisConfig(scope, 'Config')).addJsonPatch(JsonPatch.add('/data/extra.conf', 'maxclients 100'));
    patch(new ClusterInitJob(scope, 'Init')).addJsonPatch(JsonPatch.add('/spec/parallelism', 1));
  });
  expect(objects.one('ConfigMap', 'redis-cluster-config').data).toHaveProperty(['extra.conf']);
  expect(objects.one('Job').spec.parallelism).toBe(1);
});
