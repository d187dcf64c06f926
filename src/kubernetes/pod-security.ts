import * as k8s from './objects';

/** The user `redis` of the official images of Redis and Valkey. */
const REDIS_USER = 999;

/** What the Pod Security level `restricted` asks of a pod; the volume's files belong to the group of Redis. */
export const podSecurityContext: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: REDIS_USER,
  runAsGroup: REDIS_USER,
  fsGroup: REDIS_USER,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What it asks of a container, and a root filesystem that nothing needs to write. */
export const containerSecurityContext: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
