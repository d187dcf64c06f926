import { accessEnv, accessMounts, accessVolumes, TLS_FOLDER } from './access';
import { DEFAULT_CLAIM } from './capacity';
import type { ClusterSettings } from './cluster-settings';
import * as k8s from './kubernetes';
import { containerSecurityContext, podSecurityContext } from './pod-security';
import { resourceRequirements, storageQuantity } from './quantity';
import { disklessSync } from './redis-conf';

const CONFIG = '/etc/redis';
const SCRIPTS = '/scripts';
const DATA = '/data';

/**
 * What the API server adds to a claim template; the typed templates have no place for it. Tools that compare the StatefulSet with
 * the object in the cluster find no difference, and server-side apply no conflict, as it compares claim templates as a whole.
 */
const CLAIM_DEFAULTS = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };

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
        annotations: { 'kubectl.kubernetes.io/default-container': 'redis', ...settings.podAnnotations, ...checksums },
      },
      spec: podSpec(settings),
    },
    ...claims(settings),
  };
}

function podSpec(settings: ClusterSettings): k8s.PodSpec {
  const { storage, name } = settings;
  return {
    automountServiceAccountToken: false,
    securityContext: podSecurityContext,
    terminationGracePeriodSeconds: settings.terminationGracePeriod.toSeconds(),
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(topologyKey => ({
      topologyKey, maxSkew: 1, whenUnsatisfiable: settings.spread, labelSelector: { matchLabels: { app: name } },
    })),
    nodeSelector: settings.nodeSelector,
    tolerations: settings.tolerations,
    affinity: settings.affinity,
    priorityClassName: settings.priorityClassName,
    imagePullSecrets: settings.imagePullSecrets?.map(secret => ({ name: secret })),
    // The kubelet starts them in this order: healing is there before the server takes its first write. (A sidecar among the init
    // containers would be as well, but needs Kubernetes 1.29.)
    containers: [healContainer(settings), redisContainer(settings)],
    volumes: [
      { name: 'redis-config', configMap: { name: settings.configName } },
      { name: 'scripts', configMap: { name: settings.scriptsName } },
      ...storage.folder ? [{ name: 'redis-data', emptyDir: emptyDir(storage.folder.sizeLimit && storageQuantity(storage.folder.sizeLimit)) }] : [],
      ...accessVolumes(settings.access, settings.passwords),
      ...settings.access.password ? [{ name: 'run', emptyDir: { medium: 'Memory' } }] : [],
    ],
  };
}

function redisContainer(settings: ClusterSettings): k8s.Container {
  const { access, port, version, storage } = settings;
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
      ...access.password && access.user !== 'default' ? [{ name: 'CLUSTER_USER', value: access.user }] : [],
      ...accessEnv(access),
    ],
    ports: [{ containerPort: port }, { containerPort: port + 10000 }],
    resources: resourceRequirements(settings.resources),
    ...probes(settings),
    lifecycle: { preStop: { exec: { command: ['sh', `${SCRIPTS}/handover.sh`] } } },
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: 'redis-config', mountPath: CONFIG },
      { name: 'redis-data', mountPath: DATA },
      { name: 'scripts', mountPath: SCRIPTS },
      ...accessMounts(access),
      ...access.password ? [{ name: 'run', mountPath: '/run/redis' }] : [],
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
      { name: 'MASTERS', value: String(settings.masters) },
      { name: 'REPLICAS_PER_MASTER', value: String(settings.replicasPerMaster) },
      { name: 'PORT', value: String(settings.port) },
      { name: 'REPL_DISKLESS_SYNC', value: disklessSync(settings.config, settings.version) },
      ...settings.access.tls ? [{ name: 'TLS_FOLDER', value: TLS_FOLDER }] : [],
      ...accessEnv(settings.access),
    ],
    resources: healResources(settings),
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: 'redis-data', mountPath: DATA, readOnly: true },
      { name: 'scripts', mountPath: SCRIPTS },
      ...accessMounts(settings.access),
    ],
  };
}

/**
 * At rest it is a shell and a few short processes every ten seconds: some MiB, less than 5m. In an outage it asks 8 peers at a time
 * and compares 12 tables of nodes, which stays below the limit with 1000 nodes, too. Requests are weights: beside a server that
 * requests nothing, it must not have more than the least, or it would take the processor from the server when that starts.
 */
function healResources({ resources }: ClusterSettings): k8s.ResourceRequirements {
  return {
    requests: { cpu: k8s.Quantity.fromString(resources?.cpu?.request ? '10m' : '1m'), memory: k8s.Quantity.fromString('16Mi') },
    limits: { memory: k8s.Quantity.fromString('64Mi') },
  };
}

/**
 * A server that accepts a connection has started and is alive, whatever it answers: starting it again cures neither a full disk
 * nor a wrong password. With TLS, Redis logs a warning for a connection that says nothing: no more than one a minute.
 */
function probes({ access, port, startupTimeout }: ClusterSettings): Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const accepts: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromNumber(port) }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...accepts, periodSeconds: 2, failureThreshold: Math.ceil(startupTimeout.toSeconds() / 2) },
    livenessProbe: { ...accepts, ...access.tls ? { periodSeconds: 60, failureThreshold: 2 } : { periodSeconds: 10, failureThreshold: 6 } },
    readinessProbe: { exec: { command: ['sh', `${SCRIPTS}/probe.sh`] }, timeoutSeconds: 5, periodSeconds: 12 },
  };
}

function fromPod(name: string, fieldPath: string): k8s.EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

function emptyDir(sizeLimit: k8s.Quantity | undefined): k8s.EmptyDirVolumeSource {
  return sizeLimit ? { sizeLimit } : {};
}

function claims({ storage }: ClusterSettings): Partial<k8s.StatefulSetSpec> {
  const { claim } = storage;
  if (!claim) {
    return {};
  }
  const { whenDeleted, whenScaled } = claim;
  return {
    persistentVolumeClaimRetentionPolicy: whenDeleted || whenScaled ? { whenDeleted, whenScaled } : undefined,
    volumeClaimTemplates: [{
      ...CLAIM_DEFAULTS,
      metadata: { name: 'redis-data' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        storageClassName: claim.storageClassName,
        resources: { requests: { storage: storageQuantity(claim.size ?? DEFAULT_CLAIM) } },
      },
    }],
  };
}
