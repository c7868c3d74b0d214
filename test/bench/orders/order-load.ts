import type { StoreTask } from '@shelfline/contracts/order-view';
import { pause } from '../rig.ts';
import type { FrontDoor } from './front-door.ts';
import { keyOf, type MadeOrder } from './shop.ts';

/** Nothing new at any store for so long: what is not there by then is waiting for stock. */
const QUIET_AFTER_MS = 4000;
const EVERY_MS = 5;

interface Placed {
  readonly placed: number;
  readonly outOfStock: number;
  readonly pending: number;
  readonly refused: number;
  readonly items: readonly { readonly result: string; readonly errors?: unknown }[];
}
interface Awaited {
  readonly atMs: number;
  linesLeft: number;
}

/** Orders on their way, each followed until the stores have all of it; and what the stores were told to give. */
export class OrderLoad {
  /** Pieces by SKU and place that stores were told to send. */
  readonly promised = new Map<string, number>();
  /** Of each complete order, from the request that places it until the last of it is at a store. */
  readonly latenciesMs: number[] = [];
  /** The same orders, from when Kafka has them. */
  readonly sinceAcceptedMs: number[] = [];
  readonly answers = { placed: 0, outOfStock: 0, pending: 0, refused: 0 };
  /** Of all lines, the last one that came to a store. */
  lastAtMs = 0;
  tasks = 0;
  private readonly awaited = new Map<string, Awaited>();
  private readonly door: FrontDoor;

  constructor(door: FrontDoor) {
    this.door = door;
  }

  get complete(): number {
    return this.latenciesMs.length;
  }

  readonly arrived = (task: StoreTask, atMs: number): void => {
    const { orderId, store: location, lines } = task;
    this.tasks++;
    for (const { sku, quantity } of lines) {
      const key = keyOf({ sku, location });
      this.promised.set(key, (this.promised.get(key) ?? 0) + quantity);
    }
    const awaited = this.awaited.get(orderId);
    if (!awaited) return;
    this.lastAtMs = atMs;
    awaited.linesLeft -= lines.length;
    if (awaited.linesLeft > 0) return;
    this.awaited.delete(orderId);
    this.latenciesMs.push(atMs - awaited.atMs);
    this.sinceAcceptedMs.push(performance.timeOrigin + atMs - Date.parse(task.placedAt));
  };

  /** Begins to count anew; what is still on its way is no longer waited for. */
  begin(): void {
    this.awaited.clear();
    this.latenciesMs.length = 0;
    this.sinceAcceptedMs.length = 0;
    this.tasks = 0;
    Object.assign(this.answers, { placed: 0, outOfStock: 0, pending: 0, refused: 0 });
    this.lastAtMs = performance.now();
  }

  async place(orders: readonly MadeOrder[]): Promise<void> {
    const atMs = performance.now();
    for (const { orderId, lines } of orders) this.awaited.set(orderId, { atMs, linesLeft: lines.length });
    const said = await this.door.call<Placed>('POST', '/api/orders', orders.length === 1 ? orders[0] : orders);
    this.answers.placed += said.placed;
    this.answers.outOfStock += said.outOfStock;
    this.answers.pending += said.pending;
    this.answers.refused += said.refused;
    const refused = said.items.find(({ result }) => result === 'refused');
    if (refused) throw new Error(`an order was refused: ${JSON.stringify(refused)}`);
  }

  /** As fast as they are taken, so many requests at a time. */
  async placeAll(orders: readonly MadeOrder[], perRequest: number, requestsAtOnce: number): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < orders.length) {
        const from = next;
        next += perRequest;
        await this.place(orders.slice(from, from + perRequest));
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, work));
  }

  /** One at a time, so many a second, whatever becomes of those before. */
  async placeAtRate(makeOrder: () => MadeOrder, perSecond: number, forMs: number): Promise<number> {
    const startedMs = performance.now();
    const asked: Promise<void>[] = [];
    while (performance.now() - startedMs < forMs) {
      const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1000);
      while (asked.length < due) asked.push(this.place([makeOrder()]));
      await pause(EVERY_MS);
    }
    await Promise.all(asked);
    return asked.length;
  }

  async untilQuiet(): Promise<void> {
    while (this.awaited.size > 0 && performance.now() - this.lastAtMs < QUIET_AFTER_MS) await pause(50);
  }
}

export function percentile(valuesMs: readonly number[], share: number): number {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN) * 10) / 10;
}
