import { ClusterSettings } from '../../cluster/cluster-settings';
import { AlertSettings } from '../alert-settings';

/** An alert as its author sees it; `rules.ts` adds what all have in common. */
export interface Alert {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly expr: string;
  /** How long there must be something to tell before it is told, in Prometheus' format. */
  readonly for: string;
  readonly summary: string;
  /** What is wrong, and what to do; the page in docs/ says more. */
  readonly description: string;
}

/** What alerts are about, and how it is selected. */
export class Watched {
  constructor(public readonly cluster: ClusterSettings, public readonly alerts: AlertSettings) {}

  /** A metric of the exporters of this cluster. */
  public redis(metric: string, more = ''): string {
    return `redis_${metric}{namespace="${this.cluster.namespace}",app="${this.cluster.name}"${more && `,${more}`}}`;
  }

  /** A metric of something else in the namespace. */
  public inNamespace(metric: string, more: string): string {
    return `${metric}{namespace="${this.cluster.namespace}",${more}}`;
  }
}
