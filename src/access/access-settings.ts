import { Duration } from 'cdk8s';

/** What the library's own containers need in order to talk to Redis. */
export interface Access {
  /** The user that they are. */
  readonly user: string;
  readonly password?: SecretKey;
  readonly tls?: TlsSettings;
}

/** A password that a user may have, and the name of its file. */
export interface PasswordFile {
  readonly user: string;
  readonly file: string;
  readonly password: SecretKey;
}

/** Where a password is: a Secret by its name, and the key. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

/** The certificate that nodes show and check. */
export interface TlsSettings {
  readonly secretName: string;
  /** Whether clients must show one, too. */
  readonly authClients: boolean;
  /** Who writes the Secret; it exists without. */
  readonly issuer?: IssuerSettings;
}

/** An issuer of cert-manager, and what it is asked for. */
export interface IssuerSettings {
  readonly issuerName: string;
  readonly issuerKind: string;
  readonly issuerGroup?: string;
  readonly duration?: Duration;
  readonly renewBefore?: Duration;
}
