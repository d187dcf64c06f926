import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { InitJobSettings } from './init-job-settings';
import { PodDiscovery } from './pod-discovery';
import { accessEnv, accessMounts, accessVolumes } from '../access/container-access';
import * as k8s from '../kubernetes/objects';
import { containerSecurityContext, podSecurityContext } from '../kubernetes/pod-security';
import { tolerationsSpec } from '../placement/tolerations';
import { bytes } from '../resources/quantity';
import { resourceRequirements } from '../resources/resource-requirements';
import { checksum } from '../scripts/checksum';
import { withLogFormat } from '../scripts/log-format';
import { scriptsChecksum } from '../scripts/scripts';
import { SCRIPTS } from '../scripts/scripts-config-map';

/** The ServiceAccount of the Job and its right to see the pods of its namespace; none when the DNS tells the addresses. */
export function initJobPermissions(scope: Construct, settings: InitJobSettings): void {
  if (settings.discovery !== PodDiscovery.KUBERNETES_API) {
    return;
  }
  const metadata = { name: settings.name };
  new ApiObject(scope, 'ServiceAccount', k8s.KubeServiceAccount.manifest({ metadata }));
  new ApiObject(scope, 'Role', k8s.KubeRole.manifest({ metadata, rules: rules(settings) }));
  new ApiObject(scope, 'RoleBinding', k8s.KubeRoleBinding.manifest({
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: settings.name },
    subjects: [{ kind: 'ServiceAccount', name: settings.name }], // without a namespace: the RoleBinding's own
  }));
}

/** Changes with all that a Job of this spec does: part of the names of Jobs, which Kubernetes cannot change. */
export function contentHash(spec: k8s.JobSpec): string {
  return checksum({ scripts: scriptsChecksum('job'), spec: JSON.stringify(spec) }).slice(0, 8);
}

/** By the subresource `status`, annotations can be written, and no pod be changed. */
function rules({ scaleInGuard, statefulSetName }: InitJobSettings): k8s.PolicyRule[] {
  const onStatefulSet = (resource: string, verbs: string[]) => ({ apiGroups: ['apps'], resources: [resource], resourceNames: [statefulSetName], verbs });
  return [
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    ...scaleInGuard ? [onStatefulSet('statefulsets', ['get']), onStatefulSet('statefulsets/status', ['get', 'patch'])] : [],
  ];
}

export function initJobSpec(settings: InitJobSettings): k8s.JobSpec {
  const asksKubernetes = settings.discovery === PodDiscovery.KUBERNETES_API;
  return {
    backoffLimit: settings.backoffLimit,
    activeDeadlineSeconds: settings.activeDeadline.toSeconds(),
    ttlSecondsAfterFinished: settings.ttlAfterFinished?.toSeconds(),
    template: {
      metadata: {
        labels: { ...settings.objectMetadata.labels, ...settings.jobMetadata.labels, app: settings.name },
        annotations: asksKubernetes ? { 'kubectl.kubernetes.io/default-container': 'redis-init' } : undefined,
      },
      spec: withLogFormat({
        restartPolicy: settings.isPlan ? 'Never' : 'OnFailure', // for Never, Kubernetes keeps the log of a plan that fails
        ...asksKubernetes ? { serviceAccountName: settings.name } : { automountServiceAccountToken: false },
        securityContext: podSecurityContext,
        nodeSelector: settings.nodeSelector,
        tolerations: tolerationsSpec(settings.tolerations),
        imagePullSecrets: settings.imagePullSecrets?.map(name => ({ name })),
        containers: [...asksKubernetes ? [kubectlContainer(settings)] : [], redisInitContainer(settings)],
        volumes: [
          { name: 'shared-data', emptyDir: {} },
          { name: 'scripts', configMap: { name: settings.scriptsName } },
          ...accessVolumes(settings),
        ],
      }, settings.logFormat),
    },
  };
}

function kubectlContainer(settings: InitJobSettings): k8s.Container {
  return {
    ...container('kubectl', settings.kubectlImage, 'watch-pods.sh', settings),
    ...settings.scaleInGuard ? {
      env: [
        { name: 'STATEFUL_SET', value: settings.statefulSetName },
        { name: 'PODS', value: String(settings.pods) },
        { name: 'MEMBERS', value: String(settings.members) },
      ],
    } : {},
    volumeMounts: sharedMounts,
  };
}

function redisInitContainer(settings: InitJobSettings): k8s.Container {
  return {
    ...container('redis-init', settings.image, 'cluster-init.sh', settings),
    env: [
      ...wantedShape(settings),
      { name: 'PORT', value: String(settings.port) },
      ...settings.isPlan ? [{ name: 'PLAN', value: 'yes' }] : resharding(settings),
      { name: 'TIMEOUT', value: String(settings.timeout.toSeconds()) },
      ...settings.discovery === PodDiscovery.DNS ? [{ name: 'DISCOVERY', value: 'dns' }, { name: 'SERVICE', value: settings.serviceName }] : [],
      ...accessEnv(settings),
    ],
    volumeMounts: [...sharedMounts, ...accessMounts(settings)],
  };
}

const sharedMounts = [{ name: 'shared-data', mountPath: '/tmp' }, { name: 'scripts', mountPath: SCRIPTS }];

function container(name: string, image: string, script: string, settings: InitJobSettings) {
  return {
    name,
    image,
    imagePullPolicy: settings.imagePullPolicy,
    command: ['sh', `${SCRIPTS}/${script}`],
    resources: resourceRequirements(settings.resources) ?? defaultResources,
    securityContext: containerSecurityContext,
  };
}

const defaultResources = {
  requests: { cpu: k8s.Quantity.fromString('20m'), memory: k8s.Quantity.fromString('32Mi') },
  limits: { memory: k8s.Quantity.fromString('128Mi') },
};

/** What differs from the defaults of move-slots.sh. */
function resharding({ resharding: { keysPerBatch, keysPerSecond, maxKeySize }, user, mover }: InitJobSettings): k8s.EnvVar[] {
  const variables = {
    MOVER: user === 'default' ? undefined : mover,
    KEYS_PER_BATCH: keysPerBatch,
    KEYS_PER_SECOND: keysPerSecond,
    LARGEST_KEY: bytes(maxKeySize),
  };
  return Object.entries(variables).filter(([, value]) => value !== undefined).map(([name, value]) => ({ name, value: String(value) }));
}

function wantedShape(settings: InitJobSettings): k8s.EnvVar[] {
  return [
    { name: 'NAME', value: settings.statefulSetName },
    { name: 'MASTERS', value: String(settings.masters) },
    { name: 'REPLICAS_PER_MASTER', value: String(settings.replicasPerMaster) },
    ...settings.pods > settings.members ? [{ name: 'PODS', value: String(settings.pods) }] : [],
  ];
}
