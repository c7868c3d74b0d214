import { moment } from '../awaiting.ts';
import type { FinalAnswer, LedgerRequest } from '../ledger-requests.ts';
import type { PlannedOrder } from './made-orders.ts';

const PER_REQUEST = 50;
const REQUESTS_AT_ONCE = 4;

interface PlacedAnswer {
  readonly items: readonly { readonly orderId: string; readonly result: string; readonly errors?: unknown }[];
}

/** Whoever orders, in lists as marketplaces send them, each asked until it is answered; some change their mind. */
export class OrderCustomers {
  /** Orders that were answered as taken. */
  readonly taken = new Set<string>();
  readonly answers: Record<string, number> = {};
  /** Orders of customers who were told that their order is cancelled. */
  readonly cancelled = new Set<string>();
  /** Answers that no order of these may get. */
  readonly wrongAnswers: string[] = [];
  private readonly doubts: Promise<void>[] = [];
  private readonly ask: (request: LedgerRequest) => Promise<FinalAnswer>;
  private readonly signal: AbortSignal;

  constructor(ask: (request: LedgerRequest) => Promise<FinalAnswer>, signal: AbortSignal) {
    this.ask = ask;
    this.signal = signal;
  }

  async place(planned: readonly PlannedOrder[]): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < planned.length) {
        const from = next;
        next += PER_REQUEST;
        await this.placeSome(planned.slice(from, from + PER_REQUEST));
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  }

  /** Resolves when all who thought better of it were answered. */
  async untilDecided(): Promise<void> {
    await Promise.all(this.doubts);
  }

  private async placeSome(planned: readonly PlannedOrder[]): Promise<void> {
    for (const { order, cancelAfterMs } of planned)
      if (cancelAfterMs !== undefined) {
        // A run may be interrupted before anybody waits for them.
        const doubt = this.cancel(order.orderId, cancelAfterMs).catch((error: Error) => {
          this.wrongAnswers.push(`cancel of ${order.orderId}: ${error.message}`);
        });
        this.doubts.push(doubt);
      }
    const body = JSON.stringify(planned.map(({ order }) => order));
    const { status, body: answer } = await this.ask({ method: 'POST', path: '/api/orders', body });
    if (status !== 200) throw new Error(`orders were refused: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
    for (const item of (answer as PlacedAnswer).items) {
      this.answers[item.result] = (this.answers[item.result] ?? 0) + 1;
      if (item.result === 'refused') this.wrongAnswers.push(JSON.stringify(item));
      else this.taken.add(item.orderId);
    }
  }

  private async cancel(orderId: string, afterMs: number): Promise<void> {
    await moment(afterMs, this.signal);
    const body = JSON.stringify({ id: 'changed-mind', reason: 'changed my mind' });
    const { status, body: answer } = await this.ask({ method: 'POST', path: `/api/orders/${orderId}/cancel`, body });
    if (status === 200) this.cancelled.add(orderId);
    // Not placed yet, or gone out already.
    else if (status !== 404 && status !== 409)
      this.wrongAnswers.push(`cancel of ${orderId}: ${status} ${JSON.stringify(answer)}`);
  }
}
