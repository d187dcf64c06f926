import { Kubectl } from './kubectl';
import { eventually } from '../eventually';

/** Runs a CronJob now; its log. */
export async function runCronJob(kubectl: Kubectl, name: string): Promise<string> {
  const job = `${name}-${Date.now() % 100000}`;
  await kubectl.run(['create', 'job', job, `--from=cronjob/${name}`]);
  await eventually(`${job} is complete`, async () => {
    const { status } = await kubectl.json<{ status: { succeeded?: number; failed?: number } }>(['get', 'job', job]);
    if (status.failed) {
      throw new Error((await kubectl.attempt(['logs', `job/${job}`, '--all-containers'])).output);
    }
    return status.succeeded === 1;
  }, 180, 500);
  return kubectl.run(['logs', `job/${job}`, '--all-containers']);
}
