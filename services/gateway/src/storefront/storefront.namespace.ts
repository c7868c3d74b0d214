import type { Log } from '@shelfline/streaming/log';
import type { Namespace, Server, Socket } from 'socket.io';
import type { CartWatching } from '../carts/cart-watching.js';
import { cartOf } from '../carts/held-cart.js';
import { admit, type Bearer, RefusedConnection, type Verify } from '../sockets/admission.js';
import { expireAt } from '../sockets/expiry.js';
import type { Follower, FollowerOutlet } from '../sockets/follower.js';
import { MessageRate } from '../sockets/message-rate.js';
import { problemOf, refused } from '../sockets/refusal.js';
import type { Timer } from '../sockets/timer.js';
import { CUSTOMER } from '../tracking/customer.js';
import type { OrderTracking } from '../tracking/order-tracking.js';
import { orderOf } from '../tracking/tracked-order.js';
import { SocketOutlet } from './socket-outlet.js';
import { STOREFRONT, type StockFrame, StockFrames } from './stock-frame.js';
import type { StorefrontMetrics } from './storefront.metrics.js';
import { Subscriber, type SubscriberOptions } from './subscriber.js';
import type { Subscriptions } from './subscriptions.js';

export interface StorefrontOptions {
  readonly verify: Verify;
  readonly isReady: () => boolean;
  readonly subscriptions: Subscriptions<Subscriber<StockFrame>>;
  readonly orders: { readonly tracking: OrderTracking; followerOf(outlet: FollowerOutlet): Follower };
  readonly carts: { readonly watching: CartWatching; followerOf(outlet: FollowerOutlet): Follower };
  readonly metrics: StorefrontMetrics;
  readonly timer: Timer;
  readonly log: Log;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly behindAtBytes: number;
  readonly evictAtBytes: number;
  readonly evictAfterMs: number;
}

const ROLES: ReadonlySet<string> = new Set(['storefront', 'store', 'integrator', 'ops', CUSTOMER]);
const NO_STOCK =
  'A tracking link shows its order and no stock. Connect with a token of the role storefront to watch products.';
const SWEEP_EVERY_MS = 500;
const MESSAGE_BYTES = 16 * 1024;
const GOODBYE_MS = 1000;

type Ack = (answer: object) => void;
interface Connected {
  readonly subscriber: Subscriber<StockFrame>;
  readonly outlet: SocketOutlet;
  leaving: boolean;
}

/** The `/storefront` namespace: who may come in, what they may ask, and when they must go. */
export class StorefrontNamespace {
  private readonly ofSubscribers: SubscriberOptions<StockFrame>;
  private readonly connected = new Map<Socket, Connected>();
  private callOffSweep: (() => void) | undefined;

  constructor(private readonly options: StorefrontOptions) {
    const { metrics, timer, behindAtBytes } = options;
    const frames = new StockFrames();
    this.ofSubscribers = {
      encode: (pieces, seq) => frames.encode(pieces, seq),
      counts: metrics.counts,
      nowMs: timer.nowMs,
      behindAtBytes,
      messageBytes: MESSAGE_BYTES,
    };
  }

  attach(server: Server): void {
    const namespace: Namespace = server.of(STOREFRONT);
    namespace.use((socket, next) => void this.letIn(socket, next));
    namespace.on('connection', (socket) => this.welcome(socket));
    this.sweepLater();
  }

  get sockets(): number {
    return this.connected.size;
  }

  stop(): void {
    this.callOffSweep?.();
    for (const socket of this.connected.keys()) socket.conn.close();
  }

  private async letIn(socket: Socket, next: (error?: Error) => void): Promise<void> {
    let refusal: Error | undefined;
    try {
      if (!this.options.isReady())
        throw new RefusedConnection('not-ready', 'The stock table is still being read. Try again shortly.');
      socket.data = await admit(socket, this.options.verify, ROLES);
      // The handshake is kept as long as the socket lives: neither the token nor the request is needed any more.
      socket.handshake.auth = {};
    } catch (error) {
      refusal = error as Error;
      if (error instanceof RefusedConnection) this.options.metrics.refused(error.kind);
    }
    next(refusal);
  }

  private welcome(socket: Socket): void {
    const { subscriptions } = this.options;
    const bearer = socket.data as Bearer;
    const outlet = new SocketOutlet(socket);
    const subscriber = new Subscriber<StockFrame>(outlet, this.ofSubscribers);
    const state: Connected = { subscriber, outlet, leaving: false };
    this.connected.set(socket, state);
    const callOffExpiry = expireAt(socket, bearer.expiresAtMs, this.options.timer, () => this.end(socket, 'expired'));
    const allowed = this.rateLimit(socket);
    const isOpen = (): boolean => socket.connected && !state.leaving;

    socket.on('subscribe', (body: unknown, ack: unknown) => {
      if (!allowed(ack)) return;
      if (bearer.order !== undefined) {
        this.answer(ack, refused('forbidden', NO_STOCK));
        return;
      }
      subscriptions
        .subscribe(subscriber, bearer, body, isOpen, (answer) => this.answer(ack, answer))
        .catch((error: Error) => this.failed(socket, error));
    });
    socket.on('unsubscribe', (body: unknown, ack: unknown) => {
      if (allowed(ack)) this.answer(ack, subscriptions.unsubscribe(subscriber, body));
    });
    const stopTracking = this.offerTracking(socket, outlet, allowed, isOpen);
    const stopWatching = this.offerCarts(socket, outlet, bearer, allowed);
    socket.on('disconnect', () => {
      callOffExpiry();
      stopTracking();
      stopWatching();
      this.connected.delete(socket);
      subscriptions.leaveAll(subscriber);
    });
  }

