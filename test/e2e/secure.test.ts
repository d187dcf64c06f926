import { eventually } from '../support/eventually';
import { connect } from '../support/kubernetes/client';
import { Cluster } from '../support/kubernetes/cluster';
import { lostKeys, writeDataSet } from '../support/kubernetes/data-set';
import { recordFault } from '../support/kubernetes/fault-records';
import { faults } from '../support/kubernetes/faults';
import { endure, expectSurvival } from '../support/kubernetes/ordeal';
import { passwordOf, PASSWORDS, SecureCluster } from '../support/kubernetes/secure-cluster';
import { images, isFull, isSelected } from '../support/kubernetes/selection';
import { TestNamespace } from '../support/kubernetes/test-namespace';
import { Visitors } from '../support/kubernetes/visitors';
import { Writer } from '../support/kubernetes/writer';

describe.each(images.production)('the production preset on %s', image => {
  let namespace: TestNamespace;
  let subject: SecureCluster;
  let cluster: Cluster;
  let dataSet: string[];

  const step = (title: string, body: () => Promise<void>) => test(title, () => namespace.explained(body)());

  beforeAll(async () => {
    namespace = await TestNamespace.create('secure', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    subject = await SecureCluster.create(namespace.kubectl, { image });
    cluster = subject.cluster;
  });

  afterAll(() => namespace.remove());

  step('forms, and keeps the data of a client that checks every certificate', async () => {
    await subject.deploy();
    const client = await connect(cluster);
    dataSet = await writeDataSet(client, 'data', 1000);
    expect(await lostKeys(client, dataSet)).toEqual([]);
    client.disconnect();
  });

  step('shows no password in any object or log', async () => {
    const everything = [
      await namespace.kubectl.run(['get', 'all,configmaps,certificates', '--output', 'yaml']),
      await namespace.kubectl.run(['logs', '--selector', 'app in (redis-cluster, redis-cluster-init)', '--all-containers', '--tail=-1']),
      await namespace.kubectl.shell('redis-cluster-0', 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n"'),
    ].join('\n');
    expect(everything).toContain('redis-cluster');
    expect(everything).not.toContain(PASSWORDS.password.slice(0, 12));
    expect(everything).not.toContain(PASSWORDS.app.slice(0, 9));
  });

  step('lets in who was granted access, with user, password and certificate, and nobody else', async () => {
    const visitors = await Visitors.create(namespace.kubectl, image);
    const [node] = await cluster.pods();
    const ask = (visitor: string, options: string, port = 6379) => visitors.ask(visitor, node.metadata.name, port, options);
    const trusting = '--tls --cacert /etc/redis-tls/ca.crt';
    const app = '--user app';

    expect(await ask('granted', `${trusting} ${app}`)).toBe('PONG');
    expect(await ask('granted', trusting)).toMatch(/^(NOAUTH|AUTH failed: WRONGPASS)/); // there is no default user
    expect(await ask('granted', `${trusting} --user app --pass wrong`)).toMatch(/WRONGPASS/);
    expect(await ask('granted', `${trusting} --user gone`)).toMatch(/WRONGPASS/);
    expect(await ask('granted', app)).toMatch(/Connection reset|Server closed|I\/O error|Error/);
    expect(await ask('granted', `--tls --cacert /etc/other/ca.crt ${app}`)).toMatch(/certificate verify failed/);
    expect(await ask('granted', `${trusting} ${app}`, 16379)).toBe('no answer');
    expect(await ask('stranger', `${trusting} ${app}`)).toBe('no answer');
    expect(await ask('redis-cluster-1', '', 16379)).not.toMatch(/PONG/); // a node's own pod, but in plaintext
    expect(await visitors.ask('granted', node.metadata.name, 6379, `${trusting} ${app}`, 'FLUSHALL')).toMatch(/^NOPERM/);
  });

  for (const fault of faults.filter(each => isSelected(each, 'production', image))) {
    step(`survives: ${fault.title}`, async () => {
      const outcome = await endure(subject, fault, dataSet);
      recordFault({ owner: 'library', mode: 'production', image, ...fault, outcome });
      expectSurvival(fault, outcome);
    });
  }

  if (!isFull) {
    return; // a kubelet takes a minute or two to write a renewed Secret, and another password takes three rollouts
  }

  step('takes up a renewed certificate while it runs', async () => {
    const serial = async () => {
      const [pod] = await cluster.pods();
      const { output } = await namespace.kubectl.attempt(['exec', pod.metadata.name, '--container', 'redis', '--', 'sh', '-c',
        'cksum < /etc/redis-tls/tls.crt; cat /proc/1/cmdline | tr "\\0" " "']);
      return output;
    };
    const before = await serial();
    await subject.renewCertificate();
    await eventually('the kubelet has written the new certificate', async () => (await serial()) !== before, 150, 2000);
    await eventually('the healing has told every server', async () => {
      const logs = await namespace.kubectl.run(['logs', '--selector', 'app=redis-cluster', '--container', 'heal', '--tail=-1', '--prefix']);
      return new Set([...logs.matchAll(/^\[pod\/([^/]+)\/.*loads the renewed certificate/gm)].map(match => match[1])).size === 6;
    }, 150, 2000);
    const client = await connect(cluster);
    expect(await lostKeys(client, dataSet)).toEqual([]);
    client.disconnect();
    await cluster.becomesWhole(10);
  });

  step('changes its password by three applies, without a failed write', async () => {
    const client = await connect(cluster);
    const writer = new Writer(client, 'rotation');
    const rolled = async () => {
      await namespace.kubectl.run(['rollout', 'status', 'statefulset/redis-cluster', '--timeout=300s'], 310);
      await cluster.becomesWhole(30);
    };
    await subject.setPasswords({ ...PASSWORDS, next: 'another' });
    await subject.changeProps({ password: passwordOf('password'), alternatePassword: passwordOf('next') });
    await rolled();
    await subject.changeProps({ password: passwordOf('next'), alternatePassword: passwordOf('password') });
    await rolled();
    await subject.changeProps({ alternatePassword: undefined });
    await rolled();
    const { failedWrites, errors, acknowledged } = await writer.stop();
    expect({ failedWrites, errors: [...errors] }).toEqual({ failedWrites: 0, errors: [] });
    expect(await lostKeys(client, acknowledged)).toEqual([]);
    client.disconnect();
  });
});
