import { createConnection } from 'node:net';

/** A probe as a manifest has it. */
export interface Probe {
  readonly tcpSocket?: { readonly port: number };
  readonly timeoutSeconds: number;
}

/** What the kubelet learns by a tcpSocket probe: whether a connection is accepted; it sends nothing and closes it. */
export function accepts({ tcpSocket, timeoutSeconds }: Probe, address: string): Promise<boolean> {
  if (!tcpSocket) {
    throw new Error('not a tcpSocket probe');
  }
  return new Promise(resolve => {
    const socket = createConnection({ host: address, port: tcpSocket.port, timeout: timeoutSeconds * 1000 });
    const end = (connected: boolean) => { socket.destroy(); resolve(connected); };
    socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false));
  });
}
