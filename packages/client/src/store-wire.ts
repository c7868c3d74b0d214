import { openSocketIoLink, request, type TokenSource } from './socket-io-link.js';
import type { TaskPush, TasksPage } from './task.js';
import type { LinkEvents } from './wire.js';

/** What a store's connection hears. What it returns from without an error is acknowledged; anything else comes again. */
export interface StoreWireEvents extends LinkEvents {
  page(page: TasksPage): void;
  task(push: TaskPush): void;
}
export interface StoreWire {
  connect(): void;
  /** `onAnswer` is called with undefined when no answer comes. */
  request(event: string, body: object, onAnswer: (answer: unknown) => void): void;
  close(): void;
}

type Ack = (body: object) => void;

export function openStoreWire(
  { url, token, store }: { readonly url: string; readonly token: TokenSource; readonly store?: string | undefined },
  events: StoreWireEvents,
): StoreWire {
  const auth = store === undefined ? {} : { store };
  const socket = openSocketIoLink({ url, namespace: '/store', token, auth }, events);
  socket.on('tasks', (page: TasksPage, ack: Ack) => {
    events.page(page);
    ack({ page: page.page });
  });
  socket.on('task', (push: TaskPush, ack: Ack) => {
    events.task(push);
    ack({ version: push.version });
  });
  return {
    connect: () => void socket.connect(),
    request: (event, body, onAnswer) => request(socket, event, body, onAnswer),
    close: () => void socket.disconnect(),
  };
}
