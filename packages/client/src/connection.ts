import type { CartCallback, MemberCart, WatchCartAnswer } from './cart.js';
import { MEMBER_CART, OWN_CART, TRACKED_ORDER } from './followed-kinds.js';
import { FollowedStates } from './followed-states.js';
import { type LatencyFigures, LatencyRecord } from './latency.js';
import type { OrderCallback, TrackAnswer, TrackedOrder } from './order.js';
import type { Problem } from './problem.js';
import { type ConnectionState, Reconnection } from './reconnection.js';
import { type Refusal, StockMemory, type StockView, type SubscribeAnswer } from './stock.js';
import type { Clock, Wire, WireEvents } from './wire.js';

export type StockCallback = (changes: readonly StockView[]) => void;

export interface ConnectionOptions {
  readonly channel?: string | undefined;
  readonly region?: string | undefined;
  readonly canRenewToken: boolean;
  readonly openWire: (events: WireEvents) => Wire;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The server's bound is 500 SKUs a message; fewer keep a message with `since` small. */
const SKUS_PER_REQUEST = 250;

/** One storefront's live view of stock: subscriptions that outlive the connections that carry them. */
export class Connection {
  private readonly wire: Wire;
  private readonly reconnection: Reconnection;
  private readonly orders: FollowedStates<TrackedOrder, TrackAnswer>;
  private readonly carts: FollowedStates<MemberCart, WatchCartAnswer>;
  private readonly memory = new StockMemory();
  private readonly watchers = new Map<string, Set<StockCallback>>();
  private readonly delays = new LatencyRecord();
  private readonly toAsk = new Set<string>();
  private readonly toLeave = new Set<string>();
  private lastSeq = 0;
  /** Answers and messages of an earlier connection are told apart by this. */
  private session = 0;
  private flushing = false;

  constructor(private readonly options: ConnectionOptions) {
    this.reconnection = new Reconnection({ ...options, connect: () => this.wire.connect() });
    const { reconnection } = this;
    const following = { wire: () => this.wire, reconnection, clock: options.clock };
    this.orders = new FollowedStates({ ...following, kind: TRACKED_ORDER });
    this.carts = new FollowedStates({ ...following, kind: MEMBER_CART });
    this.wire = options.openWire({
      connected: () => this.connected(),
      disconnected: ({ expired }) => this.lost(expired),
      refused: (problem) => this.reconnection.refused(problem),
      stock: (views, seq) => this.received(views, seq),
      order: (order) => this.orders.received(order),
      cart: (cart) => this.carts.received(cart),
    });
    this.wire.connect();
  }

  get state(): ConnectionState {
    return this.reconnection.state;
  }
  /** The newest state known of a SKU that is watched. */
  get(sku: string): StockView | undefined {
    return this.memory.get(sku);
  }
  /** Of the last minute; undefined while no change arrived within it. */
  latency(): LatencyFigures | undefined {
    return this.delays.figures(this.options.clock.nowMs());
  }
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.reconnection.onState(listener);
  }
  /** Refusals that asking again does not mend, e.g. a channel outside the token's scope. */
  onProblem(listener: (problem: Problem) => void): () => void {
    return this.reconnection.onProblem(listener);
  }

  /** Calls back with what is known and then with every change, never with an older version. Answers how to end it. */
  subscribe(skus: readonly string[], callback: StockCallback): () => void {
    const own: StockCallback = (changes) => callback(changes);
    const wanted = [...new Set(skus)];
    for (const sku of wanted) {
      const callbacks = this.watchers.get(sku);
      if (callbacks) callbacks.add(own);
      else {
        this.watchers.set(sku, new Set([own]));
        this.toAsk.add(sku);
        this.toLeave.delete(sku);
      }
    }
    const known = wanted.map((sku) => this.memory.get(sku)).filter((view) => view !== undefined);
    if (known.length > 0) queueMicrotask(() => own(known));
    this.flushSoon();
    return () => this.unsubscribe(wanted, own);
  }

  /** The newest state known of an order that is tracked by this link. */
  getOrder(token: string): TrackedOrder | undefined {
    return this.orders.get(token);
  }
  track(token: string, callback: OrderCallback): () => void {
    return this.orders.follow(token, callback);
  }

