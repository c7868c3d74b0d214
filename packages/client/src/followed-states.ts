import type { Problem } from './problem.js';
import type { Reconnection } from './reconnection.js';
import type { Refusal } from './stock.js';
import type { Clock, Wire, WireRequest } from './wire.js';

interface Versioned {
  readonly version: number;
}
/** What the server answers to who begins to follow; `state` is null where it knows nothing newer. */
interface Snapshot<T> {
  readonly epoch: string;
  readonly key: string;
  readonly state: T | null;
}
/** How one kind of thing is followed, e.g. an order by its link. */
export interface FollowedKind<T, A> {
  readonly follow: WireRequest;
  readonly leave: WireRequest;
  /** `name` = what the caller knows it by, `key` = what the server does. */
  readonly bodyOf: (name: string) => object;
  readonly keyBodyOf: (key: string) => object;
  readonly keyOf: (state: T) => string;
  readonly read: (answer: A) => Snapshot<T>;
}
export interface FollowedStatesOptions<T, A> {
  readonly kind: FollowedKind<T, A>;
  readonly wire: () => Wire;
  readonly reconnection: Reconnection;
  readonly clock: Clock;
}

interface Followed<T> {
  readonly name: string;
  readonly callbacks: Set<(state: T) => void>;
  /** Known once the server has answered. */
  key: string | undefined;
  state: T | undefined;
}

/** What is followed, over all connections. A version never goes back. */
export class FollowedStates<T extends Versioned, A extends { readonly ok: true }> {
  private readonly byName = new Map<string, Followed<T>>();
  private epoch: string | undefined;
  private session = 0;

  constructor(private readonly options: FollowedStatesOptions<T, A>) {}

  get(name: string): T | undefined {
    return this.byName.get(name)?.state;
  }

  follow(name: string, callback: (state: T) => void): () => void {
    const own = (state: T): void => callback(state);
    let followed = this.byName.get(name);
    if (followed) {
      const { state } = followed;
      if (state) queueMicrotask(() => followed!.callbacks.has(own) && own(state));
    } else {
      followed = { name, callbacks: new Set(), key: undefined, state: undefined };
      this.byName.set(name, followed);
      if (this.options.reconnection.state === 'live') this.ask(followed);
    }
    followed.callbacks.add(own);
    return () => this.leave(followed, own);
  }

  connected(): void {
    this.session++;
    for (const followed of this.byName.values()) this.ask(followed);
  }
  lost(): void {
    this.session++;
  }

  received(state: T): void {
    const key = this.options.kind.keyOf(state);
    for (const followed of this.byName.values()) if (followed.key === key) this.learn(followed, state);
  }

  private leave(followed: Followed<T>, callback: (state: T) => void): void {
    followed.callbacks.delete(callback);
    if (followed.callbacks.size > 0 || this.byName.get(followed.name) !== followed) return;
    this.byName.delete(followed.name);
    const { key } = followed;
    const { kind, reconnection, wire } = this.options;
    // It may be followed by two names, e.g. an order by two links: the other one goes on.
    const isFollowed = [...this.byName.values()].some((other) => other.key === key);
    if (key !== undefined && !isFollowed && reconnection.state === 'live')
      wire().request(kind.leave, kind.keyBodyOf(key), () => {});
  }

  private ask(followed: Followed<T>): void {
    const { session, epoch } = this;
    const { kind, wire } = this.options;
    const { name, state } = followed;
    const held = state && epoch !== undefined ? { since: state.version, epoch } : {};
    wire().request(kind.follow, { ...kind.bodyOf(name), ...held }, (answer) => {
      if (session === this.session && this.byName.get(name) === followed)
        this.answered(followed, answer as A | Refusal | undefined);
    });
  }

  private answered(followed: Followed<T>, answer: A | Refusal | undefined): void {
    if (answer?.ok) {
      const { epoch, key, state } = this.options.kind.read(answer);
      this.enter(epoch);
      // A new token may be another member's: what was asked since is then of another cart.
      const isOther = followed.key !== undefined && followed.key !== key;
      followed.key = key;
      if (isOther) {
        followed.state = undefined;
        if (!state) this.ask(followed);
      }
      if (state) this.learn(followed, state);
    } else if (answer === undefined || answer.status === 429 || answer.status >= 500) this.askAgainLater(followed);
    else this.options.reconnection.report(answer as Problem);
  }

  /** Another epoch means that the data was begun anew: nothing known before can be compared with it. */
  private enter(epoch: string): void {
    if (this.epoch !== undefined && this.epoch !== epoch)
      for (const followed of this.byName.values()) followed.state = undefined;
    this.epoch = epoch;
  }

  private learn(followed: Followed<T>, state: T): void {
    if (followed.state && followed.state.version >= state.version) return;
    followed.state = state;
    for (const callback of followed.callbacks) callback(state);
  }

  private askAgainLater(followed: Followed<T>): void {
    const { session } = this;
    this.options.clock.after(1000 + this.options.reconnection.nextDelayMs(), () => {
      if (session === this.session && this.byName.get(followed.name) === followed) this.ask(followed);
    });
  }
}
