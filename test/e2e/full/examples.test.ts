import { join } from 'node:path';
import { Authority } from '../../support/authority';
import { Cluster } from '../../support/kubernetes/cluster';
import { define } from '../../support/kubernetes/definitions';
import { smallExampleIn } from '../../support/kubernetes/example';
import { Kubectl } from '../../support/kubernetes/kubectl';
import { TestNamespace } from '../../support/kubernetes/test-namespace';
import { examples, objectsOf, writeFiles } from '../../support/pages/examples';

/** Those that are not three masters with a replica each. */
const SHAPES: Record<string, { masters: number; replicasPerMaster: number }> = {
  'three-zones': { masters: 5, replicasPerMaster: 2 },
};

/** The Secrets that an example refers to, with keys and values. */
const SECRETS: Record<string, Record<string, Record<string, string>>> = {
  'app-with-access': { 'sessions-password': { password: 'secret "words"' } },
  'backup': { 'sessions-auth': { password: 'of the cluster', app: 'of the application', backup: 'of backups' } },
  'monitoring': { 'sessions-auth': { password: 'of the cluster', app: 'of the application', exporter: 'of figures' } },
  'production-cert-manager': { 'sessions-auth': { password: 'of the cluster', app: 'of the application' } },
};

async function createSecrets({ kubectl }: TestNamespace, example: string): Promise<void> {
  for (const [name, values] of Object.entries(SECRETS[example] ?? {})) {
    await kubectl.run(['create', 'secret', 'generic', name, ...Object.entries(values).map(([key, value]) => `--from-literal=${key}=${value}`)]);
  }
}

/** The part of cert-manager. */
async function sign({ kubectl }: TestNamespace, { spec }: any): Promise<void> {
  const authority = await Authority.create('authority');
  await authority.sign(spec);
  const files = ['tls.crt', 'tls.key', 'ca.crt'].map(file => `--from-file=${join(authority.folder, file)}`);
  await kubectl.run(['create', 'secret', 'generic', spec.secretName, ...files]);
}

beforeAll(async () => {
  await define(new Kubectl('default'), 'certificates', 'monitoring');
});

test.each(examples)('the example `%s` is applied as it is written, and its clusters form', async example => {
  const namespace = await TestNamespace.create('example', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  const { kubectl } = namespace;
  try {
    await namespace.explained(async () => {
      const files = smallExampleIn(namespace.name, example);
      const objects = objectsOf(files);
      await createSecrets(namespace, example);
      for (const certificate of objects.filter(({ kind }) => kind === 'Certificate')) {
        await sign(namespace, certificate);
      }
      const folder = writeFiles(files);
      await kubectl.run(['apply', '--filename', folder]);
      await kubectl.run(['wait', '--for=condition=complete', 'jobs', '--all', '--timeout=300s'], 310);

      for (const { metadata } of objects.filter(({ kind }) => kind === 'StatefulSet')) {
        await new Cluster(kubectl, metadata.name, SHAPES[example]).becomesWhole(60);
      }
      // Nothing that the API server adds is a difference to what was written.
      expect((await kubectl.attempt(['diff', '--filename', folder])).output).toBe('');
    })();
  } finally {
    await namespace.remove();
  }
});
