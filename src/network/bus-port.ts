/** The port of the cluster bus, which Redis takes by itself. */
export function busPort(port: number): number {
  return port + 10000;
}
