/** The production preset: TLS by cert-manager, users, a NetworkPolicy, pinned images. Create the Secret `sessions-auth` first. */
import { RedisClusterApp, RedisClusterChart, RedisClusterPreset, RedisTls } from 'cdk8s-redis-cluster';

// As your registry has them.
const REDIS = 'redis:8.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const KUBECTL = 'alpine/kubectl:1.34.1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

const app = new RedisClusterApp();
const { cluster } = new RedisClusterChart(app, 'sessions', {
  name: 'sessions',
  namespace: 'data',
  preset: RedisClusterPreset.PRODUCTION,
  image: REDIS,
  initJob: { kubectlImage: KUBECTL },
  tls: RedisTls.fromIssuer('internal-authority'),
});
cluster.grantAccessByLabels('metrics', { podLabels: { app: 'metrics' } });
app.synth();
