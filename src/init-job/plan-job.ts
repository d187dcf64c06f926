import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { InitJobSettings } from './init-job-settings';
import { initJobSpec } from './init-job-spec';
import { KubeJob } from '../kubernetes/objects';
import { addMetadata } from '../metadata/object-metadata';

/** cdk8s holds any ApiObject to be an instance of a subclass, so that a subclass could not be told from others. */
const planJobs = new WeakSet<ApiObject>();

/** The Job that says what a run of the init Job would do: the same scripts, which change nothing then. */
export function addPlanJob(scope: Construct, settings: InitJobSettings): void {
  const spec = initJobSpec({ ...settings, backoffLimit: 0, isPlan: true });
  const job = new ApiObject(scope, 'PlanJob', KubeJob.manifest({ metadata: { name: `${settings.statefulSetName}-plan` }, spec }));
  addMetadata(job, settings.objectMetadata);
  planJobs.add(job);
}

export function isPlanJob(object: ApiObject): boolean {
  return planJobs.has(object);
}
