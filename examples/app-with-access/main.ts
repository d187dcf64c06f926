/** An application that connects: a Deployment with its variables, a password from a Secret, and a NetworkPolicy that lets it in. */
import { Chart } from 'cdk8s';
import { Deployment, Secret } from 'cdk8s-plus-28';
import { RedisCluster, RedisClusterApp } from 'cdk8s-redis-cluster';

const app = new RedisClusterApp();
const chart = new Chart(app, 'shop', { namespace: 'shop' });

const cluster = new RedisCluster(chart, 'Sessions', {
  name: 'sessions',
  password: { secret: Secret.fromSecretName(chart, 'Password', 'sessions-password'), key: 'password' },
  networkPolicy: true,
  resources: RedisCluster.DOCUMENTED_RESOURCES,
});
const api = new Deployment(chart, 'Api', {
  metadata: { name: 'api' },
  containers: [{ image: 'registry.example/api:1.4.2', securityContext: { user: 1000 } }],
});
cluster.grantAccess(api);

app.synth();
