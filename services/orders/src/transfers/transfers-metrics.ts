import type { Metrics } from '@shelfline/service-kit/metrics';
import type { TransferEntry } from './transfer-outputs.js';

/** Label values are kinds and results, so bounded. */
export class TransfersMetrics {
  private readonly decisions: ReturnType<Metrics['counter']>;
  private readonly events: ReturnType<Metrics['counter']>;

  constructor(metrics: Metrics) {
    this.decisions = metrics.counter({
      name: 'shelfline_orders_transfer_decisions_total',
      help: 'Messages and time-outs of transfers decided and committed, by what came of them',
      labelNames: ['outcome'],
    });
    this.events = metrics.counter({
      name: 'shelfline_orders_transfer_events_total',
      help: 'Steps of transfers that were committed and told, by type; overdue = a reminder',
      labelNames: ['type'],
    });
  }

  decided(entries: readonly TransferEntry[]): void {
    for (const { outcome, told } of entries) {
      this.decisions.inc({ outcome });
      for (const { type } of told) this.events.inc({ type });
    }
  }
}
