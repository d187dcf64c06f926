import { execute } from '../execute';

/** The command of kube-lab, whose nodes can be cut off and whose programs can be paused. */
const command = process.env.E2E_LAB;

async function run(...args: string[]): Promise<void> {
  if (!command) {
    throw new Error('E2E_LAB is not set: this fault needs the command of kube-lab');
  }
  const { code, output } = await execute(command, args);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`);
  }
}

/** While `during` runs, the node is off the network, as a crashed machine or a partition is. */
export async function withNodeCutOff(node: string, during: () => Promise<void>): Promise<void> {
  const number = node.replace(/\D/g, '');
  await run('cut', number);
  try {
    await during();
  } finally {
    await run('mend', number);
  }
}

/** While `during` runs, the program (`dns`, `controller-manager`, …) is stopped. */
export async function withPaused(program: string, during: () => Promise<void>): Promise<void> {
  await run('pause', program);
  try {
    await during();
  } finally {
    await run('resume', program);
  }
}

/** A test that needs the lab. Without it, it is skipped; but where everything must run (CI=true), it fails. */
export function labTest(title: string, body: () => Promise<void>, milliseconds?: number): void {
  (command || process.env.CI ? test : test.skip)(title, body, milliseconds);
}
