import type { TrackAnswer, TrackedOrder } from './order.js';
import type { Problem } from './problem.js';
import type { Reconnection } from './reconnection.js';
import type { Refusal } from './stock.js';
import type { Clock, Wire } from './wire.js';

export type OrderCallback = (order: TrackedOrder) => void;

export interface TrackedOrdersOptions {
  readonly wire: () => Wire;
  readonly reconnection: Reconnection;
  readonly clock: Clock;
}

interface Followed {
  readonly token: string;
  readonly callbacks: Set<OrderCallback>;
  /** Known once the server has read the link. */
  orderId: string | undefined;
  order: TrackedOrder | undefined;
}

/** The orders that are followed, each by its link, over all connections. A version never goes back. */
export class TrackedOrders {
  private readonly byToken = new Map<string, Followed>();
  private epoch: string | undefined;
  private session = 0;

  constructor(private readonly options: TrackedOrdersOptions) {}

  get(token: string): TrackedOrder | undefined {
    return this.byToken.get(token)?.order;
  }

  track(token: string, callback: OrderCallback): () => void {
    const own: OrderCallback = (order) => callback(order);
    let followed = this.byToken.get(token);
    if (followed) {
      const { order } = followed;
      if (order) queueMicrotask(() => followed!.callbacks.has(own) && own(order));
    } else {
      followed = { token, callbacks: new Set(), orderId: undefined, order: undefined };
      this.byToken.set(token, followed);
      if (this.options.reconnection.state === 'live') this.ask(followed);
    }
    followed.callbacks.add(own);
    return () => this.leave(followed, own);
  }

  connected(): void {
    this.session++;
    for (const followed of this.byToken.values()) this.ask(followed);
  }
  lost(): void {
    this.session++;
  }

  received(order: TrackedOrder): void {
    for (const followed of this.byToken.values()) if (followed.orderId === order.orderId) this.learn(followed, order);
  }

  private leave(followed: Followed, callback: OrderCallback): void {
    followed.callbacks.delete(callback);
    if (followed.callbacks.size > 0 || this.byToken.get(followed.token) !== followed) return;
    this.byToken.delete(followed.token);
    const { orderId } = followed;
    // Two links of one order may be followed: the other one goes on.
    const isFollowed = [...this.byToken.values()].some((other) => other.orderId === orderId);
    if (orderId !== undefined && !isFollowed && this.options.reconnection.state === 'live')
      this.options.wire().request('untrack', { orderId }, () => {});
  }

  private ask(followed: Followed): void {
    const { session, epoch } = this;
    const { token, order } = followed;
    const held = order && epoch !== undefined ? { since: order.version, epoch } : {};
    this.options.wire().request('track', { token, ...held }, (answer) => {
      if (session === this.session && this.byToken.get(token) === followed)
        this.answered(followed, answer as TrackAnswer | Refusal | undefined);
    });
  }

  private answered(followed: Followed, answer: TrackAnswer | Refusal | undefined): void {
    if (answer?.ok) {
      this.enter(answer.epoch);
      followed.orderId = answer.orderId;
      if (answer.order) this.learn(followed, answer.order);
    } else if (answer === undefined || answer.status === 429 || answer.status >= 500) this.askAgainLater(followed);
    else this.options.reconnection.report(answer as Problem);
  }

  /** Another epoch means that the data was begun anew: nothing known before can be compared with it. */
  private enter(epoch: string): void {
    if (this.epoch !== undefined && this.epoch !== epoch)
      for (const followed of this.byToken.values()) followed.order = undefined;
    this.epoch = epoch;
  }

  private learn(followed: Followed, order: TrackedOrder): void {
    if (followed.order && followed.order.version >= order.version) return;
    followed.order = order;
    for (const callback of followed.callbacks) callback(order);
  }

  private askAgainLater(followed: Followed): void {
    const { session } = this;
    this.options.clock.after(1000 + this.options.reconnection.nextDelayMs(), () => {
      if (session === this.session && this.byToken.get(followed.token) === followed) this.ask(followed);
    });
  }
}
