import type { OrdersRepository, WaitingFigures } from './orders.repository.js';

/** A partition ticks twice a second; whose ticks have not come for so long, it is another instance's. */
const OWNED_FOR_MS = 15_000;
/** However often somebody scrapes, the database is asked no more often. */
const KEPT_MS = 15_000;
const NONE: WaitingFigures = { orders: 0, oldestPlacedAtMs: undefined };

/** How many orders wait, of the partitions whose batches come here: instances add up. */
export class WaitingOrders {
  private readonly seenAtMs = new Map<number, number>();
  private figures: Promise<WaitingFigures> | undefined;
  private readAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly repository: Pick<OrdersRepository, 'readWaiting'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** A batch of this partition is decided here. */
  seen(partition: number): void {
    this.seenAtMs.set(partition, this.now());
  }

  async read(): Promise<{ orders: number; oldestSeconds: number }> {
    const nowMs = this.now();
    if (!this.figures || nowMs - this.readAtMs >= KEPT_MS) {
      this.readAtMs = nowMs;
      this.figures = this.readAnew(nowMs);
      // What failed is not kept: the next scrape asks again.
      this.figures.catch(() => (this.figures = undefined));
    }
    const { orders, oldestPlacedAtMs } = await this.figures;
    const ageMs = oldestPlacedAtMs === undefined ? 0 : Math.max(0, nowMs - oldestPlacedAtMs);
    return { orders, oldestSeconds: ageMs / 1000 };
  }

  private readAnew(nowMs: number): Promise<WaitingFigures> {
    const own = [...this.seenAtMs].flatMap(([partition, atMs]) => (nowMs - atMs < OWNED_FOR_MS ? [partition] : []));
    return own.length === 0 ? Promise.resolve(NONE) : this.repository.readWaiting(own);
  }
}
