import { join } from 'node:path';
import { Kubectl } from './kubectl';

/** The file of CustomResourceDefinitions of an operator. */
export function definitions(operator: Operator): string {
  return join(__dirname, '..', '..', '..', 'crds', `${operator}.yaml`);
}

export type Operator = 'certificates' | 'monitoring';

/** Has the API server know the kinds of operators that do not run. */
export async function define(kubectl: Kubectl, ...operators: Operator[]): Promise<void> {
  for (const file of operators.map(definitions)) {
    await kubectl.run(['apply', '--filename', file]);
    await kubectl.run(['wait', '--for=condition=Established', '--filename', file, '--timeout=30s'], 40);
  }
}
