import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './execute';

/** What a Certificate of cert-manager asks for, as far as this library does. */
export interface CertificateSpec {
  readonly dnsNames: string[];
  readonly ipAddresses: string[];
  readonly usages: string[];
}

const USAGES: Record<string, string> = { 'server auth': 'serverAuth', 'client auth': 'clientAuth' };
const KEY_USAGES: Record<string, string> = { 'digital signature': 'digitalSignature', 'key encipherment': 'keyEncipherment' };

/** An authority that signs what a Certificate asks for: the part of cert-manager, which need not be installed. */
export class Authority {
  public static async create(name: string): Promise<Authority> {
    const folder = mkdtempSync(join(tmpdir(), 'authority-'));
    await openssl(folder, 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`, '-keyout', 'ca.key', '-out', 'ca.crt');
    return new Authority(folder);
  }

  private constructor(public readonly folder: string) {}

  public get certificate(): string {
    return readFileSync(join(this.folder, 'ca.crt'), 'utf8');
  }

  /** Signs a new certificate, for so many days: tls.crt, tls.key and ca.crt in the folder. */
  public async sign({ dnsNames, ipAddresses, usages }: CertificateSpec, days = 1): Promise<void> {
    const names = [...dnsNames.map(name => `DNS:${name}`), ...ipAddresses.map(address => `IP:${address}`)];
    const pick = (table: Record<string, string>) => usages.filter(usage => usage in table).map(usage => table[usage]).join();
    writeFileSync(join(this.folder, 'extensions'),
      `subjectAltName=${names.join()}\nextendedKeyUsage=${pick(USAGES)}\nkeyUsage=${pick(KEY_USAGES)}\n`);
    await openssl(this.folder, 'req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/', '-keyout', 'tls.key', '-out', 'tls.csr');
    await openssl(this.folder, 'x509', '-req', '-in', 'tls.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days),
      '-extfile', 'extensions', '-out', 'tls.crt');
  }
}

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { code, output } = await execute('sh', ['-c', 'cd "$0" && exec openssl "$@"', folder, ...args]);
  if (code !== 0) {
    throw new Error(`openssl ${args[0]} ended with ${code}: ${output}`);
  }
}
