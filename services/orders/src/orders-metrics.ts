import type { Metrics } from '@shelfline/service-kit/metrics';
import type { OrderEntry } from './order-entry.js';

/** Label values are kinds, results and states, so bounded. What every stream has is in streaming's own metrics. */
export class OrdersMetrics {
  private readonly decisions: ReturnType<Metrics['counter']>;
  private readonly events: ReturnType<Metrics['counter']>;
  private readonly answerSeconds: ReturnType<Metrics['histogram']>;

  constructor(metrics: Metrics) {
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
