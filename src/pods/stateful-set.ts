import { accessEnv, accessMounts, accessVolumes } from '../access/container-access';
import { TLS_FOLDER } from '../access/tls';
import { restoreContainers, restoreVolumes } from '../backup/restore';
import { ClusterSettings } from '../cluster/cluster-settings';
import { CONFIG, configMount } from '../config/config-mount';
import { disklessSync } from '../config/diskless-sync';
import { fromPod } from '../kubernetes/from-pod';
import * as k8s from '../kubernetes/objects';
import { containerSecurityContext, podSecurityContext } from '../kubernetes/pod-security';
import { exporterContainers, exporterVolumes } from '../monitoring/exporter';
import { scrapeAnnotations } from '../monitoring/monitoring';
import { busPort } from '../network/bus-port';
import { placementSpec } from '../placement/placement';
import { besideServer, resourceRequirements } from '../resources/resource-requirements';
import { withLogFormat } from '../scripts/log-format';
import { SCRIPTS } from '../scripts/scripts-config-map';
import { claims, DATA_VOLUME, dataVolumes } from '../storage/storage';

const DATA = '/data';

export function statefulSetSpec(settings: ClusterSettings, checksums: Record<string, string>): k8s.StatefulSetSpec {
  return {
    serviceName: settings.serviceName,
    replicas: settings.pods,
    podManagementPolicy: 'Parallel', // pods become ready together, not one after the other
    selector: { matchLabels: { app: settings.name } },
    template: {
      metadata: {
        labels: settings.podLabels,
        // which container kubectl means, since the first is not the server
        annotations: { 'kubectl.kubernetes.io/default-container': 'redis', ...scrapeAnnotations(settings.monitoring), ...settings.podAnnotations, ...checksums },
      },
      spec: withLogFormat(podSpec(settings), settings.logFormat),
    },
    ...claims(settings.storage),
  };
}

function podSpec(settings: ClusterSettings): k8s.PodSpec {
  return {
    automountServiceAccountToken: false,
    securityContext: podSecurityContext,
    terminationGracePeriodSeconds: settings.terminationGracePeriod.toSeconds(),
    ...placementSpec(settings.placement, settings.name),
    initContainers: restoreContainers(settings),
    imagePullSecrets: settings.imagePullSecrets?.map(secret => ({ name: secret })),
    // The kubelet starts them in this order: healing is there before the server takes its first write. (A sidecar among the init
    // containers would be as well, but needs Kubernetes 1.29.)
    containers: [healContainer(settings), redisContainer(settings), ...exporterContainers(settings)],
    volumes: [
      { name: 'redis-config', configMap: { name: settings.configName } },
      { name: 'scripts', configMap: { name: settings.scriptsName } },
      ...dataVolumes(settings.storage),
      ...restoreVolumes(settings),
      ...accessVolumes(settings, settings.passwords),
      ...exporterVolumes(settings),
      ...settings.password ? [{ name: 'run', emptyDir: { medium: 'Memory' } }] : [],
    ],
  };
}

function redisContainer(settings: ClusterSettings): k8s.Container {
  const { port, version, storage, user, password } = settings;
  return {
    name: 'redis',
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    workingDir: DATA,
    command: ['sh', `${SCRIPTS}/start.sh`, version.isValkey ? 'valkey-server' : 'redis-server', `${CONFIG}/redis.conf`],
    args: [
      '--cluster-announce-ip', '$(POD_IP)',
      '--replica-announce-ip', '$(POD_IP)', // by which the heal container knows who asks for a full copy, whatever lies between
      ...settings.announceHostnames ? ['--cluster-announce-hostname', `$(POD_NAME).${settings.domain}`] : [],
    ],
    env: [
      fromPod('POD_IP', 'status.podIP'),
      fromPod('NAMESPACE', 'metadata.namespace'),
      fromPod('POD_NAME', 'metadata.name'),
      ...storage.claim?.copyOf ? [{ name: 'COPY_OF', value: storage.claim.copyOf }] : [],
      { name: 'PORT', value: String(port) },
      { name: 'HANDOVER_TIMEOUT', value: String(settings.handoverTimeout.toSeconds()) },
      ...password && user !== 'default' ? [{ name: 'CLUSTER_USER', value: user }] : [],
      ...accessEnv(settings),
    ],
    ports: [{ containerPort: port }, { containerPort: busPort(port) }],
    resources: resourceRequirements(settings.resources),
    ...probes(settings),
    lifecycle: { preStop: { exec: { command: ['sh', `${SCRIPTS}/handover.sh`] } } },
    securityContext: containerSecurityContext,
    volumeMounts: [
      configMount,
      { name: DATA_VOLUME, mountPath: DATA },
      { name: 'scripts', mountPath: SCRIPTS },
      ...accessMounts(settings),
      ...password ? [{ name: 'run', mountPath: '/run/redis' }] : [],
    ],
  };
}

function healContainer(settings: ClusterSettings): k8s.Container {
  return {
    name: 'heal',
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    command: ['sh', `${SCRIPTS}/heal.sh`],
    env: [
      fromPod('POD_IP', 'status.podIP'),
      fromPod('POD_NAME', 'metadata.name'),
      { name: 'PEERS', value: settings.peersName },
      { name: 'PORT', value: String(settings.port) },
      { name: 'REPL_DISKLESS_SYNC', value: disklessSync(settings.config, settings.version) },
      ...settings.tls ? [{ name: 'TLS_FOLDER', value: TLS_FOLDER }] : [],
      ...accessEnv(settings),
    ],
    // At rest it is a shell and a few short processes every ten seconds: some MiB, less than 5m. In an outage it asks 8 peers at a time
    // and compares 12 tables of nodes, which stays below the limit with 1000 nodes, too.
    resources: besideServer(settings.resources, '16Mi'),
    securityContext: containerSecurityContext,
    volumeMounts: [
      configMount, // with the shape, which is not part of the pod: no pod restarts when it changes
      { name: DATA_VOLUME, mountPath: DATA, readOnly: true },
      { name: 'scripts', mountPath: SCRIPTS },
      ...accessMounts(settings),
    ],
  };
}

/**
 * A server that accepts a connection has started and is alive, whatever it answers: starting it again cures neither a full disk
 * nor a wrong password. With TLS, Redis logs a warning for a connection that says nothing: no more than one a minute.
 */
function probes({ tls, port, startupTimeout }: ClusterSettings): Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const accepts: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromNumber(port) }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...accepts, periodSeconds: 2, failureThreshold: Math.ceil(startupTimeout.toSeconds() / 2) },
    livenessProbe: { ...accepts, ...tls ? { periodSeconds: 60, failureThreshold: 2 } : { periodSeconds: 10, failureThreshold: 6 } },
    readinessProbe: { exec: { command: ['sh', `${SCRIPTS}/probe.sh`] }, timeoutSeconds: 5, periodSeconds: 12 },
  };
}
