import { Manager, type Socket } from 'socket.io-client';
import type { Problem } from './problem.js';
import type { LinkEvents } from './wire.js';

export type TokenSource = string | (() => string | Promise<string>);

export interface LinkTarget {
  readonly url: string;
  readonly namespace: string;
  readonly token: TokenSource;
  /** Sent with the token. */
  readonly auth?: object;
}

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;

/** socket.io, websocket only; when to try again is the connection's decision, not socket.io's. */
export function openSocketIoLink({ url, namespace, token, auth }: LinkTarget, events: LinkEvents): Socket {
  const manager = new Manager(url, {
    path: '/socket.io',
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    timeout: CONNECT_WITHIN_MS,
  });
  const socket = manager.socket(namespace, {
    auth: (send) => {
      Promise.resolve(typeof token === 'function' ? token() : token).then(
        (text) => send({ ...auth, token: text }),
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
  return socket;
}

/** `onAnswer` is called in its turn among the messages, with undefined when no answer comes. */
export function request(socket: Socket, event: string, body: object, onAnswer: (answer: unknown) => void): void {
  socket
    .timeout(ANSWER_WITHIN_MS)
    .emit(event, body, (missing: Error | null, answer: unknown) => onAnswer(missing ? undefined : answer));
}
