import { Duration } from 'cdk8s';
import { TlsSettings } from './access-settings';
import { certificateSize, CertificateSubject } from './certificate';
import { RedisTls } from './redis-tls';
import { secretName } from './secret-reference';
import { dnsSubdomain } from '../checks/names';
import { Parsed, problem } from '../checks/problem';
import { isMade, notMade } from '../checks/values';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { RedisVersion } from '../versions/redis-version';

/** Where containers have the certificate. */
export const TLS_FOLDER = '/etc/redis-tls';

/** The certificate, unless TLS is turned off by its own word. */
export function tlsSettings(tls: RedisTls | undefined, nameOfCertificate: string): TlsSettings | undefined {
  if (!isMade(tls, 'options') || tls.isDisabled) {
    return undefined;
  }
  const { authClients = false, issuerKind = 'Issuer', issuerGroup, duration, renewBefore } = tls.options;
  const { issuerName } = tls;
  return {
    secretName: tls.secretName ?? nameOfCertificate,
    authClients,
    issuer: issuerName ? { issuerName, issuerKind, issuerGroup, duration, renewBefore } : undefined,
  };
}

/** What a cluster with or without TLS is like to its clients. */
export interface ClusterTls {
  readonly tls?: TlsSettings;
  /** Whether nodes announce the names of their pods, which the certificate holds. */
  readonly announceHostnames: boolean;
}

export function parseTls(
  props: Pick<RedisClusterProps, 'tls' | 'announceHostnames'>, version: RedisVersion, subject: CertificateSubject,
): Parsed<ClusterTls> {
  const tls = tlsSettings(props.tls, subject.certificateName);
  const announceHostnames = props.announceHostnames ?? (tls !== undefined && version.supportsHostnames);
  return {
    settings: { tls, announceHostnames },
    problems: [
      ...tlsProblems(props.tls),
      ...tls?.issuer ? certificateSize(subject) : [],
      ...hostnames(announceHostnames, tls !== undefined, version),
    ],
  };
}

function hostnames(announceHostnames: boolean, hasTls: boolean, version: RedisVersion): string[] {
  if (announceHostnames && !version.supportsHostnames) {
    return [problem('announceHostnames', `be left out for ${version.name}`, true, "'cluster-announce-hostname' exists in Redis 7.0 and later")];
  }
  return !announceHostnames && hasTls && version.supportsHostnames
    ? [problem('announceHostnames', "be true with 'tls'", false, 'clients would be sent to addresses, which the certificate does not hold')]
    : [];
}

/** What cert-manager compares `renewBefore` with where there is no duration. */
const CERT_MANAGERS_DURATION = Duration.days(90);

/** Problems with TLS that no factory has made. */
export function tlsNotMade(tls: RedisTls | undefined): string[] {
  return tls === undefined || isMade(tls, 'options') ? []
    : [notMade('tls', 'RedisTls.fromSecret, RedisTls.fromIssuer or RedisTls.disabled', tls, 'nobody would know the certificate')];
}

/** Problems with where the certificate comes from, if there is one. */
export function tlsProblems(tls: RedisTls | undefined): string[] {
  if (!isMade(tls, 'options') || tls.isDisabled) {
    return tlsNotMade(tls);
  }
  const { issuerKind = 'Issuer', issuerGroup, duration, renewBefore } = tls.options;
  const lasts = (duration ?? CERT_MANAGERS_DURATION).toSeconds({ integral: false });
  const least = (prop: string, value: Duration | undefined, minutes: number) =>
    value === undefined || value.toMinutes({ integral: false }) >= minutes && Number.isInteger(value.toMinutes({ integral: false })) ? []
      : [problem(`tls.${prop}`, `be whole minutes, at least ${minutes}`, value, 'cert-manager refuses less')];
  return [
    ...tls.issuerName === undefined ? secretName('tls', tls.secretName) : [],
    ...dnsSubdomain('tls.issuerName', tls.issuerName),
    ...dnsSubdomain('tls.issuerGroup', issuerGroup),
    ...issuerGroup === undefined && !['Issuer', 'ClusterIssuer'].includes(issuerKind)
      ? [problem('tls.issuerKind', "be Issuer or ClusterIssuer, or come with the 'issuerGroup' of an external one", issuerKind, 'nobody would make the certificate')] : [],
    ...least('duration', duration, 60),
    ...least('renewBefore', renewBefore, 5),
    ...renewBefore && renewBefore.toSeconds({ integral: false }) >= lasts
      ? [problem('tls.renewBefore', `be less than 'duration' (${lasts} seconds)`, renewBefore, 'the certificate would be renewed for ever')] : [],
  ];
}
