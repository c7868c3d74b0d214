import type { CartCallback, MemberCart } from './cart.js';
import { Connection, type StockCallback } from './connection.js';
import type { LatencyFigures } from './latency.js';
import type { OrderCallback, TrackedOrder } from './order.js';
import type { Problem } from './problem.js';
import type { ConnectionState } from './reconnection.js';
import type { TokenSource } from './socket-io-link.js';
import { openSocketIoWire } from './socket-io-wire.js';
import type { StockView } from './stock.js';
import { systemClock } from './wire.js';

export type {
  CartCallback,
  ConnectionState,
  LatencyFigures,
  MemberCart,
  OrderCallback,
  Problem,
  StockCallback,
  StockView,
  TokenSource,
  TrackedOrder,
};

export interface StorefrontOptions {
  /** Address of the gateway, e.g. `https://shop.example`. */
  readonly url: string;
  /** A token, or a function that gets one: it is called for every connection, so an expired token is replaced. */
  readonly token: TokenSource;
  /** Default: the token's channel, else `web`. */
  readonly channel?: string;
  /** Default: the token's region, else all. */
  readonly region?: string;
}

export interface StorefrontConnection {
  readonly state: ConnectionState;
  /** The newest state known of a SKU that is watched. */
  get(sku: string): StockView | undefined;
  /**
   * Calls back with what is known of these SKUs, then with every change, together where they arrive together. A
   * version never goes back, also not after a reconnect. Answers how to unsubscribe.
   */
  subscribe(skus: readonly string[], callback: StockCallback): () => void;
  /** The newest state known of an order that is tracked by this link. */
  getOrder(token: string): TrackedOrder | undefined;
  /**
   * Calls back with the order that a signed tracking link is for, as soon as anything is known of it, then with every
   * change. A version never goes back, also not after a reconnect. Answers how to end it.
   */
  track(token: string, callback: OrderCallback): () => void;
  /** The newest state known of a cart that is watched; of the token's member unless told. */
  getCart(memberId?: string): MemberCart | undefined;
  /**
   * Calls back with the member's cart, as soon as there is one, then with every change, whatever channel it was made on.
   * A version never goes back, also not after a reconnect. Without `memberId` it is that of the token's member; others
   * are shown to who works for the shop. Answers how to end it.
   */
  watchCart(callback: CartCallback, memberId?: string): () => void;
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Refusals that asking again does not mend. */
  onProblem(listener: (problem: Problem) => void): () => void;
  /** From change to arrival over the last minute, by this device's clock; undefined without a change in it. */
  latency(): LatencyFigures | undefined;
  close(): void;
}

/** Connects, and keeps connected: after a loss it resumes from what it knows, by full-jitter back-off up to 30 s. */
export function connectStorefront({ url, token, channel, region }: StorefrontOptions): StorefrontConnection {
  return new Connection({
    channel,
    region,
    canRenewToken: typeof token === 'function',
    openWire: (events) => openSocketIoWire(url, token, events),
    clock: systemClock,
    random: Math.random,
  });
}
