import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterNames } from './cluster-names';
import { Parsed, problem } from '../checks/problem';
import { PodDiscovery } from '../init-job/pod-discovery';

/** Whether the API server refuses to remove pods that the init Job has not emptied. */
export interface ScaleInGuard {
  /** Name of the ConfigMap to which the Job writes how many pods are needed; undefined without a guard. */
  readonly scaleInGuard?: string;
}

export function parseScaleInGuard(isWanted: boolean | undefined, { name, namespace }: ClusterNames, discovery: PodDiscovery): Parsed<ScaleInGuard> {
  return {
    settings: isWanted ? { scaleInGuard: `${name}-scale-in` } : {},
    problems: [
      ...isWanted && namespace === undefined ? [problem('scaleInGuard', "be false without a 'namespace' of the chart", true,
        'its policy is an object of the whole Kubernetes cluster, and must tell which StatefulSet it is for')] : [],
      ...isWanted && discovery === PodDiscovery.DNS ? [problem('scaleInGuard', 'be false with PodDiscovery.DNS', true,
        'the Job has no access to the Kubernetes API, where it says how many pods are needed')] : [],
    ],
  };
}

/**
 * A policy that the API server decides on by itself, and the ConfigMap with the number that it compares with. The ConfigMap is rendered
 * without a number: the init Job alone knows when pods are empty, and an apply must not lower it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function addScaleInGuard(scope: Construct, { name, namespace }: ClusterNames, configMap: string): void {
  const policyName = `${name}.${namespace}.scale-in`;
  new ApiObject(scope, 'ScaleInParameter', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: configMap } });
  new ApiObject(scope, 'ScaleInPolicy', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: policyName },
    spec: {
      failurePolicy: 'Fail',
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: [{
          apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['statefulsets', 'statefulsets/scale'], resourceNames: [name], scope: '*',
        }],
      },
      variables: [
        { name: 'next', expression: 'has(object.spec.replicas) ? object.spec.replicas : 0' }, // a Scale leaves 0 out
        { name: 'former', expression: 'has(oldObject.spec.replicas) ? oldObject.spec.replicas : 0' },
      ],
      validations: [{
        expression: "variables.next >= variables.former || has(params.data) && 'pods' in params.data && variables.next >= int(params.data.pods)",
        message: 'pods may hold slots: apply scaleInFrom first, and wait for the init Job to complete',
        reason: 'Forbidden',
      }],
    },
  });
  new ApiObject(scope, 'ScaleInPolicyBinding', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policyName },
    spec: {
      policyName,
      validationActions: ['Deny'],
      paramRef: { name: configMap, namespace, parameterNotFoundAction: 'Deny' },
      matchResources: {
        matchPolicy: 'Equivalent',
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        objectSelector: {},
      },
    },
  });
}
