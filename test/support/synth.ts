import { App, Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisCluster, RedisClusterProps } from '../../src';

/** The objects of a chart, found by kind. */
export class Synthesized {
  constructor(public readonly objects: any[]) {}

  /** The only object of a kind, or the one of that kind and name. */
  public one(kind: string, name?: string): any {
    const found = this.all(kind).filter(object => name === undefined || object.metadata.name === name);
    expect(found).toHaveLength(1);
    return found[0];
  }

  public all(kind: string): any[] {
    return this.objects.filter(object => object.kind === kind);
  }
}

/** Synthesizes a chart that holds what `build` makes. */
export function synth(build: (scope: Construct) => void, props: ChartProps = {}): Synthesized {
  const chart = new Chart(new App(), 'test', props);
  build(chart);
  return new Synthesized(chart.toJson());
}

/** Synthesizes a chart with one cluster. */
export function synthCluster(props: RedisClusterProps = {}, chartProps: ChartProps = {}): Synthesized {
  return synth(scope => new RedisCluster(scope, 'Cluster', props), chartProps);
}

/** The container of a pod template by its name. */
export function containerOf(workload: any, name: string): any {
  return workload.spec.template.spec.containers.find((container: any) => container.name === name);
}
