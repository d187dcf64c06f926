import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Certificate, CertificateSpecUsages } from '../../imports/cert-manager.io';
import type { RedisTls } from '../redis-tls';
import type { ClusterSettings } from './cluster-settings';
import { secretName } from './secret-reference';
import { dnsSubdomain, problem } from './validate';

/** The Certificate for all nodes, where the issuer is named: every name and address by which a node is spoken to. */
export function certificate(scope: Construct, { certificateName, domain, name, pods, serviceName, tls }: ClusterSettings): void {
  if (!tls?.issuerName) {
    return;
  }
  const domains = [...new Set([serviceName, domain])];
  const hosts = Array.from({ length: pods }, (_, ordinal) => domains.map(service => `${name}-${ordinal}.${service}`)).flat();
  const { issuerKind, duration, renewBefore } = tls.options;
  new Certificate(scope, 'Certificate', {
    metadata: { name: certificateName },
    spec: {
      secretName: certificateName,
      issuerRef: { name: tls.issuerName, kind: issuerKind ?? 'Issuer' },
      dnsNames: ['localhost', ...domains, ...hosts],
      ipAddresses: ['127.0.0.1'],
      usages: Object.values(CertificateSpecUsages),
      duration: duration && hours(duration),
      renewBefore: renewBefore && hours(renewBefore),
    },
  });
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
