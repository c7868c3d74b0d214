import { LocationCode } from '@shelfline/contracts/identifiers';
import { TASK_ACTIONS } from '@shelfline/contracts/order';
import type { TaskAnswer } from '@shelfline/contracts/store-protocol';
import type { Log } from '@shelfline/streaming/log';
import type { Server, Socket } from 'socket.io';
import { admit, type Bearer, RefusedConnection, type Verify } from '../sockets/admission.js';
import { expireAt } from '../sockets/expiry.js';
import { MessageRate } from '../sockets/message-rate.js';
import type { Timer } from '../sockets/timer.js';
import { Screen } from './screen.js';
import type { ScreensByStore } from './screens-by-store.js';
import { SocketScreenOutlet } from './socket-screen-outlet.js';
import type { StoreMetrics } from './store.metrics.js';
import type { TaskActions } from './task-actions.js';
import type { TaskBoard } from './task-board.js';

export interface StoreOptions {
  readonly verify: Verify;
  readonly isReady: () => boolean;
  readonly board: TaskBoard;
  readonly screens: ScreensByStore;
  readonly actions: TaskActions;
  readonly metrics: StoreMetrics;
  readonly refused: (reason: string) => void;
  readonly evicted: (reason: string) => void;
  readonly timer: Timer;
  readonly log: Log;
  readonly epoch: string;
  readonly redeliverAfterMs: number;
  readonly behindAtBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
}

const ROLES: ReadonlySet<string> = new Set(['store', 'ops']);

/** The `/store` namespace: who may come in, for which store, and what he may do there. */
export class StoreNamespace {
  private readonly connected = new Set<Socket>();

  constructor(private readonly options: StoreOptions) {}

  attach(server: Server): void {
    const namespace = server.of('/store');
    namespace.use((socket, next) => void this.letIn(socket, next));
    namespace.on('connection', (socket) => this.welcome(socket));
  }

  stop(): void {
    for (const socket of this.connected) socket.conn.close();
  }

  private async letIn(socket: Socket, next: (error?: Error) => void): Promise<void> {
    let refusal: Error | undefined;
    try {
      if (!this.options.isReady())
        throw new RefusedConnection('not-ready', 'The tasks are still being read. Try again shortly.');
      const bearer = await admit(socket, this.options.verify, ROLES);
      const store = storeOf(bearer, (socket.handshake.auth as { store?: unknown }).store);
      if (this.options.screens.isFull(store))
        throw new RefusedConnection(
          'too-many-screens',
          `${store} has as many screens open here as it may. Close some, or try again later.`,
        );
      socket.data = { ...bearer, store };
      socket.handshake.auth = {};
    } catch (error) {
      refusal = error as Error;
      if (error instanceof RefusedConnection) this.options.refused(error.kind);
    }
    next(refusal);
  }

  private welcome(socket: Socket): void {
    const { board, screens, metrics, timer, epoch, redeliverAfterMs, behindAtBytes } = this.options;
    const { store, expiresAtMs } = socket.data as Bearer & { store: string };
    const screen = new Screen({
      store,
      epoch,
      outlet: new SocketScreenOutlet(socket),
      open: () => board.openOf(store),
      timer,
      redeliverAfterMs,
      behindAtBytes,
      counts: metrics.counts,
      onAcknowledged: (delayMs) => metrics.acknowledged(delayMs),
    });
    this.connected.add(socket);
    screens.join(screen);
    screen.begin();
    const callOffExpiry = expireAt(socket, expiresAtMs, timer, () => this.end(socket, 'expired'));
    const rate = new MessageRate(this.options);
    for (const action of TASK_ACTIONS)
      socket.on(`task:${action}`, (body: unknown, ack: unknown) => {
        const receivedAtMs = timer.nowMs();
        const answer = (said: TaskAnswer): void => {
          metrics.answered(said.ok ? 'ok' : said.code, timer.nowMs() - receivedAtMs);
          if (typeof ack === 'function') (ack as (answer: TaskAnswer) => void)(said);
        };
        const verdict = rate.take();
        if (verdict === 'taken')
          this.options.actions.act(store, action, body).then(answer, (error: Error) => this.failed(socket, error));
        else answer(tooMany(this.options));
        if (verdict === 'flood') this.end(socket, 'flood');
      });
    socket.on('disconnect', () => {
      callOffExpiry();
      this.connected.delete(socket);
      screens.leave(screen);
    });
  }

  private failed(socket: Socket, error: Error): void {
    this.options.log.error({ reason: error.message }, 'a task request failed unexpectedly');
    socket.disconnect(true);
  }

  private end(socket: Socket, reason: 'expired' | 'flood'): void {
    this.options.evicted(reason);
    socket.disconnect(true);
  }
}

/** A store's token is held to its store; `ops` names one. */
function storeOf({ roles, store }: Bearer, asked: unknown): string {
  if (roles.includes('ops')) {
    const named = LocationCode.safeParse(asked ?? store);
    if (named.success) return named.data;
    throw new RefusedConnection('forbidden', 'A token of ops names the store: connect with auth: { token, store }.');
  }
  if (store === undefined)
    throw new RefusedConnection('forbidden', 'The token names no store. Use one with the claim "store".');
  if (asked !== undefined && asked !== store)
    throw new RefusedConnection('forbidden', 'The token is for another store. Leave store out, or use its own token.');
  return store;
}

const tooMany = ({ messagesPerSecond, messageBurst }: StoreOptions): TaskAnswer => ({
  ok: false,
  code: 'too_many_requests',
  detail:
    `A socket may send ${messagesPerSecond} messages a second, ${messageBurst} at once. Nothing was done: wait a ` +
    'second and send it again.',
  retryAfterMs: 1000,
});
