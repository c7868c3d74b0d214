import type { OrderMessage } from '@shelfline/contracts/order-message';
import { OrderOutcome } from '@shelfline/contracts/order-view';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Decision } from '@shelfline/streaming/stream';
import { Absences } from '../absences.js';
import type { OrderEntry } from '../order-entry.js';
import type { OrderSurroundings } from '../order-surroundings.js';
import type { OrdersRepository, OrderWrites } from '../orders.repository.js';
import { OrdersIntakeHandler } from '../orders-intake.handler.js';
import type { OrdersMetrics } from '../orders-metrics.js';
import { contentHashOf } from '../read-message.js';
import { RecentOrders } from '../recent-orders.js';
import { RisenStock } from '../risen-stock.js';
import { OrderTracking } from '../tracking/order-tracking.js';
import { MemoryOrders } from './memory-orders.js';
import { NOW_MS, TIMES } from './order-cases.js';
import { OrderScene } from './order-scene.js';

export const PARTITION = 2;

/** Names of places are their codes, in the language asked for. */
export const TRACKING = new OrderTracking({ nameOf: (code, language) => `${language}:${code}` });

/** What a day of a place takes is not counted. */
export const NO_DAYS: Pick<OrderSurroundings, 'heed' | 'committed' | 'giveBack'> = {
  heed: () => {},
  committed: () => {},
  giveBack: () => {},
};

/** Batches over orders in memory, committed at once; the ledger is answered for by hand. */
export class Intake {
  readonly orders = new MemoryOrders(TIMES.askAgainAfterMs);
  readonly scene: OrderScene;
  readonly risen = new RisenStock();
  readonly told: string[][] = [];
  /** Partitions whose batches came. */
  readonly seen: number[] = [];
  nowMs = NOW_MS;
  decision!: Decision<OrderWrites>;
  /** By the owner before. */
  lastAppliedMs: number | undefined;
  private offset = 0;
  private attempts = 0;
  private readonly handler: OrdersIntakeHandler;
  /** Ids that were looked up, query after query. */
  readonly lookUps: string[][] = [];

  constructor(units: ConstructorParameters<typeof OrderScene>[0], days = NO_DAYS) {
    this.scene = new OrderScene(units);
    const at = (applied: object) => ({ ...this.scene.context(), ...applied });
    const surroundings = { ...days, at } as unknown as OrderSurroundings;
    const metrics = {
      decided: (entries: readonly OrderEntry[]) => this.told.push(entries.map(({ outcome }) => outcome)),
      seen: (partition: number) => this.seen.push(partition),
    } as unknown as OrdersMetrics;
    const { orders, lookUps } = this;
    const findOrders = orders.findOrders.bind(orders);
    orders.findOrders = (ids) => {
      if (ids.length > 0) lookUps.push([...ids]);
      return findOrders(ids);
    };
    this.handler = new OrdersIntakeHandler(
      orders as unknown as OrdersRepository,
      surroundings,
      this.risen,
      metrics,
      TRACKING,
      new Absences(() => Promise.resolve(this.lastAppliedMs)),
      new RecentOrders(),
      new EarliestDue(),
    );
  }

  get entries(): readonly OrderEntry[] {
    return this.decision.entries as readonly OrderEntry[];
  }
  sent(topic: string): unknown[] {
    return this.decision.outputs.filter((output) => output.topic.name.endsWith(topic)).map(({ value }) => value);
  }
  get answers(): OrderOutcome[] {
    return this.sent('orders.outcomes').map((value) => OrderOutcome.parse(value));
  }

  async batch(...items: (OrderMessage | 'tick')[]): Promise<this> {
    this.attempts = 0;
    return this.again(...items);
  }

  private async again(...items: (OrderMessage | 'tick')[]): Promise<this> {
    if (++this.attempts > 3) throw new Error('decided three times, and each time an order was made that is there');
    await this.lost(...items);
    const decided = this.decision;
    // As the runtime: nothing of it is committed, and it is decided again.
    if (this.orders.takenIn(decided.writes) !== undefined) return this.again(...items);
    this.orders.write(decided.writes);
    decided.committed();
    return this;
  }

  /** Decided, and not committed. */
  async lost(...items: (OrderMessage | 'tick')[]): Promise<void> {
    this.decision = await this.handler.handleBatch({
      partition: PARTITION,
      partitions: 8,
      generation: 1,
      items: items.map((item) => {
        const record = { ...RECORD, offset: this.offset++, timestampMs: this.nowMs };
        if (item === 'tick') return { kind: 'tick', record };
        return {
          kind: 'message',
          id: `${item.source}/${item.id}`,
          contentHash: contentHashOf(item),
          message: item,
          record,
        };
      }),
    });
  }

  /** The ledger hears what the entries ask of it, and its answers come with the next batch. */
  async ledgerAnswers(): Promise<this> {
    this.scene.commands.push(...this.entries.flatMap(({ commands }) => commands));
    while (this.scene.commands.length > 0) this.scene.deliverCommand();
    return this.batch(...this.scene.answers.splice(0));
  }
}
const RECORD = { topic: 'orders.intake', partition: PARTITION, key: null, value: null, headers: {} };
