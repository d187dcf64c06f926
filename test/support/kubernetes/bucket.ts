import { Kubectl } from './kubectl';
import { BackupTarget } from '../../../src';

const IMAGE = process.env.E2E_RCLONE_IMAGE ?? 'rclone/rclone:1.75.2';
const KEYS = { id: 'key', secret: 'secret=$1', phrase: 'a "phrase" \\' };

/** A bucket in a namespace, which outlives those of the clusters. */
export class Bucket {
  public static async create(kubectl: Kubectl): Promise<Bucket> {
    const labels = { app: 'store' };
    await kubectl.applyObjects(
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'store' }, spec: { selector: labels, ports: [{ port: 8080 }] } },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'store', labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{
            name: 'store',
            image: IMAGE,
            command: ['sh', '-c', 'mkdir -p /data/backups && exec rclone serve s3 --addr :8080 --dir-cache-time 1s /data'],
            env: [{ name: 'RCLONE_AUTH_KEY', value: `"${KEYS.id},${KEYS.secret}"` }],
            readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          }],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    );
    await kubectl.run(['wait', '--for=condition=Ready', 'pod/store', '--timeout=90s'], 100);
    return new Bucket(kubectl);
  }

  private constructor(private readonly kubectl: Kubectl) {}

  /** As a cluster in another namespace names it, with the keys that `letIn` has put there. */
  public target(encrypted: boolean): BackupTarget {
    const key = (name: string) => ({ secret: { name: 'store' }, key: name });
    return BackupTarget.s3({
      bucket: 'backups',
      prefix: 'e2e',
      endpoint: `http://store.${this.kubectl.namespace}.svc:8080`,
      accessKeyId: key('id'),
      secretAccessKey: key('secret'),
      encryptionPassword: encrypted ? key('phrase') : undefined,
      rcloneImage: IMAGE,
    });
  }

  public async letIn(kubectl: Kubectl): Promise<void> {
    await kubectl.run(['create', 'secret', 'generic', 'store', ...Object.entries(KEYS).map(([key, value]) => `--from-literal=${key}=${value}`)]);
  }

  /** The names of all files. */
  public async files(): Promise<string> {
    return this.kubectl.run(['exec', 'store', '--', 'find', '/data', '-type', 'f']);
  }
}
