import type { MemberCart } from './cart.js';
import type { TrackedOrder } from './order.js';
import type { Problem } from './problem.js';
import type { StockView } from './stock.js';

/** What becomes of a connection, whatever it carries. */
export interface LinkEvents {
  connected(): void;
  /** The connection was lost or ended; `expired` when the server said that the token ran out. */
  disconnected(reason: { readonly expired: boolean }): void;
  /** No connection came about; without a problem the server could not be reached at all. */
  refused(problem: Problem | undefined): void;
}
/** What a storefront's connection hears from its wire. */
export interface WireEvents extends LinkEvents {
  stock(views: readonly StockView[], seq: number): void;
  order(order: TrackedOrder): void;
  cart(cart: MemberCart): void;
}

export type WireRequest = 'subscribe' | 'unsubscribe' | 'track' | 'untrack' | 'watch_cart' | 'unwatch_cart';

/** One way to the server, opened and lost any number of times. */
export interface Wire {
  connect(): void;
  /**
   * `onAnswer` is called with the server's answer in its turn among the messages (a promise would let a message that
   * follows overtake it), or with undefined when none comes.
   */
  request(event: WireRequest, body: object, onAnswer: (answer: unknown) => void): void;
  close(): void;
}

/** Time as a port, for tests. */
export interface Clock {
  nowMs(): number;
  /** Answers how to call it off. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
