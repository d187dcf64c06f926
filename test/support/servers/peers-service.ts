import { connect, createServer, Socket } from 'node:net';

/** As kube-proxy does with a Service, leads each connection to one of several addresses, whichever. */
export class PeersService {
  private readonly server = createServer(socket => this.forward(socket));
  private addresses: string[] = [];
  private isSilent = false;

  constructor(public readonly address: string, private readonly port: number) {
    this.server.listen(port, address).unref();
  }

  public leadTo(addresses: string[]): void {
    this.addresses = addresses;
    this.isSilent = false;
  }

  /** From now on it leads nowhere. */
  public fallSilent(): void {
    this.isSilent = true;
  }

  public remove(): void {
    this.server.close();
  }

  private forward(socket: Socket): void {
    socket.on('error', () => undefined).unref();
    if (this.isSilent) {
      return;
    }
    const target = connect(this.port, this.addresses[Math.floor(Math.random() * this.addresses.length)]).unref();
    target.on('error', () => socket.destroy());
    socket.pipe(target).pipe(socket);
  }
}
