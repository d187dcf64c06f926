import type { ApiObjectProps } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';

/*
 * The typed Kubernetes objects of cdk8s-plus-28. Only the types are used: its code takes longer to load than all the rest of an
 * app to run, and drops what Kubernetes 1.28 did not have, such as a field of an affinity.
 */
export type Container = k8s.Container;
export type CronJobSpec = k8s.CronJobSpec;
export type EmptyDirVolumeSource = k8s.EmptyDirVolumeSource;
export type EnvVar = k8s.EnvVar;
export type IntOrString = k8s.IntOrString;
export type JobSpec = k8s.JobSpec;
export type LabelSelector = k8s.LabelSelector;
export type NetworkPolicyEgressRule = k8s.NetworkPolicyEgressRule;
export type NetworkPolicyIngressRule = k8s.NetworkPolicyIngressRule;
export type NetworkPolicyPeer = k8s.NetworkPolicyPeer;
export type NetworkPolicyPort = k8s.NetworkPolicyPort;
export type NetworkPolicySpec = k8s.NetworkPolicySpec;
export type PodDisruptionBudgetSpec = k8s.PodDisruptionBudgetSpec;
export type PodSecurityContext = k8s.PodSecurityContext;
export type PodSpec = k8s.PodSpec;
export type PolicyRule = k8s.PolicyRule;
export type Probe = k8s.Probe;
export type Quantity = k8s.Quantity;
export type ResourceRequirements = k8s.ResourceRequirements;
export type SecurityContext = k8s.SecurityContext;
export type StatefulSetSpec = k8s.StatefulSetSpec;
export type Volume = k8s.Volume;
export type VolumeMount = k8s.VolumeMount;

/** By the names of Kubernetes: those of the types differ where an abbreviation is in capitals. */
export type ServiceSpec = Omit<k8s.ServiceSpec, 'clusterIp' | 'clusterIPs' | 'externalIPs' | 'loadBalancerIp'> & { readonly clusterIP?: string };

/** An amount or a port is written as what it holds. */
const asWritten = <Type>(value: string | number) => value as unknown as Type;
export const Quantity = { fromString: asWritten<Quantity> };
export const IntOrString = { fromNumber: asWritten<IntOrString> };

const objectOf = <Props extends object>(apiVersion: string, kind: string) => ({
  manifest: (props: Props): ApiObjectProps => ({ apiVersion, kind, ...props }),
});
export const KubeCronJob = objectOf<k8s.KubeCronJobProps>('batch/v1', 'CronJob');
export const KubeJob = objectOf<k8s.KubeJobProps>('batch/v1', 'Job');
export const KubeNetworkPolicy = objectOf<k8s.KubeNetworkPolicyProps>('networking.k8s.io/v1', 'NetworkPolicy');
export const KubePodDisruptionBudget = objectOf<k8s.KubePodDisruptionBudgetProps>('policy/v1', 'PodDisruptionBudget');
export const KubeRole = objectOf<k8s.KubeRoleProps>('rbac.authorization.k8s.io/v1', 'Role');
export const KubeRoleBinding = objectOf<k8s.KubeRoleBindingProps>('rbac.authorization.k8s.io/v1', 'RoleBinding');
export const KubeService = objectOf<Omit<k8s.KubeServiceProps, 'spec'> & { readonly spec: ServiceSpec }>('v1', 'Service');
export const KubeServiceAccount = objectOf<k8s.KubeServiceAccountProps>('v1', 'ServiceAccount');
export const KubeStatefulSet = objectOf<k8s.KubeStatefulSetProps>('apps/v1', 'StatefulSet');
