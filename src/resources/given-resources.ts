import { ContainerResources } from './container-resources';
import { given } from '../checks/given';

/**
 * The resources that were given, for every prop that takes some. One of which only fields without a value are there, as code with optional values
 * passes it, was not given, so that the default stays; `{}` is empty on purpose, and means none.
 */
export function givenResources(resources: ContainerResources | null | undefined): ContainerResources | undefined {
  return resources ? givenFields(Object.fromEntries(Object.entries(resources).map(([name, amounts]) => [name, givenFields(amounts)]))) : undefined;
}

function givenFields<T extends object>(object: T | null | undefined): T | undefined {
  const fields = given(object);
  return !object || Object.keys(object).length > 0 && Object.keys(fields).length === 0 ? undefined : fields;
}
