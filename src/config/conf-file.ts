import { ConfigMapSettings } from './config-settings';
import { SETTINGS } from './typed-settings';
import { word } from './words';
import { TLS_FOLDER } from '../access/tls';
import { RedisVersion } from '../versions/redis-version';

/** The text of redis.conf: cluster mode, the typed settings in their order, TLS, then the extra directives in the order given. */
export function renderRedisConf({ config, version, tls }: ConfigMapSettings): string {
  const shown = tls ? { ...config, port: 0 } : config; // Redis' word for no plaintext port
  const lines = [
    ['cluster-enabled', 'yes'],
    ['cluster-config-file', 'nodes.conf'],
    ...SETTINGS.flatMap(({ directive, lines: linesOf }) => linesOf(shown).map(words => [directive, ...words])),
    ...tls ? tlsLines(config.port, tls.authClients, version) : [],
    ...(config.extraDirectives ?? []).map(({ name, values }) => [name, ...values]),
  ];
  return lines.map(words => `${words.map(word).join(' ')}\n`).join('');
}

/** Clients, replication and cluster bus all encrypted and checked; clients are sent to the names that the certificate has. */
function tlsLines(port: number, authClients: boolean, version: RedisVersion): string[][] {
  return [
    ['tls-port', String(port)],
    ['tls-cert-file', `${TLS_FOLDER}/tls.crt`],
    ['tls-key-file', `${TLS_FOLDER}/tls.key`],
    ['tls-ca-cert-file', `${TLS_FOLDER}/ca.crt`],
    ['tls-auth-clients', authClients ? 'yes' : 'no'],
    ['tls-replication', 'yes'],
    ['tls-cluster', 'yes'],
    ...version.supportsHostnames ? [['cluster-preferred-endpoint-type', 'hostname']] : [],
  ];
}
