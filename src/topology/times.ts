import { Duration } from 'cdk8s';
import { code, durationInWords, table } from './markdown';
import { ClusterSettings } from '../cluster/cluster-settings';

/** How long what may take. */
export function times(settings: ClusterSettings): string {
  const { config, initJob } = settings;
  return table(['what', 'time', 'set by'], [
    ['until a node that does not answer counts as failed', durationInWords(config.clusterNodeTimeout), code('config.clusterNodeTimeout')],
    ...settings.replicasPerMaster > 0 ? [
      ['until a replica takes over from a master that crashed', `${durationInWords(config.clusterNodeTimeout)}, then 0.5 s to 1 s until the replica asks for votes, then the vote`,
        `${code('config.clusterNodeTimeout')}, and Redis itself`],
      ['until a replica has taken over from a master that is told to stop', `at most ${durationInWords(settings.handoverTimeout)}`, code('handoverTimeout')],
    ] : [],
    ['until a pod that is told to stop is killed', durationInWords(settings.terminationGracePeriod), code('terminationGracePeriod')],
    ...config.appendonly || settings.replicasPerMaster === 0 ? []
      : [['that a crashed master waits before it starts, so that its replica takes over', durationInWords(Duration.millis(2 * config.clusterNodeTimeout.toMilliseconds({ integral: false }))),
        `twice ${code('config.clusterNodeTimeout')}, as there is no append-only file`]],
    ['until a starting pod that accepts no connections is restarted', durationInWords(settings.startupTimeout), code('startupTimeout')],
    ['until a run of the init Job gives up; while slots move, since the last of them did', durationInWords(initJob.timeout), code('initJob.timeout')],
    ['until Kubernetes ends the init Job with all its runs', durationInWords(initJob.activeDeadline), code('initJob.activeDeadline')],
    ...initJob.ttlAfterFinished ? [['until Kubernetes deletes the finished init Job', durationInWords(initJob.ttlAfterFinished), code('initJob.ttlAfterFinished')]] : [],
  ]);
}
