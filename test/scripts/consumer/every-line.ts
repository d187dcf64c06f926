import { App, Chart, Cron, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28'; // each line in turn
import { Construct, IConstruct } from 'constructs';
import { ClusterInitJob, PodDiscovery, RedisCluster, RedisClusterProps } from '../../../src';

const { k8s } = kplus;
const metadata = { labels: { app: 'api' } };
const container = { name: 'api', image: 'api:1' };
const template = { metadata, spec: { initContainers: [{ name: 'migrate', image: 'api:1' }], containers: [container] } };
const spec = { selector: { matchLabels: metadata.labels }, template };
const containers = [{ ...container, securityContext: { user: 1000 }, portNumber: 80 }];
const serviceFor = (scope: Construct, name?: string) => new kplus.Service(scope, 'Service', { metadata: { name }, ports: [{ port: 80 }] });

/** A workload of each kind, of the line's own classes and of its typed objects. */
const workloads: { [kind: string]: (scope: Construct) => IConstruct } = {
  CronJob: scope => new kplus.CronJob(scope, 'Api', { schedule: Cron.daily(), containers }),
  DaemonSet: scope => new kplus.DaemonSet(scope, 'Api', { containers }),
  Deployment: scope => new kplus.Deployment(scope, 'Api', { containers }),
  Job: scope => new kplus.Job(scope, 'Api', { containers }),
  Pod: scope => new kplus.Pod(scope, 'Api', { containers }),
  StatefulSet: scope => new kplus.StatefulSet(scope, 'Api', { containers, service: serviceFor(scope) }),
  KubeCronJob: scope => new k8s.KubeCronJob(scope, 'Api', { spec: { schedule: '0 1 * * *', jobTemplate: { spec: { template } } } }),
  KubeDaemonSet: scope => new k8s.KubeDaemonSet(scope, 'Api', { spec }),
  KubeDeployment: scope => new k8s.KubeDeployment(scope, 'Api', { spec }),
  KubeJob: scope => new k8s.KubeJob(scope, 'Api', { spec: { template } }),
  KubePod: scope => new k8s.KubePod(scope, 'Api', template),
  KubeStatefulSet: scope => new k8s.KubeStatefulSet(scope, 'Api', { spec: { serviceName: 'api', ...spec } }),
};

/** Objects of the line in the props of the cluster: that it compiles is what is tried. */
export function propsOf(scope: Construct, toleration: kplus.k8s.Toleration, affinity: kplus.k8s.Affinity): RedisClusterProps {
  const password: kplus.SecretValue = { secret: kplus.Secret.fromSecretName(scope, 'Secret', 'auth'), key: 'password' };
  const resources: kplus.ContainerResources = { cpu: { limit: kplus.Cpu.units(1) }, memory: { limit: Size.gibibytes(1) } };
  return { password, resources, imagePullPolicy: kplus.ImagePullPolicy.ALWAYS, tolerations: [toleration], affinity };
}

function granted(kind: string): object {
  const app = new App();
  const cluster = new RedisCluster(new Chart(app, 'redis'), 'Cluster', { networkPolicy: true });
  const chart = new Chart(app, 'client');
  const workload = workloads[kind](chart);
  cluster.grantAccess(workload);
  if (workload instanceof kplus.Deployment) {
    workload.addContainer({ ...containers[0], name: 'later', portNumber: 81 });
  }
  const object = chart.toJson().find(candidate => candidate.kind === kind.replace('Kube', ''));
  const pod = object.kind === 'Pod' ? object : object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec.template;
  const policy = Chart.of(cluster).toJson().find(({ metadata: { name } }) => name.startsWith('redis-cluster-client-'));
  return {
    kind,
    containers: [...pod.spec.containers, ...pod.spec.initContainers ?? []].map(({ env }) => env.map((variable: { name: string }) => variable.name)),
    labels: pod.metadata.labels,
    selector: policy.spec.ingress[0].from[0].podSelector,
  };
}

function initJob(): object {
  const chart = new Chart(new App(), 'own');
  const statefulSet = new kplus.StatefulSet(chart, 'Cache', { metadata: { name: 'cache' }, replicas: 6, containers, service: serviceFor(chart, 'cache-nodes') });
  new ClusterInitJob(chart, 'Init', { statefulSet, discovery: PodDiscovery.DNS });
  const { env } = chart.toJson().find(({ kind }) => kind === 'Job').spec.template.spec.containers[0];
  const valueOf = (name: string) => env.find((variable: { name: string }) => variable.name === name).value;
  return { NAME: valueOf('NAME'), SERVICE: valueOf('SERVICE') };
}

console.log(JSON.stringify(process.argv[2] === 'init-job' ? initJob() : Object.keys(workloads).map(granted)));
