import { Kubectl } from './kubectl';
import { PASSWORDS } from './secure-cluster';
import { Authority } from '../authority';

/** Pods with a client of Redis: `granted`, which the NetworkPolicy lets in, and `stranger`. */
export class Visitors {
  public static async create(kubectl: Kubectl, image: string): Promise<Visitors> {
    const other = await Authority.create('other');
    await kubectl.run(['create', 'secret', 'generic', 'other', `--from-literal=ca.crt=${other.certificate}`]);
    await kubectl.applyObjects(...['granted', 'stranger'].map(name => pod(name, image)));
    await kubectl.run(['wait', '--for=condition=Ready', 'pod/granted', 'pod/stranger', '--timeout=60s'], 70);
    return new Visitors(kubectl);
  }

  private constructor(private readonly kubectl: Kubectl) {}

  /** What a pod is answered, as the user of an application unless the options say otherwise. */
  public async ask(visitor: string, node: string, port: number, options: string, command = 'PING'): Promise<string> {
    const password = options.includes('--user') && !options.includes('--pass') ? PASSWORDS.app : '';
    const script = `
      export REDISCLI_AUTH="$4"; [ -n "$4" ] || unset REDISCLI_AUTH
      cli=$(command -v redis-cli || command -v valkey-cli)
      timeout 3 "$cli" -h "$1.redis-cluster-headless" -p "$2" $3 ${command} 2>&1 || [ $? -ne 124 ] || echo 'no answer'`;
    const output = await this.attempt(visitor, script, [node, String(port), options, password]);
    return output.split('\n').filter(line => !line.startsWith('Warning:') && line.trim() !== '').join('\n');
  }

  /** What a pod reads of the metrics of a node. */
  public async scrape(visitor: string, node: string): Promise<string> {
    const script = `
      timeout 5 bash -c 'exec 3<>"/dev/tcp/$0.redis-cluster-headless/9121"; printf "GET /metrics HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3' "$1" || echo 'no answer'`;
    return (await this.attempt(visitor, script, [node])).trim();
  }

  private async attempt(visitor: string, script: string, args: string[]): Promise<string> {
    const container = visitor.startsWith('redis') ? ['--container', 'redis'] : [];
    return (await this.kubectl.attempt(['exec', visitor, ...container, '--', 'sh', '-c', script, 'sh', ...args])).output;
  }
}

function pod(name: string, image: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { role: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'client',
        image,
        command: ['sleep', 'infinity'],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'tls', mountPath: '/etc/redis-tls' }, { name: 'other', mountPath: '/etc/other' }],
      }],
      volumes: [
        { name: 'tls', secret: { secretName: 'redis-cluster-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { name: 'other', secret: { secretName: 'other' } },
      ],
    },
  };
}
