import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to the next bytes that pass:
 * - `drop-reply`: the request reaches the server, which acts; its answer is thrown away and the connection closed
 * - `cut-request`, `cut-reply`: half of it passes, then the connection is closed
 * - `delay`: they and what follows them on this connection pass late, in order
 */
export type ProxyFault = 'drop-reply' | 'cut-request' | 'cut-reply' | 'delay';

/** As often as they are worth trying. */
export const PROXY_FAULTS: readonly ProxyFault[] = [
  'drop-reply',
  'drop-reply',
  'cut-request',
  'cut-reply',
  'delay',
  'delay',
];

/** A TCP proxy on loopback that passes everything on until it is told to do harm. */
export class UnreliableProxy {
  private readonly server: Server;
  private readonly pairs = new Set<ProxiedPair>();
  private armed: { readonly fault: ProxyFault; readonly delayMs: number } | undefined;
  private readonly target: { readonly host: string; readonly port: number };
  /** Faults that met bytes, by kind. */
  readonly done = new Map<ProxyFault, number>();

  constructor(target: { host: string; port: number }) {
    this.target = target;
    this.server = createServer((client) => {
      const pair = new ProxiedPair(client, connect(this.target), {
        takeFault: (fromServer) => this.takeFault(fromServer),
        onEnd: () => this.pairs.delete(pair),
      });
      this.pairs.add(pair);
    });
  }

  /** Resolves with the port it listens on. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve(this.port));
    });
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Replaces a fault that has met nothing yet. */
  arm(fault: ProxyFault, delayMs = 0): void {
    this.armed = { fault, delayMs };
  }

  disarm(): void {
    this.armed = undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const pair of this.pairs) pair.end();
    await closed;
  }

  private takeFault(fromServer: boolean): { readonly fault: ProxyFault; readonly delayMs: number } | undefined {
    const { armed } = this;
    // A reply is dropped from its request on: only so is it certain that the server acted and nobody heard of it.
    if (!armed || (armed.fault !== 'delay' && fromServer !== (armed.fault === 'cut-reply'))) return undefined;
    this.armed = undefined;
    this.done.set(armed.fault, (this.done.get(armed.fault) ?? 0) + 1);
    return armed;
  }
}

interface PairOptions {
  readonly takeFault: (fromServer: boolean) => { readonly fault: ProxyFault; readonly delayMs: number } | undefined;
  readonly onEnd: () => void;
}

class ProxiedPair {
  private dropsReply = false;
  private readonly client: Socket;
  private readonly server: Socket;

  constructor(client: Socket, server: Socket, { takeFault, onEnd }: PairOptions) {
    this.client = client;
    this.server = server;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.end());
      socket.once('close', () => {
        this.end();
        onEnd();
      });
    }
    client.on('data', (bytes) => this.pass(bytes, client, server, takeFault(false)));
    server.on('data', (bytes) => {
      if (this.dropsReply) this.end();
      else this.pass(bytes, server, client, takeFault(true));
    });
  }

  end(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private pass(bytes: Buffer, from: Socket, to: Socket, hit: ReturnType<PairOptions['takeFault']>): void {
    switch (hit?.fault) {
      case 'cut-request':
      case 'cut-reply':
        to.write(bytes.subarray(0, bytes.length >> 1), () => this.end());
        return;
      case 'delay':
        from.pause();
        setTimeout(() => {
          to.write(bytes);
          from.resume();
        }, hit.delayMs);
        return;
      case 'drop-reply':
        this.dropsReply = true;
        break;
      case undefined:
    }
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }
}
