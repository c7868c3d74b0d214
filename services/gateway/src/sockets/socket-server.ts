import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import { SocketsPerAddress } from './limits.js';
import { isOriginAllowed } from './origin.js';

export interface SocketServerOptions {
  readonly allowedOrigins: readonly string[];
  readonly maxMessageBytes: number;
  readonly maxSockets: number;
  readonly maxSocketsPerAddress: number;
  /** Told the reason of every refusal. */
  readonly refused: (reason: string) => void;
}

const AUTHENTICATE_WITHIN_MS = 5000;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** The client's address; a proxy beside this process is believed about whom it speaks for, nobody else is. */
function addressOf(request: IncomingMessage): string {
  const remote = request.socket.remoteAddress ?? 'unknown';
  const forwarded = request.headers['x-forwarded-for'];
  if (!LOOPBACK.test(remote) || typeof forwarded !== 'string') return remote;
  return forwarded.split(',').at(-1)!.trim();
}

/**
 * socket.io with everything off that is not used here. Connection state recovery stays off: it would let a client in
 * without the namespace's checks, and `since` does its work.
 */
export function attachSocketServer(http: HttpServer, options: SocketServerOptions): Server {
  const perAddress = new SocketsPerAddress(options.maxSocketsPerAddress, options.maxSockets);
  const refuse = (reason: string, message: string, callback: (text: string, ok: boolean) => void): void => {
    options.refused(reason);
    callback(message, false);
  };
  const server = new Server(http, {
    path: '/socket.io',
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: options.maxMessageBytes,
    connectTimeout: AUTHENTICATE_WITHIN_MS,
    allowRequest: (request, callback) => {
      const decide = callback as unknown as (text: string, ok: boolean) => void;
      const { origin, host } = request.headers;
      if (!isOriginAllowed(origin, host, options.allowedOrigins)) {
        refuse('origin', 'This page may not connect here: its origin is not in ALLOWED_ORIGINS.', decide);
        return;
      }
      const full = perAddress.refusal(addressOf(request));
      if (full === 'total') refuse('full', 'This instance holds as many sockets as it may. Try again later.', decide);
      else if (full === 'address') refuse('address', 'Too many sockets from this address. Close some.', decide);
      else callback(null, true);
    },
  });
  // The default namespace would be a way in without a token.
  server.use((_socket, next) => next(new Error('There is nothing at this namespace; use /storefront or /store.')));
  server.engine.on(
    'connection',
    (connection: { request: IncomingMessage | undefined; once: (e: 'close', f: () => void) => void }) => {
      const address = connection.request ? addressOf(connection.request) : 'unknown';
      perAddress.opened(address);
      connection.once('close', () => perAddress.closed(address));
      // Only now is the request no longer needed; kept, it would cost several kB for as long as the socket lives. A
      // property taken out with `delete` would make every later look at the connection a search by name.
      connection.request = undefined;
    },
  );
  return server;
}
