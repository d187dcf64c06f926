/** Two clusters in one chart, and a workload that uses both: a prefix tells their variables apart. */
import { Chart, Size } from 'cdk8s';
import { Capability, Deployment, SeccompProfileType } from 'cdk8s-plus-28';
import { MaxmemoryPolicy, RedisCluster, RedisClusterApp, RedisStorage } from 'cdk8s-redis-cluster';

// What namespaces that enforce the Pod Security level `restricted` ask for.
const restricted = { user: 1000, seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT }, capabilities: { drop: [Capability.ALL] } };

const app = new RedisClusterApp();
const chart = new Chart(app, 'shop', { namespace: 'shop' });

const carts = new RedisCluster(chart, 'Carts', { name: 'carts', resources: RedisCluster.DOCUMENTED_RESOURCES });
const pages = new RedisCluster(chart, 'Pages', {
  name: 'pages',
  resources: RedisCluster.DOCUMENTED_RESOURCES,
  config: { maxmemory: Size.mebibytes(512), maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU },
  storage: RedisStorage.persistentVolumeClaim({ size: Size.gibibytes(4) }),
});

const web = new Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  containers: [{ image: 'registry.example/web:2.0.1', securityContext: restricted }],
});
carts.grantAccess(web, { variablePrefix: 'CARTS_' });
pages.grantAccess(web, { variablePrefix: 'PAGES_' });

app.synth();
