import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

/** What objects have beside their names. */
export interface ObjectMetadata {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** Adds labels and annotations to every object below a construct, the construct included; they win over those of before. */
export function addMetadata(scope: Construct, metadata: ObjectMetadata): void {
  const [ownLabels, ownAnnotations] = [Object.entries(metadata.labels ?? {}), Object.entries(metadata.annotations ?? {})];
  if (ownLabels.length + ownAnnotations.length === 0) {
    return;
  }
  for (const object of scope.node.findAll().filter(ApiObject.isApiObject)) {
    ownLabels.forEach(([key, value]) => object.metadata.addLabel(key, value));
    ownAnnotations.forEach(([key, value]) => object.metadata.addAnnotation(key, value));
  }
}
