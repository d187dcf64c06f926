/** The production preset with an exporter, a PodMonitor and alerts for kube-prometheus-stack, and a dashboard. Create the Secret `sessions-auth` first. */
import { Chart } from 'cdk8s';
import { RedisClusterApp, RedisClusterChart, RedisClusterPreset, RedisDashboard, RedisLogFormat, RedisMonitoring, RedisTls } from 'cdk8s-redis-cluster';

// As your registry has them.
const DIGEST = '@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

const app = new RedisClusterApp();
new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  preset: RedisClusterPreset.PRODUCTION,
  image: `redis:8.0${DIGEST}`,
  initJob: { kubectlImage: `alpine/kubectl:1.34.1${DIGEST}` },
  tls: RedisTls.fromIssuer('internal-authority'),
  logFormat: RedisLogFormat.JSON,
  monitoring: RedisMonitoring.podMonitor({
    image: `oliver006/redis_exporter:v1.88.0${DIGEST}`,
    labels: { release: 'kube-prometheus-stack' },
    password: { secret: { name: 'sessions-auth' }, key: 'exporter' },
    prometheus: { podLabels: { 'app.kubernetes.io/name': 'prometheus' }, namespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
    alerts: { labels: { team: 'web' }, kubeStateMetrics: true, kubeletMetrics: true, certManagerMetrics: true },
  }),
});
new RedisDashboard(new Chart(app, 'dashboards', { namespace: 'monitoring' }), 'Redis'); // one for all clusters
app.synth();
