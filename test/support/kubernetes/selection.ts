/**
 * What a run consists of. As it comes it is the gate: what every change must pass, once each, within minutes. `E2E_FULL=1`,
 * which `npm run test:e2e:full` sets, widens images, faults and repetitions, and adds the original YAML's cluster and `test/e2e/full/`.
 */
export const isFull = process.env.E2E_FULL === '1';

/** `plain`: the props' defaults. `production`: the production preset, which needs an image that is built with TLS. */
export type Mode = 'plain' | 'production';

/** The smallest run that something belongs to. */
export type Run = 'gate' | 'full';

const redis = process.env.E2E_REDIS_IMAGE ?? 'redis:6.2';

export const images = {
  /** Of whatever is not run on every image. */
  redis,
  kubectl: process.env.E2E_KUBECTL_IMAGE ?? 'alpine/kubectl:1.34.1',
  plain: named('E2E_PLAIN_IMAGES') ?? (isFull ? [redis, 'redis:7.0', 'redis:8.0', 'redis:8.2', 'valkey/valkey:8.1', 'valkey/valkey:9.1'] : [redis]),
  production: named('E2E_PRODUCTION_IMAGES') ?? (isFull ? ['redis:7.0', 'redis:8.0', 'valkey/valkey:8.1', 'valkey/valkey:9.1'] : ['redis:8.0']),
};

/** What a running cluster of an image is rolled out to: a version that runs in every mode in which the image does. */
export const nextImages: Record<string, string | undefined> = {
  [redis]: 'redis:7.0', 'redis:7.0': 'redis:8.0', 'valkey/valkey:8.1': 'valkey/valkey:9.1',
};

/** How many times in a row all pods are deleted at once. */
export const fullRestarts = isFull ? 10 : 1;

/** Whether a fault belongs to this run, in this mode and on this image. */
export function isSelected(fault: { readonly runs: Partial<Record<Mode, Run>>; readonly isUpgrade?: boolean }, mode: Mode, image: string): boolean {
  const run = fault.runs[mode];
  return (run === 'gate' || run === 'full' && isFull) && (!fault.isUpgrade || nextImages[image] !== undefined);
}

/** Images by the environment, between spaces. */
function named(variable: string): string[] | undefined {
  return process.env[variable]?.split(' ');
}
