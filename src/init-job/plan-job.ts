import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { InitJobSettings } from './init-job-settings';
import { contentHash, initJobSpec } from './init-job-spec';
import { KubeJob } from '../kubernetes/objects';
import { putInFile } from '../kubernetes/own-file';
import { addMetadata } from '../metadata/object-metadata';

/** The Job that says what a run of the init Job would do: the same scripts, which change nothing then. */
export function addPlanJob(scope: Construct, name: string, settings: InitJobSettings): void {
  const spec = initJobSpec({ ...settings, backoffLimit: 0, scaleInGuard: false, isPlan: true });
  const job = new ApiObject(scope, 'PlanJob', KubeJob.manifest({ metadata: { name: settings.contentHashInName ? `${name}-${contentHash(spec)}` : name }, spec }));
  addMetadata(job, settings.objectMetadata);
  putInFile(job, 'redis-cluster-plan'); // which can be applied alone
}
