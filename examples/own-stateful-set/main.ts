/** A StatefulSet that you write yourself; the library adds the Job that makes its pods a cluster. Probes, disks and restarts are yours. */
import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { ClusterInitJob, RedisClusterApp } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();
const chart = new Chart(app, 'cache', { namespace: 'shop' });
const labels = { app: 'cache' };

new k8s.KubeService(chart, 'Nodes', {
  metadata: { name: 'cache-nodes' },
  spec: { clusterIp: 'None', publishNotReadyAddresses: true, selector: labels, ports: [{ port: 6379 }] },
});
const nodes = new k8s.KubeStatefulSet(chart, 'Cache', {
  metadata: { name: 'cache' },
  spec: {
    serviceName: 'cache-nodes',
    replicas: 6,
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'redis',
          image: 'redis:7.0',
          command: ['redis-server', '--cluster-enabled', 'yes', '--protected-mode', 'no'],
          ports: [{ containerPort: 6379 }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        }],
      },
    },
  },
});
new ClusterInitJob(chart, 'Init', { statefulSet: nodes, masters: 3, replicasPerMaster: 1, image: 'redis:7.0' });

app.synth();
