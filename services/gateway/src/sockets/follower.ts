import type { Timer } from './timer.js';

/** The newest state of one thing, as text: there are hundreds of thousands, and few are looked at. */
export interface HeldState {
  readonly version: number;
  readonly json: string;
}
export interface FollowerOutlet {
  /** Bytes handed over that the network has not taken yet. */
  bufferedBytes(): number;
  send(held: HeldState): void;
}
export interface FollowerCounts {
  pushed: number;
  /** States of a slow reader that a newer one replaced. */
  conflated: number;
}
export interface FollowerOptions {
  readonly outlet: FollowerOutlet;
  readonly timer: Timer;
  /** With more bytes not taken than this, only the newest state of each is kept. */
  readonly behindAtBytes: number;
  readonly counts: FollowerCounts;
}

/** How often a socket that does not read is looked at again. */
const LOOK_AGAIN_AFTER_MS = 200;

/** What one socket follows, e.g. orders. Of each it gets growing versions only; what it cannot take yet is kept as the newest. */
export class Follower {
  /** The version shown last. */
  private readonly shown = new Map<string, number>();
  private readonly waiting = new Map<string, HeldState>();
  private callOff: (() => void) | undefined;

  constructor(private readonly options: FollowerOptions) {}

  get keys(): Iterable<string> {
    return this.shown.keys();
  }
  get size(): number {
    return this.shown.size;
  }
  follows(key: string): boolean {
    return this.shown.has(key);
  }

  /** The state to answer with; undefined where the client holds it, or a newer one. */
  follow(key: string, held: HeldState | undefined, since: number): HeldState | undefined {
    this.waiting.delete(key);
    const isNews = held !== undefined && held.version > since;
    this.shown.set(key, isNews ? held.version : since);
    return isNews ? held : undefined;
  }

  take(key: string, held: HeldState): void {
    const shown = this.shown.get(key);
    if (shown === undefined || held.version <= shown) return;
    if (this.isBehind()) {
      if (this.waiting.has(key)) this.options.counts.conflated++;
      this.waiting.set(key, held);
      this.lookAgain();
    } else this.send(key, held);
  }

  leave(key: string): void {
    this.shown.delete(key);
    this.waiting.delete(key);
  }

  stop(): void {
    this.callOff?.();
    this.shown.clear();
    this.waiting.clear();
  }

  private send(key: string, held: HeldState): void {
    this.waiting.delete(key);
    this.shown.set(key, held.version);
    this.options.counts.pushed++;
    this.options.outlet.send(held);
  }

  private lookAgain(): void {
    if (this.callOff) return;
    this.callOff = this.options.timer.after(LOOK_AGAIN_AFTER_MS, () => {
      this.callOff = undefined;
      for (const [key, held] of this.waiting) {
        if (this.isBehind()) break;
        this.send(key, held);
      }
      if (this.waiting.size > 0) this.lookAgain();
    });
  }

  private isBehind(): boolean {
    return this.options.outlet.bufferedBytes() > this.options.behindAtBytes;
  }
}
