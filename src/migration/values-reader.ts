type Values = Record<string, unknown>;

/** Why some values have no counterpart, by the beginning of their path. */
const REASONS = new Map(Object.entries({
  'cluster.externalAccess': 'nodes announce the addresses of their pods: clients outside Kubernetes are not served',
  'cluster.init': 'the init Job does what is missing, and nothing else',
  'cluster.update': 'the init Job does what is missing, and nothing else',
  'image.digest': 'is that of an image that is laid out in another way: use one of redis or valkey/valkey',
  'image.registry': 'its images are laid out in another way: use redis or valkey/valkey, from a registry of yours',
  'image.repository': 'its images are laid out in another way: use redis or valkey/valkey, from a registry of yours',
  'metrics': "use 'monitoring' (docs/monitor.md)",
  'redis.args': 'start.sh starts the server',
  'redis.command': 'start.sh starts the server',
  'redis.sidecars': 'add it by a patch (docs/escape-hatches.md)',
  'sysctlImage': 'pods have no privileges: set sysctls on the Kubernetes nodes',
  'volumePermissions': 'fsGroup gives the files to the group of the pods',
}));

/** Values by their paths; tells at the end which of them nobody took. */
export class ValuesReader {
  private readonly taken: string[] = [];
  private readonly remarks: string[] = [];

  constructor(private readonly values: Values) {}

  /** A value that is there and not empty. */
  public take(path: string): unknown {
    this.taken.push(path);
    const value = path.split('.').reduce<unknown>((found, key) => isValues(found) ? found[key] : undefined, this.values);
    return isBlank(value) ? undefined : value;
  }

  public text(path: string): string | undefined {
    const value = this.take(path);
    return value === undefined ? undefined : String(value);
  }

  public has(path: string): boolean {
    const before = this.taken.length;
    const found = this.take(path) !== undefined;
    this.taken.length = before;
    return found;
  }

  /** Leaves out what is below a path. */
  public skip(path: string): void {
    this.taken.push(path);
  }

  public remark(path: string, text: string): void {
    this.remarks.push(`${path}: ${text}`);
  }

  public leftOver(): string[] {
    const paths = leaves(this.values, '').filter(path => !this.taken.some(taken => path === taken || path.startsWith(`${taken}.`)));
    return [...this.remarks, ...paths.map(path => {
      const reason = [...REASONS].find(([start]) => path === start || path.startsWith(`${start}.`));
      return `${path}: ${reason?.[1] ?? 'has no counterpart'}`;
    })];
  }
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || typeof value === 'object' && Object.keys(value).length === 0;
}

/** The paths of all values that ask for something. */
function leaves(values: Values, prefix: string): string[] {
  if (values.enabled === false) {
    return [];
  }
  return Object.entries(values).flatMap(([key, value]) =>
    isBlank(value) || value === false ? [] : isValues(value) ? leaves(value, `${prefix}${key}.`) : [`${prefix}${key}`]);
}
