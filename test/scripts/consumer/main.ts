import { App, Chart, ChartProps, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28'; // the line that `cdk8s init` installs
import { Construct } from 'constructs';
import { RedisCluster, RedisTls } from '../../../src';

export class MyChart extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = { }) {
    super(scope, id, props);

    const secret = kplus.Secret.fromSecretName(this, 'Passwords', 'sessions-auth');
    const sessions = new RedisCluster(this, 'Sessions', {
      name: 'sessions',
      image: 'redis:7.0',
      password: { secret, key: 'password' },
      users: [{ name: 'app', password: { secret, key: 'app' } }],
      tls: RedisTls.fromSecret(kplus.Secret.fromSecretName(this, 'Certificate', 'sessions-tls')),
      networkPolicy: true,
      resources: {
        cpu: { request: kplus.Cpu.millis(250) },
        memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
      },
      imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
    });
    const api = new kplus.Deployment(this, 'Api', { metadata: { name: 'api' }, containers: [{ image: 'registry.example/api:1.4.2' }] });
    sessions.grantAccess(api);
  }
}

const app = new App();
new MyChart(app, 'shop');
app.synth();
