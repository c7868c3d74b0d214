import type { Order } from './domain/order.js';

/**
 * Of a partition: some seconds' worth where an instance owns few that are busy, some ten megabytes where it owns a dozen.
 * What comes later is read from the database.
 */
const MOST_KEPT = 500;

/**
 * Orders as their partition's owner committed them last. He alone changes them, so what he remembers is what is stored;
 * with the partition he forgets them. Most of what reaches an order is an answer to what was asked for it a moment ago.
 */
export class RecentOrders {
  private readonly partitions = new Map<number, Map<string, Order>>();

  constructor(private readonly most = MOST_KEPT) {}

  /** Those of the ids that are remembered. */
  of(partition: number, ids: Iterable<string>): Map<string, Order> {
    const kept = this.partitions.get(partition);
    const found = new Map<string, Order>();
    if (kept)
      for (const id of ids) {
        const order = kept.get(id);
        if (order) found.set(id, order);
      }
    return found;
  }

  /** Right after their commit. */
  committed(partition: number, orders: readonly Order[]): void {
    let kept = this.partitions.get(partition);
    if (!kept) this.partitions.set(partition, (kept = new Map()));
    for (const order of orders) {
      // Behind all others: the one in front was changed the longest time ago.
      kept.delete(order.orderId);
      kept.set(order.orderId, order);
    }
    for (const id of kept.keys()) {
      if (kept.size <= this.most) break;
      kept.delete(id);
    }
  }

  released(partition: number): void {
    this.partitions.delete(partition);
  }
}
