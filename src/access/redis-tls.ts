import { Duration } from 'cdk8s';
import { RedisSecret } from './redis-secret';
import { given } from '../checks/given';

/** Options that the ways to have a certificate share. */
export interface RedisTlsOptions {
  /**
   * Whether clients must show a certificate of the same authority. Nodes always must, to each other.
   *
   * @default false
   */
  readonly authClients?: boolean;
}

/** Options of `RedisTls.fromIssuer`. */
export interface CertificateOptions extends RedisTlsOptions {
  /**
   * Kind of the issuer: `Issuer`, `ClusterIssuer`, or that of an external one, which also needs its `issuerGroup`.
   *
   * @default 'Issuer'
   */
  readonly issuerKind?: string;

  /**
   * API group of an external issuer, such as `awspca.cert-manager.io`.
   *
   * @default - cert-manager's own
   * @see https://cert-manager.io/docs/configuration/issuers/
   */
  readonly issuerGroup?: string;

  /**
   * How long a certificate is valid, at least an hour.
   *
   * @default - what the issuer gives: 90 days with cert-manager's own
   */
  readonly duration?: Duration;

  /**
   * How long before its end a certificate is renewed, at least 5 minutes and less than `duration`.
   *
   * @default - after two thirds of the duration
   */
  readonly renewBefore?: Duration;
}

/**
 * Where the certificate of the nodes comes from. All nodes share one: for clients, for replication, for the cluster bus and for
 * the scripts, all of which check it against the same authority.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/
 */
export class RedisTls {
  /**
   * A Secret that exists, with the keys `tls.crt`, `tls.key` and `ca.crt`, as cert-manager writes it. The certificate must name
   * all pods, the headless Service and localhost, for use by servers and by clients.
   *
   * @param secret the Secret
   * @param options who must show a certificate
   */
  public static fromSecret(secret: RedisSecret, options: RedisTlsOptions = {}): RedisTls {
    return new RedisTls(secret.name, undefined, given(options));
  }

  /**
   * A Certificate of cert-manager, which writes the Secret and renews it.
   *
   * @param issuerName name of the issuer
   * @param options kind of the issuer and times
   * @see https://cert-manager.io/docs/usage/certificate/
   */
  public static fromIssuer(issuerName: string, options: CertificateOptions = {}): RedisTls {
    return new RedisTls(undefined, issuerName, given(options));
  }

  /** No TLS. This turns off the TLS of `RedisClusterPreset.PRODUCTION`; leaving `tls` undefined does not. */
  public static disabled(): RedisTls {
    return new RedisTls(undefined, undefined, {}, true);
  }

  private constructor(
    /** Name of the Secret that exists; undefined where cert-manager writes it. */
    public readonly secretName: string | undefined,
    /** Name of the issuer; undefined where the Secret exists. */
    public readonly issuerName: string | undefined,
    /** The options given. */
    public readonly options: CertificateOptions,
    /** Whether TLS is off. */
    public readonly isDisabled: boolean = false,
  ) {}
}
