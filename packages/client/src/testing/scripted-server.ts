import type { MemberCart } from '../cart.js';
import type { TrackedOrder } from '../order.js';
import type { Problem } from '../problem.js';
import type { StockView } from '../stock.js';
import type { Clock, Wire, WireEvents } from '../wire.js';

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  private timeMs = 0;
  private planned: { readonly atMs: number; readonly run: () => void }[] = [];

  nowMs(): number {
    return this.timeMs;
  }
  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.timeMs + delayMs, run };
    this.planned.push(entry);
    return () => {
      this.planned = this.planned.filter((other) => other !== entry);
    };
  }
  /** How long until the next thing happens. */
  nextInMs(): number | undefined {
    const first = this.planned.toSorted((a, b) => a.atMs - b.atMs)[0];
    return first && first.atMs - this.timeMs;
  }
  async advance(ms: number): Promise<void> {
    const untilMs = this.timeMs + ms;
    for (;;) {
      const due = this.planned.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.planned = this.planned.filter((other) => other !== due);
      this.timeMs = Math.max(this.timeMs, due.atMs);
      due.run();
      await settled();
    }
    this.timeMs = untilMs;
    await settled();
  }
}

/** Everything that was only waiting for a turn has had it. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Asked {
  readonly event: string;
  readonly body: { skus: string[]; since?: Record<string, number>; epoch?: string; channel?: string };
  answer(value: unknown): Promise<void>;
  fail(): Promise<void>;
}

/** A server that does exactly what a test says. */
export class ScriptedServer {
  connects = 0;
  isClosed = false;
  asked: Asked[] = [];
  private events: WireEvents | undefined;

  readonly openWire = (events: WireEvents): Wire => {
    this.events = events;
    return {
      connect: () => {
        this.connects++;
      },
      close: () => {
        this.isClosed = true;
      },
      request: (event, body, onAnswer) => {
        const answer = (value: unknown): Promise<void> => {
          onAnswer(value);
          return settled();
        };
        this.asked.push({ event, body: body as Asked['body'], answer, fail: () => answer(undefined) });
      },
    };
  };

  async accept(): Promise<void> {
    this.events!.connected();
    await settled();
  }
  async lose(expired = false): Promise<void> {
    this.events!.disconnected({ expired });
    await settled();
  }
  async refuse(problem?: Problem): Promise<void> {
    this.events!.refused(problem);
    await settled();
  }
  async push(seq: number, ...views: StockView[]): Promise<void> {
    this.events!.stock(views, seq);
    await settled();
  }
  async pushOrder(order: TrackedOrder): Promise<void> {
    this.events!.order(order);
    await settled();
  }

  async pushCart(cart: MemberCart): Promise<void> {
    this.events!.cart(cart);
    await settled();
  }
  /** The oldest request not yet taken by the test. */
  next(): Asked {
    const asked = this.asked.shift();
    if (!asked) throw new Error('nothing was asked');
    return asked;
  }
}

export const view = (sku: string, version: number): StockView => ({
  sku,
  available: version,
  status: 'in_stock',
  version,
  asOf: '1970-01-01T00:00:00.000Z',
});
