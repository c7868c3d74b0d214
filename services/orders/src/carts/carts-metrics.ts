import type { Metrics } from '@shelfline/service-kit/metrics';
import type { CartEntry } from './cart-outputs.js';

/** Label values are results, so bounded. */
export class CartsMetrics {
  private readonly decisions: ReturnType<Metrics['counter']>;

  constructor(metrics: Metrics) {
    this.decisions = metrics.counter({
      name: 'shelfline_orders_cart_decisions_total',
      help: 'Messages and time-outs of members’ carts decided and committed, by what came of them',
      labelNames: ['outcome'],
    });
  }

  decided(entries: readonly CartEntry[]): void {
    for (const { outcome } of entries) this.decisions.inc({ outcome });
  }
}
