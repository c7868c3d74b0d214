import type { TrackedOrder } from '@shelfline/contracts/tracking';
import type { Timer } from '../sockets/timer.js';
import { type HeldOrder, orderOf } from './tracked-order.js';

export interface FollowerOutlet {
  /** Bytes handed over that the network has not taken yet. */
  bufferedBytes(): number;
  sendOrder(order: TrackedOrder): void;
}
export interface FollowerCounts {
  pushed: number;
  /** States of a slow reader that a newer one replaced. */
  conflated: number;
}
export interface FollowerOptions {
  readonly outlet: FollowerOutlet;
  readonly timer: Timer;
  /** With more bytes not taken than this, only the newest state of each order is kept. */
  readonly behindAtBytes: number;
  readonly counts: FollowerCounts;
}

/** How often a socket that does not read is looked at again. */
const LOOK_AGAIN_AFTER_MS = 200;

/** The orders one socket follows. Of each it gets growing versions only; what it cannot take yet is kept as the newest. */
export class OrderFollower {
  /** The version shown last, by order. */
  private readonly shown = new Map<string, number>();
  private readonly waiting = new Map<string, HeldOrder>();
  private callOff: (() => void) | undefined;

  constructor(private readonly options: FollowerOptions) {}

  get orders(): Iterable<string> {
    return this.shown.keys();
  }
  get size(): number {
    return this.shown.size;
  }
  follows(orderId: string): boolean {
    return this.shown.has(orderId);
  }

  /** The state to answer with; undefined where the client holds it, or a newer one. */
  follow(orderId: string, held: HeldOrder | undefined, since: number): HeldOrder | undefined {
    this.waiting.delete(orderId);
    const isNews = held !== undefined && held.version > since;
    this.shown.set(orderId, isNews ? held.version : since);
    return isNews ? held : undefined;
  }

  take(orderId: string, held: HeldOrder): void {
    const shown = this.shown.get(orderId);
    if (shown === undefined || held.version <= shown) return;
    if (this.isBehind()) {
      if (this.waiting.has(orderId)) this.options.counts.conflated++;
      this.waiting.set(orderId, held);
      this.lookAgain();
    } else this.send(orderId, held);
  }

  leave(orderId: string): void {
    this.shown.delete(orderId);
    this.waiting.delete(orderId);
  }

  stop(): void {
    this.callOff?.();
    this.shown.clear();
    this.waiting.clear();
  }

  private send(orderId: string, held: HeldOrder): void {
    this.waiting.delete(orderId);
    this.shown.set(orderId, held.version);
    this.options.counts.pushed++;
    this.options.outlet.sendOrder(orderOf(held));
  }

  private lookAgain(): void {
    if (this.callOff) return;
    this.callOff = this.options.timer.after(LOOK_AGAIN_AFTER_MS, () => {
      this.callOff = undefined;
      for (const [orderId, held] of this.waiting) {
        if (this.isBehind()) break;
        this.send(orderId, held);
      }
      if (this.waiting.size > 0) this.lookAgain();
    });
  }

  private isBehind(): boolean {
    return this.options.outlet.bufferedBytes() > this.options.behindAtBytes;
  }
}
