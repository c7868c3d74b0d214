import { LiveStore, type Said, type TasksCallback } from './live-store.js';
import type { Problem } from './problem.js';
import type { ConnectionState } from './reconnection.js';
import type { TokenSource } from './socket-io-link.js';
import { openStoreWire } from './store-wire.js';
import type { StoreTask, TaskAction, TaskAnswer, TaskState } from './task.js';
import type { TasksChange } from './task-memory.js';
import { systemClock } from './wire.js';

export type {
  ConnectionState,
  Problem,
  Said,
  StoreTask,
  TaskAction,
  TaskAnswer,
  TaskState,
  TasksCallback,
  TasksChange,
  TokenSource,
};

export interface StoreOptions {
  /** Address of the gateway, e.g. `https://shop.example`. */
  readonly url: string;
  /** A token, or a function that gets one: it is called for every connection, so an expired token is replaced. */
  readonly token: TokenSource;
  /** Needed with a token of ops, which is for no store of its own. */
  readonly store?: string;
  /** As `subscribe` from the beginning. */
  readonly onTasks?: TasksCallback;
}

export interface StoreConnection {
  /** Anything but `live` is offline: what is shown may be old, and nothing can be done. */
  readonly state: ConnectionState;
  /** True once every open task is known; false again from a reconnect until the new snapshot is whole. */
  readonly isComplete: boolean;
  readonly tasks: readonly StoreTask[];
  get(taskId: string): StoreTask | undefined;
  /** Calls back with all open tasks: those known already, then after every change. Answers how to end it. */
  subscribe(callback: TasksCallback): () => void;
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Why it is not let in. */
  onProblem(listener: (problem: Problem) => void): () => void;
  accept(taskId: string, said?: Said): Promise<TaskAnswer>;
  reject(taskId: string, reason: string, said?: Said): Promise<TaskAnswer>;
  pick(taskId: string, said?: Said): Promise<TaskAnswer>;
  pack(taskId: string, said?: Said): Promise<TaskAnswer>;
  ready(taskId: string, said?: Said): Promise<TaskAnswer>;
  /** With `code`: what the customer shows. */
  handOver(taskId: string, said?: Said): Promise<TaskAnswer>;
  /** With `tracking`: the parcel's number. */
  ship(taskId: string, said?: Said): Promise<TaskAnswer>;
  deliver(taskId: string, said?: Said): Promise<TaskAnswer>;
  close(): void;
}

const ID_BYTES = 16;

/** `crypto.randomUUID` is only there on pages served by https; a store's tablet may have none. */
const makeId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(ID_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Connects, and keeps connected, by full-jitter back-off up to 30 s; acknowledges what it was told. */
export function connectStore({ url, token, store, onTasks }: StoreOptions): StoreConnection {
  const connection = new LiveStore({
    canRenewToken: typeof token === 'function',
    openWire: (events) => openStoreWire({ url, token, store }, events),
    clock: systemClock,
    random: Math.random,
    makeId,
  });
  if (onTasks) connection.subscribe(onTasks);
  return connection;
}