  private offerTracking(
    socket: Socket,
    outlet: SocketOutlet,
    allowed: (ack: unknown) => boolean,
    isOpen: () => boolean,
  ): () => void {
    const { tracking, followerOf } = this.options.orders;
    const follower = onDemand(() =>
      followerOf({
        bufferedBytes: () => outlet.bufferedBytes(),
        send: (held) => void socket.emit('order', orderOf(held)),
      }),
    );
    socket.on('track', (body: unknown, ack: unknown) => {
      if (!allowed(ack)) return;
      tracking
        .track(follower.get(), body, isOpen, (answer) => this.answer(ack, answer))
        .catch((error: Error) => this.failed(socket, error));
    });
    socket.on('untrack', (body: unknown, ack: unknown) => {
      if (allowed(ack)) this.answer(ack, tracking.untrack(follower.get(), body));
    });
    return () => follower.ifMade((made) => tracking.leaveAll(made));
  }

  private offerCarts(
    socket: Socket,
    outlet: SocketOutlet,
    bearer: Bearer,
    allowed: (ack: unknown) => boolean,
  ): () => void {
    const { watching, followerOf } = this.options.carts;
    const follower = onDemand(() =>
      followerOf({
        bufferedBytes: () => outlet.bufferedBytes(),
        send: (held) => void socket.emit('cart', cartOf(held)),
      }),
    );
    socket.on('watch_cart', (body: unknown, ack: unknown) => {
      if (allowed(ack)) this.answer(ack, watching.watch(follower.get(), bearer, body));
    });
    socket.on('unwatch_cart', (body: unknown, ack: unknown) => {
      if (allowed(ack)) this.answer(ack, watching.unwatch(follower.get(), bearer, body));
    });
    return () => follower.ifMade((made) => watching.leaveAll(made));
  }

  private answer(ack: unknown, answer: { readonly ok: boolean; readonly type?: unknown }): void {
    if (!answer.ok) this.options.metrics.refused(String(answer.type).split(':').at(-1)!);
    if (typeof ack === 'function') (ack as Ack)(answer);
  }

  private failed(socket: Socket, error: Error): void {
    this.options.log.error({ reason: error.message }, 'a request failed unexpectedly');
    socket.disconnect(true);
  }

  private rateLimit(socket: Socket): (ack: unknown) => boolean {
    const rate = new MessageRate(this.options);
    return (ack) => {
      const verdict = rate.take();
      if (verdict === 'taken') return true;
      const { messagesPerSecond, messageBurst } = this.options;
      this.answer(
        ack,
        refused(
          'too-many-requests',
          `A socket may send ${messagesPerSecond} messages a second, ${messageBurst} at once. Put up to 500 SKUs into ` +
            'one message and wait a second.',
        ),
      );
      if (verdict === 'flood') this.end(socket, 'flood');
      return false;
    };
  }

  private sweepLater(): void {
    this.callOffSweep = this.options.timer.after(SWEEP_EVERY_MS, () => {
      this.sweep();
      this.sweepLater();
    });
  }

  /** Ends sockets that take nothing any more, or for which too much is queued. */
  private sweep(): void {
    const { evictAfterMs, evictAtBytes } = this.options;
    for (const [socket, { subscriber, leaving }] of this.connected) {
      if (leaving) continue;
      const stalledMs = subscriber.stalledMs();
      const tooMuch = subscriber.bufferedBytes() > evictAtBytes;
      if (stalledMs <= evictAfterMs && !tooMuch) continue;
      socket.emit(
        'evicted',
        problemOf('evicted', 'Nothing was read from it for too long. Connect again with since to go on.'),
      );
      this.end(socket, tooMuch ? 'queue' : 'stalled');
    }
  }

  private end(socket: Socket, reason: string): void {
    const state = this.connected.get(socket);
    if (!state || state.leaving) return;
    state.leaving = true;
    this.options.metrics.evicted(reason);
    this.options.subscriptions.leaveAll(state.subscriber);
    // A disconnect keeps socket.io clients from coming back by themselves, a lost connection does not.
    if (reason === 'expired' || reason === 'flood') socket.disconnect(true);
    else socket.conn.close();
    // A peer that does not read would keep its buffers for the closing handshake's half minute.
    this.options.timer.after(GOODBYE_MS, () => state.outlet.terminate());
  }
}

/** Few sockets follow an order or a cart: the others are not charged for it. */
function onDemand<T extends object>(make: () => T) {
  let made: T | undefined;
  return {
    get: (): T => (made ??= make()),
    ifMade: (then: (made: T) => void): void => {
      if (made) then(made);
    },
  };
}
