import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IssuerSettings } from './access-settings';
import { Certificate, CertificateSpecUsages } from '../../imports/cert-manager.io';
import { problem } from '../checks/problem';
import { ClusterNames, podNames } from '../shape/cluster-names';
import { ClusterShape } from '../shape/cluster-shape';

/** Whose certificate it is. */
export type CertificateSubject = Pick<ClusterNames, 'certificateName' | 'domain' | 'name' | 'serviceName'> & Pick<ClusterShape, 'pods'>;

/** The Certificate for all nodes, where the issuer is named: every name and address by which a node is spoken to. */
export function addCertificate(scope: Construct, subject: CertificateSubject, issuer: IssuerSettings | undefined): void {
  if (!issuer) {
    return;
  }
  const { issuerName, issuerKind, issuerGroup, duration, renewBefore } = issuer;
  new Certificate(scope, 'Certificate', {
    metadata: { name: subject.certificateName },
    spec: {
      secretName: subject.certificateName,
      issuerRef: { name: issuerName, kind: issuerKind, group: issuerGroup },
      dnsNames: dnsNames(subject),
      ipAddresses: ['127.0.0.1'],
      usages: Object.values(CertificateSpecUsages),
      duration: duration && hours(duration),
      renewBefore: renewBefore && hours(renewBefore),
    },
  });
}

function dnsNames({ domain, name, pods, serviceName }: CertificateSubject): string[] {
  const domains = [...new Set([serviceName, domain])];
  const hosts = podNames(name, pods).flatMap(pod => domains.map(service => `${pod}.${service}`));
  return ['localhost', ...domains, ...hosts];
}

/**
 * The names that a certificate may have. OpenSSL ends a handshake with "excessive message size" when its peer sends more than
 * 100 KiB of certificates; 4 of them are left to the rest of this one and to that of the authority.
 */
const MOST_KIBIBYTES_OF_NAMES = 96;
const TAG_AND_LENGTH = 2;

/** Problems with the size of the certificate. */
export function certificateSize(subject: CertificateSubject): string[] {
  const bytes = dnsNames(subject).reduce((sum, name) => sum + name.length + TAG_AND_LENGTH, 0);
  return bytes <= MOST_KIBIBYTES_OF_NAMES * 1024 ? []
    : [problem('tls', `have at most ${MOST_KIBIBYTES_OF_NAMES} KiB of names in its certificate`, Math.ceil(bytes / 1024),
      "OpenSSL refuses certificates of more than 100 KiB: take fewer pods, a shorter 'name', or RedisTls.fromSecret with a wildcard for the Service")];
}

/** A duration as Go writes it, which is how cert-manager's webhook writes it back. */
function hours(duration: Duration): string {
  const minutes = duration.toMinutes();
  return `${Math.floor(minutes / 60)}h${minutes % 60}m0s`;
}
