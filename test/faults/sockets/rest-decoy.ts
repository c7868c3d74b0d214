import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands where the services behind the gateway would, and counts who asks it. */
export class RestDecoy {
  requests = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((_request, response) => {
      this.requests++;
      response.writeHead(503).end();
    });
  }

  static async start(): Promise<RestDecoy> {
    const decoy = new RestDecoy();
    await new Promise<void>((resolve) => {
      decoy.server.listen(0, '127.0.0.1', resolve);
    });
    return decoy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
