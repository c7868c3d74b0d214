import type { Metrics } from '@shelfline/service-kit/metrics';
import type { OrderEntry } from './order-entry.js';
import type { WaitingOrders } from './waiting-orders.js';

/** Label values are kinds, results and states, so bounded. What every stream has is in streaming's own metrics. */
export class OrdersMetrics {
  private readonly decisions: ReturnType<Metrics['counter']>;
  private readonly events: ReturnType<Metrics['counter']>;
  private readonly answerSeconds: ReturnType<Metrics['histogram']>;
  private waiting: WaitingOrders | undefined;

  constructor(private readonly metrics: Metrics) {
    this.decisions = metrics.counter({
      name: 'shelfline_orders_decisions_total',
      help: 'Messages and time-outs of orders decided and committed, by what came of them',
      labelNames: ['outcome'],
    });
    this.events = metrics.counter({
      name: 'shelfline_orders_events_total',
      help: 'Steps of orders that were committed, by type',
      labelNames: ['type'],
    });
    this.answerSeconds = metrics.histogram({
      name: 'shelfline_orders_answer_duration_seconds',
      help: 'From a request by REST to what became of it; pending = not known within the time a request waits',
      labelNames: ['result'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
  }

  /** Read off when scraped; a scrape that finds the database away has no figures of them, and all others. */
  exposeWaiting(waiting: WaitingOrders): void {
    this.waiting = waiting;
    const oldest = this.metrics.gauge({
      name: 'shelfline_orders_waiting_oldest_seconds',
      help: 'Age of the order that was placed first among those that wait; 0 = none waits',
    });
    this.metrics.gauge({
      name: 'shelfline_orders_waiting',
      help: 'Orders in the queue of those that can be had nowhere, of the partitions of this instance (at most 10000 are counted)',
      async collect() {
        const found = await waiting.read().catch(() => undefined);
        this.set(found?.orders ?? Number.NaN);
        oldest.set(found?.oldestSeconds ?? Number.NaN);
      },
    });
  }

  /** Batches of this partition come here. Those of ticks alone change nothing, and tell who owns it all the same. */
  seen(partition: number): void {
    this.waiting?.seen(partition);
  }

  decided(entries: readonly OrderEntry[]): void {
    for (const { outcome, told } of entries) {
      this.decisions.inc({ outcome });
      for (const { type } of told) this.events.inc({ type });
    }
  }
  answered(result: string, seconds: number): void {
    this.answerSeconds.observe({ result }, seconds);
  }
}
