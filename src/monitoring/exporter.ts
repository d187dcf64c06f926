import { METRICS_PORT } from './monitoring';
import { TLS_FOLDER } from '../access/tls';
import { EXPORTER } from '../access/users';
import { ClusterSettings } from '../cluster/cluster-settings';
import * as k8s from '../kubernetes/objects';
import { containerSecurityContext } from '../kubernetes/pod-security';
import { besideServer, resourceRequirements } from '../resources/resource-requirements';
import { RedisLogFormat } from '../scripts/redis-log-format';

const AUTHORITY = 'redis-authority';

/**
 * The exporter, beside the server and no sidecar among the init containers, which would keep the server from starting as long as its image
 * cannot be pulled. Its password is a variable, as its file of passwords would have to be JSON.
 */
export function exporterContainers(settings: ClusterSettings): k8s.Container[] {
  const { monitoring, port, tls, version, logFormat } = settings;
  if (!monitoring) {
    return [];
  }
  const { password } = monitoring;
  return [{
    name: 'exporter',
    image: monitoring.image,
    imagePullPolicy: settings.imagePullPolicy,
    args: [
      `--redis.addr=${tls ? 'rediss' : 'redis'}://localhost:${port}`,
      '--config-command=-', // CONFIG GET shows passwords
      '--set-client-name=false',
      '--disable-scrape-endpoint', // it would tell the password to any address that it is asked to scrape
      ...logFormat === RedisLogFormat.JSON ? ['--log-format=json'] : [],
      ...version.atLeast(7, 0) ? [] : ['--exclude-latency-histogram-metrics'],
      ...tls ? [`--tls-ca-cert-file=${TLS_FOLDER}/ca.crt`] : [],
      ...tls?.authClients ? [`--tls-client-cert-file=${TLS_FOLDER}/tls.crt`, `--tls-client-key-file=${TLS_FOLDER}/tls.key`] : [],
    ],
    env: password && [
      { name: 'REDIS_USER', value: EXPORTER },
      { name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name: password.secretName, key: password.key } } },
    ],
    ports: [{ name: 'metrics', containerPort: METRICS_PORT }],
    resources: monitoring.resources ? resourceRequirements(monitoring.resources) : besideServer(settings.resources, '32Mi'),
    securityContext: containerSecurityContext,
    volumeMounts: tls && [{ name: tls.authClients ? 'redis-tls' : AUTHORITY, mountPath: TLS_FOLDER, readOnly: true }],
  }];
}

/** The certificate of the authority alone: the exporter has no use for the key of the nodes, unless it must show it. */
export function exporterVolumes({ monitoring, tls }: ClusterSettings): k8s.Volume[] {
  return !monitoring || !tls || tls.authClients ? []
    : [{ name: AUTHORITY, secret: { secretName: tls.secretName, items: [{ key: 'ca.crt', path: 'ca.crt' }], defaultMode: 0o440 } }];
}
