/** An application that connects: a Deployment with its variables, a password from a Secret, and a NetworkPolicy that lets it in. */
import { Chart } from 'cdk8s';
import { Capability, Deployment, SeccompProfileType, Secret } from 'cdk8s-plus-28';
import { RedisCluster, RedisClusterApp } from 'cdk8s-redis-cluster';

// What namespaces that enforce the Pod Security level `restricted` ask for.
const restricted = { user: 1000, seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT }, capabilities: { drop: [Capability.ALL] } };

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
  containers: [{ image: 'registry.example/api:1.4.2', securityContext: restricted }],
});
cluster.grantAccess(api);

app.synth();
