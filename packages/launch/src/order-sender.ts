import type { OnlineOrder } from './derived-orders.js';
import type { FrontDoor } from './front-door.js';

/** What became of the orders that were answered. */
export interface OrderCounts {
  placed: number;
  outOfStock: number;
  /** Taken, and not yet known what comes of it. */
  pending: number;
  refused: number;
}
type Answer = Readonly<OrderCounts>;

const PER_REQUEST = 50;
const CONCURRENT = 3;
/** More than this waits for no answer: the replay does. */
const MOST_UNANSWERED = 500;

/**
 * Places the orders of the replay beside its sales: an order is answered once the ledger has decided, which may take
 * seconds where the ledger is behind. The same order again does no harm.
 */
export class OrderSender {
  readonly counts: OrderCounts = { placed: 0, outOfStock: 0, pending: 0, refused: 0 };
  private queue: { readonly at: number; readonly order: OnlineOrder }[] = [];
  private readonly unanswered = new Set<number>();
  private readonly onTheWay = new Set<Promise<void>>();
  private failure: unknown;

  constructor(private readonly door: Pick<FrontDoor, 'send'>) {}

  /** `at` = its place in the replay. */
  async add(at: number, order: OnlineOrder): Promise<void> {
    while (this.unanswered.size >= MOST_UNANSWERED && !this.failure) await Promise.race(this.onTheWay);
    if (this.failure) throw this.failure;
    this.unanswered.add(at);
    this.queue.push({ at, order });
    this.start();
  }

  /** Where the replay would have to go on so that no order is left out. */
  firstUnanswered(): number | undefined {
    return this.unanswered.size === 0 ? undefined : Math.min(...this.unanswered);
  }

  async settle(): Promise<void> {
    while (this.onTheWay.size > 0) await Promise.race(this.onTheWay);
    if (this.failure) throw this.failure;
  }

  private start(): void {
    while (this.queue.length > 0 && this.onTheWay.size < CONCURRENT && !this.failure) {
      const batch = this.queue.splice(0, PER_REQUEST);
      const sending: Promise<void> = this.post(batch)
        .catch((error: unknown) => {
          this.failure = error;
        })
        .finally(() => {
          this.onTheWay.delete(sending);
          this.start();
        });
      this.onTheWay.add(sending);
    }
  }

  private async post(batch: readonly { readonly at: number; readonly order: OnlineOrder }[]): Promise<void> {
    const orders = batch.map(({ order }) => order);
    const answer = await this.door.send<Answer>('POST', '/api/orders', orders);
    for (const result of ['placed', 'outOfStock', 'pending', 'refused'] as const) this.counts[result] += answer[result];
    for (const { at } of batch) this.unanswered.delete(at);
  }
}
