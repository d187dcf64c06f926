import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterInitJobProps } from './cluster-init-job-props';
import { initJobImages, parseInitJob } from './init-job';
import { contentHash, initJobPermissions, initJobSpec } from './init-job-spec';
import { settingsOf } from '../checks/problem';
import { movingTags } from '../image/image';
import { KubeJob } from '../kubernetes/objects';
import { claimNames } from '../kubernetes/unique-names';
import { addMetadata } from '../metadata/object-metadata';
import { addScriptsConfigMap } from '../scripts/scripts-config-map';
import { warn } from '../warnings/warn';

/**
 * The Job that makes the pods of a StatefulSet one Redis Cluster, with the rights that it needs.
 *
 * It brings the cluster from whatever state it finds to the wanted one and issues only what is missing, so that it can be run
 * at any time: fresh pods become a cluster, an interrupted creation is completed, a formed cluster is left alone.
 *
 * ```ts
 * import { App, Chart } from 'cdk8s';
 * import { ClusterInitJob } from 'cdk8s-redis-cluster';
 *
 * const chart = new Chart(new App(), 'redis');
 * new ClusterInitJob(chart, 'Init', { statefulSetName: 'cache', masters: 5, replicasPerMaster: 1 });
 * ```
 *
 * Throws when a prop is out of its bounds, all problems at once.
 */
export class ClusterInitJob extends Construct {
  /** Name of the Job; with `contentHashInName` it ends with the hash. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: ClusterInitJobProps = {}) {
    super(scope, id);
    const settings = props._settings ?? settingsOf(this, parseInitJob(this, props));
    const spec = initJobSpec(settings);
    this.name = settings.contentHashInName ? `${settings.name}-${contentHash(spec)}` : settings.name;

    const isOnItsOwn = props._settings === undefined;
    if (isOnItsOwn) {
      addScriptsConfigMap(this, settings.scriptsName, 'job');
    }
    initJobPermissions(this, settings);
    const job = new ApiObject(this, 'Resource', KubeJob.manifest({ metadata: { name: this.name }, spec }));
    addMetadata(this, settings.objectMetadata);
    addMetadata(job, settings.jobMetadata);
    claimNames(this, [settings.name]);
    if (isOnItsOwn) {
      warn(this, movingTags({ image: settings.image, ...initJobImages(settings) }), props.acknowledgedWarnings);
    }
  }
}
