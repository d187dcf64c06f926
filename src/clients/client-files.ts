import { EnvVariable, RedisConnection } from './redis-connection';

/** The key under which Secrets of certificates have that of their authority. */
export const AUTHORITY_KEY = 'ca.crt';

/** A Secret that a client reads as files. */
export interface ClientFiles {
  /** What the Secret holds, in words. */
  readonly content: string;
  readonly secretName: string;
  /** Name of the volume. */
  readonly volume: string;
  readonly folder: string;
  /** The keys, which are the names of the files, by what their variables begin with. */
  readonly keys: Readonly<Record<string, string>>;
}

/** The Secrets of a client with TLS: with the default prefix in `/etc/redis-ca` and `/etc/redis-cert`, from volumes of these names. */
export function clientFiles(prefix: string, { authority, certificate }: Pick<RedisConnection, 'authority' | 'certificate'>): ClientFiles[] {
  return [
    ...authority ? [{
      content: "the authority's certificate", secretName: authority.secret.name, ...place(`${prefix}_ca`), keys: { [`${prefix}CA`]: authority.key },
    }] : [],
    ...certificate ? [{
      content: "the client's certificate", secretName: certificate.name, ...place(`${prefix}_cert`), keys: { [`${prefix}CERT`]: 'tls.crt', [`${prefix}KEY`]: 'tls.key' },
    }] : [],
  ];
}

function place(words: string): Pick<ClientFiles, 'volume' | 'folder'> {
  const volume = words.toLowerCase().replace(/_+/g, '-');
  return { volume, folder: `/etc/${volume}` };
}

/** Where the client finds the files. */
export function fileVariables(files: readonly ClientFiles[]): EnvVariable[] {
  return files.flatMap(({ folder, keys }) => Object.entries(keys).map(([variable, key]) => ({ name: `${variable}_FILE`, value: `${folder}/${key}` })));
}
