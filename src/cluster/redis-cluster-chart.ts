import { Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisCluster } from './redis-cluster';
import { RedisClusterProps } from './redis-cluster-props';

/** Properties of `RedisClusterChart`: those of the chart, such as its namespace, and those of the cluster. */
export interface RedisClusterChartProps extends ChartProps, RedisClusterProps {}

/** A chart with one Redis Cluster; without props it is the cluster of the original YAML. */
export class RedisClusterChart extends Chart {
  /** The cluster. */
  public readonly cluster: RedisCluster;

  constructor(scope: Construct, id: string, props: RedisClusterChartProps = {}) {
    super(scope, id, props);
    this.cluster = new RedisCluster(this, 'Cluster', props);
  }
}
