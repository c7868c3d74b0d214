import { Manager } from 'socket.io-client';
import type { Problem, StockView } from './stock.js';
import type { Wire, WireEvents } from './wire.js';

export type TokenSource = string | (() => string | Promise<string>);

const ANSWER_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 10_000;

/** socket.io, websocket only; when to try again is the connection's decision, not socket.io's. */
export function openSocketIoWire(url: string, token: TokenSource, events: WireEvents): Wire {
  const manager = new Manager(url, {
    path: '/socket.io',
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    timeout: CONNECT_WITHIN_MS,
  });
  const socket = manager.socket('/storefront', {
    auth: (send) => {
      Promise.resolve(typeof token === 'function' ? token() : token).then(
        (text) => send({ token: text }),
        () => {
          socket.disconnect();
          events.refused(undefined);
        },
      );
    },
  });
  let expired = false;
  socket.on('connect', () => {
    expired = false;
    events.connected();
  });
  socket.on('connect_error', (error: Error & { data?: Problem }) => events.refused(error.data));
  socket.on('expired', () => {
    expired = true;
  });
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') events.disconnected({ expired });
  });
  socket.on('stock', (views: readonly StockView[], { seq }: { seq: number }) => events.stock(views, seq));
  return {
    connect: () => void socket.connect(),
    request: (event, body, onAnswer) => {
      socket
        .timeout(ANSWER_WITHIN_MS)
        .emit(event, body, (missing: Error | null, answer: unknown) => onAnswer(missing ? undefined : answer));
    },
    close: () => void socket.disconnect(),
  };
}
