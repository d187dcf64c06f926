import { Duration } from 'cdk8s';
import { Parsed, problem } from '../checks/problem';
import { wholeSeconds } from '../checks/values';
import { ConfigSettings } from '../config/config-settings';

/** How long pods may take to start and to stop. */
export interface Lifetime {
  readonly handoverTimeout: Duration;
  readonly terminationGracePeriod: Duration;
  readonly startupTimeout: Duration;
}

/** What Redis may need to save its data after the handover, before Kubernetes kills it. */
const SHUTDOWN_SECONDS = 10;

export function parseLifetime(props: Partial<Lifetime>, config: ConfigSettings): Parsed<Lifetime> {
  const settings = {
    handoverTimeout: props.handoverTimeout ?? Duration.seconds(15),
    terminationGracePeriod: props.terminationGracePeriod ?? Duration.seconds(60),
    startupTimeout: props.startupTimeout ?? Duration.minutes(30),
  };
  return {
    settings,
    problems: [
      ...wholeSeconds('handoverTimeout', settings.handoverTimeout, 1),
      ...wholeSeconds('terminationGracePeriod', settings.terminationGracePeriod, 1),
      ...stopping(settings, config),
      ...wholeSeconds('startupTimeout', settings.startupTimeout, 10),
      ...promotion(settings, config),
    ],
  };
}

function stopping({ handoverTimeout, terminationGracePeriod }: Lifetime, { shutdownTimeout }: ConfigSettings): string[] {
  const shutdown = Math.max(shutdownTimeout?.toSeconds({ integral: false }) ?? 0, SHUTDOWN_SECONDS);
  const least = handoverTimeout.toSeconds({ integral: false }) + shutdown;
  const grace = terminationGracePeriod.toSeconds({ integral: false });
  return grace >= least ? [] : [problem('terminationGracePeriod', `be at least 'handoverTimeout' and ${shutdown} s (${least} s)`,
    `${grace} s`, 'Kubernetes would kill Redis while its replica takes over or its data is saved')];
}

function promotion({ startupTimeout }: Lifetime, { appendonly, clusterNodeTimeout }: ConfigSettings): string[] {
  const wait = 2 * clusterNodeTimeout.toSeconds({ integral: false });
  return appendonly || startupTimeout.toSeconds({ integral: false }) > wait + 1 ? []
    : [problem('startupTimeout', `be longer than twice 'config.clusterNodeTimeout' (${wait} s) and 1 s without 'config.appendonly'`, startupTimeout,
      'a crashed master lets its replica take over before it starts')];
}
