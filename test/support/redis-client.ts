import { Cluster, ClusterNode, ClusterOptions } from 'ioredis';

/**
 * A cluster-aware client as ioredis makes it.
 *
 * It lets the reply to ASKING go unheard, so that a connection that it closes at that moment (as to a node that has no slot yet) is an
 * unhandled rejection, which fails a test, while the command itself is sent again. And it hears one error of a socket, while a TLS
 * connection whose server dies in the middle of a record has two: one for the record, one for the connection.
 */
export function redisClient(nodes: ClusterNode[], options?: ClusterOptions): Cluster {
  const client = new Cluster(nodes, options);
  client.on('+node', node => {
    const asking = node.asking.bind(node);
    node.asking = () => asking().catch(() => 'closed');
    node.on('connect', () => node.stream.on('error', () => 'heard before'));
  });
  return client;
}
