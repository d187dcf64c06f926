/** The props that were given. One that is undefined, as code with optional values passes it, was not: it must not replace a default. */
export function given<T extends object>(props: T | null | undefined): T {
  return Object.fromEntries(Object.entries(props ?? {}).filter(([, value]) => value !== undefined && value !== null)) as T;
}
