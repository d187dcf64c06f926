import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterNames } from './cluster-names';
import { Parsed, problem } from '../checks/problem';
import { PodDiscovery } from '../init-job/pod-discovery';

/** Whether the API server refuses to remove pods that the init Job has not emptied. */
export interface ScaleInGuard {
  readonly scaleInGuard: boolean;
}

export function parseScaleInGuard(scaleInGuard = false, { namespace }: ClusterNames, discovery: PodDiscovery): Parsed<ScaleInGuard> {
  return {
    settings: { scaleInGuard },
    problems: [
      ...scaleInGuard && namespace === undefined ? [problem('scaleInGuard', "be false without a 'namespace' of the chart", true,
        'its policy is an object of the whole Kubernetes cluster, and must tell which StatefulSet it is for')] : [],
      ...scaleInGuard && discovery === PodDiscovery.DNS ? [problem('scaleInGuard', 'be false with PodDiscovery.DNS', true,
        'the Job has no access to the Kubernetes API, where it says how many pods are needed')] : [],
    ],
  };
}

/** An annotation that only the init Job writes, by watch-pods.sh: an apply leaves it alone. */
const NEEDED = 'cdk8s-redis-cluster/needed-pods';

/** It has no parameters: API servers stop finding a ConfigMap as one when the last policy that had any was deleted (kubernetes#133827). */
const EXPRESSION = 'variables.next >= variables.former'
  + ` || !has(request.subResource) && has(oldObject.metadata.annotations) && '${NEEDED}' in oldObject.metadata.annotations`
  + ` && variables.next >= int(oldObject.metadata.annotations['${NEEDED}'])`;

/**
 * A policy that the API server decides on by itself.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function addScaleInGuard(scope: Construct, { name, namespace }: ClusterNames): void {
  const policyName = `${name}.${namespace}.scale-in`;
  addObject(scope, 'ScaleInPolicy', 'ValidatingAdmissionPolicy', policyName, {
    failurePolicy: 'Fail',
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
      expression: EXPRESSION,
      message: 'pods may hold slots: apply scaleInFrom first, and wait for the init Job to complete',
      reason: 'Forbidden',
    }],
  });
  addObject(scope, 'ScaleInPolicyBinding', 'ValidatingAdmissionPolicyBinding', policyName, {
    policyName,
    validationActions: ['Deny'],
    matchResources: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      objectSelector: {},
    },
  });
}

function addObject(scope: Construct, id: string, kind: string, name: string, spec: object): void {
  const object = new ApiObject(scope, id, { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, spec });
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace')); // that of the chart
}