  getCart(memberId = OWN_CART): MemberCart | undefined {
    return this.carts.get(memberId);
  }
  watchCart(callback: CartCallback, memberId = OWN_CART): () => void {
    return this.carts.follow(memberId, callback);
  }

  close(): void {
    this.session++;
    this.orders.lost();
    this.carts.lost();
    this.wire.close();
    this.reconnection.close();
  }

  private unsubscribe(skus: readonly string[], callback: StockCallback): void {
    for (const sku of skus) {
      const callbacks = this.watchers.get(sku);
      if (!callbacks?.delete(callback) || callbacks.size > 0) continue;
      this.watchers.delete(sku);
      this.memory.forget(sku);
      // A SKU not asked for yet may still have an answer on its way to an earlier request.
      this.toAsk.delete(sku);
      this.toLeave.add(sku);
    }
    this.flushSoon();
  }

  private connected(): void {
    this.session++;
    this.lastSeq = 0;
    this.toLeave.clear();
    this.reconnection.connected();
    this.orders.connected();
    this.carts.connected();
    this.askForAll();
  }

  private askForAll(): void {
    for (const sku of this.watchers.keys()) this.toAsk.add(sku);
    this.flushSoon();
  }

  private lost(expired: boolean): void {
    this.session++;
    this.orders.lost();
    this.carts.lost();
    this.reconnection.lost(expired);
  }

  private received(views: readonly StockView[], seq: number): void {
    const hasGap = seq !== this.lastSeq + 1;
    this.lastSeq = seq;
    const nowMs = this.options.clock.nowMs();
    for (const { asOf } of views) this.delays.add(nowMs - Date.parse(asOf), nowMs);
    this.tell(views);
    if (hasGap) this.askForAll();
  }

  private tell(views: readonly StockView[]): void {
    const news = this.memory.learn(views, (sku) => this.watchers.has(sku));
    const perCallback = new Map<StockCallback, StockView[]>();
    for (const view of news)
      for (const callback of this.watchers.get(view.sku) ?? []) {
        const share = perCallback.get(callback);
        if (share) share.push(view);
        else perCallback.set(callback, [view]);
      }
    for (const [callback, share] of perCallback) callback(share);
  }

  /** What is asked for in one turn goes out together. */
  private flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.state !== 'live') return;
    const leave = [...this.toLeave];
    const ask = [...this.toAsk];
    this.toLeave.clear();
    this.toAsk.clear();
    for (let i = 0; i < leave.length; i += SKUS_PER_REQUEST) this.leave(leave.slice(i, i + SKUS_PER_REQUEST));
    for (let i = 0; i < ask.length; i += SKUS_PER_REQUEST) this.ask(ask.slice(i, i + SKUS_PER_REQUEST));
  }

  /** Nothing depends on the answer: what still comes is not watched, and left out. */
  private leave(skus: readonly string[]): void {
    this.wire.request('unsubscribe', { skus }, () => {});
  }

  private ask(skus: readonly string[]): void {
    const { channel, region } = this.options;
    const { epoch } = this.memory;
    const { session } = this;
    const body = {
      skus,
      ...(channel === undefined ? {} : { channel }),
      ...(region === undefined ? {} : { region }),
      ...(epoch === undefined ? {} : { epoch, since: this.memory.since(skus) }),
    };
    this.wire.request('subscribe', body, (answer) => {
      if (session === this.session) this.answered(skus, answer as SubscribeAnswer | Refusal | undefined);
    });
  }

  private answered(skus: readonly string[], answer: SubscribeAnswer | Refusal | undefined): void {
    if (answer?.ok) {
      this.memory.enter(answer.epoch);
      this.tell(answer.stock);
    } else if (answer === undefined || answer.status === 429 || answer.status >= 500) this.askAgainLater(skus);
    else this.reconnection.report(answer);
  }

  private askAgainLater(skus: readonly string[]): void {
    const { session } = this;
    this.options.clock.after(1000 + this.reconnection.nextDelayMs(), () => {
      if (session !== this.session) return;
      for (const sku of skus) if (this.watchers.has(sku)) this.toAsk.add(sku);
      this.flushSoon();
    });
  }
}
