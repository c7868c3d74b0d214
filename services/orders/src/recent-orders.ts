import type { Order } from './domain/order.js';

/**
 * Of a partition: some seconds' worth where an instance owns few that are busy, some ten megabytes where it owns a dozen.
 * What comes later is read from the database.
 */
const MOST_KEPT = 500;

/** So many batches in a row are looked up first after one whose order was there. */
const CALM_BATCHES = 8;

interface OfPartition {
  readonly kept: Map<string, Order>;
  /** Of the last batch, until it is committed. */
  presumed: ReadonlySet<string>;
  lookUpFirst: number;
}

/**
 * Orders as their partition's owner committed them last. He alone changes them, so what he remembers is what is stored;
 * with the partition he forgets them. Most of what reaches an order is an answer to what was asked for it a moment ago.
 *
 * An order that is placed is nearly always new, so the database is not asked for it: where there is one, its insert is
 * refused, nothing of the batch is committed, and the batch is decided again with what is stored.
 */
export class RecentOrders {
  private readonly partitions = new Map<number, OfPartition>();

  constructor(private readonly most = MOST_KEPT) {}

  /** Those of the ids that are remembered. */
  of(partition: number, ids: Iterable<string>): Map<string, Order> {
    const kept = this.partitions.get(partition)?.kept;
    const found = new Map<string, Order>();
    if (kept)
      for (const id of ids) {
        const order = kept.get(id);
        if (order) found.set(id, order);
      }
    return found;
  }

  /** Of a batch, those of the placed orders that are taken for new. A batch that comes again had one that was not. */
  presumedNew(partition: number, placed: readonly string[]): ReadonlySet<string> {
    const own = this.partitionOf(partition);
    if (placed.some((id) => own.presumed.has(id))) own.lookUpFirst = CALM_BATCHES;
    own.presumed = new Set(own.lookUpFirst > 0 ? [] : placed);
    if (placed.length > 0 && own.lookUpFirst > 0) own.lookUpFirst--;
    return own.presumed;
  }

  /** Right after their commit. */
  committed(partition: number, orders: readonly Order[]): void {
    const own = this.partitionOf(partition);
    own.presumed = new Set();
    for (const order of orders) {
      // Behind all others: the one in front was changed the longest time ago.
      own.kept.delete(order.orderId);
      own.kept.set(order.orderId, order);
    }
    for (const id of own.kept.keys()) {
      if (own.kept.size <= this.most) break;
      own.kept.delete(id);
    }
  }

  released(partition: number): void {
    this.partitions.delete(partition);
  }

  private partitionOf(partition: number): OfPartition {
    let own = this.partitions.get(partition);
    if (!own) this.partitions.set(partition, (own = { kept: new Map(), presumed: new Set(), lookUpFirst: 0 }));
    return own;
  }
}
