import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisTls } from './redis-tls';
import { secretName } from './secret-reference';
import { Certificate, CertificateSpecUsages } from '../../imports/cert-manager.io';
import { dnsSubdomain } from '../checks/names';
import { problem } from '../checks/problem';
import { ClusterSettings } from '../cluster/cluster-settings';

/** The Certificate for all nodes, where the issuer is named: every name and address by which a node is spoken to. */
export function certificate(scope: Construct, settings: ClusterSettings): void {
  const { certificateName, tls } = settings;
  if (!tls?.issuerName) {
    return;
  }
  const { issuerKind, duration, renewBefore } = tls.options;
  new Certificate(scope, 'Certificate', {
    metadata: { name: certificateName },
    spec: {
      secretName: certificateName,
      issuerRef: { name: tls.issuerName, kind: issuerKind ?? 'Issuer' },
      dnsNames: dnsNames(settings),
      ipAddresses: ['127.0.0.1'],
      usages: Object.values(CertificateSpecUsages),
      duration: duration && hours(duration),
      renewBefore: renewBefore && hours(renewBefore),
    },
  });
}

function dnsNames({ domain, name, pods, serviceName }: ClusterSettings): string[] {
  const domains = [...new Set([serviceName, domain])];
  const hosts = Array.from({ length: pods }, (_, ordinal) => domains.map(service => `${name}-${ordinal}.${service}`)).flat();
  return ['localhost', ...domains, ...hosts];
}

/**
 * The names that a certificate may have. OpenSSL ends a handshake with "excessive message size" when its peer sends more than
 * 100 KiB of certificates; 4 of them are left to the rest of this one and to that of the authority.
 */
const MOST_KIBIBYTES_OF_NAMES = 96;
const TAG_AND_LENGTH = 2;

/** Problems with the size of the certificate, for a cluster whose number of pods is one. */
export function validateCertificateSize(settings: ClusterSettings): string[] {
  const bytes = settings.tls?.issuerName ? dnsNames(settings).reduce((sum, name) => sum + name.length + TAG_AND_LENGTH, 0) : 0;
  return bytes <= MOST_KIBIBYTES_OF_NAMES * 1024 ? []
    : [problem('tls', `have at most ${MOST_KIBIBYTES_OF_NAMES} KiB of names in its certificate`, Math.ceil(bytes / 1024),
      "OpenSSL refuses certificates of more than 100 KiB: take fewer pods, a shorter 'name', or RedisTls.fromSecret with a wildcard for the Service")];
}

/** A duration as Go writes it, which is how cert-manager's webhook writes it back. */
function hours(duration: Duration): string {
  const minutes = duration.toMinutes();
  return `${Math.floor(minutes / 60)}h${minutes % 60}m0s`;
}

export function validateTls(tls: RedisTls | undefined): string[] {
  const { duration, renewBefore } = tls?.options ?? {};
  const least = (prop: string, value: Duration | undefined, minutes: number) =>
    value === undefined || value.toMinutes({ integral: false }) >= minutes && Number.isInteger(value.toMinutes({ integral: false })) ? []
      : [problem(`tls.${prop}`, `be whole minutes, at least ${minutes}`, value, 'cert-manager refuses less')];
  return [
    ...tls && tls.issuerName === undefined ? secretName('tls', tls.secretName) : [],
    ...dnsSubdomain('tls.issuerName', tls?.issuerName),
    ...least('duration', duration, 60),
    ...least('renewBefore', renewBefore, 5),
    ...duration && renewBefore && renewBefore.toSeconds({ integral: false }) >= duration.toSeconds({ integral: false })
      ? [problem('tls.renewBefore', `be less than 'duration' (${duration.toSeconds({ integral: false })} seconds)`, renewBefore, 'the certificate would be renewed for ever')] : [],
  ];
}
