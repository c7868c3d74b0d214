/** More of it means a delivery or a count of everything: waiting orders are then found by their own time. */
const MOST_SKUS = 5000;

/**
 * SKUs of which more can be promised than before, until each partition of orders has looked at those that wait for them.
 * A hint, kept in memory alone: an order that waits is tried again by time too.
 */
export class RisenStock {
  private readonly unseen = new Map<number, Set<string>>();

  rose(sku: string): void {
    for (const skus of this.unseen.values()) if (skus.size < MOST_SKUS) skus.add(sku);
  }

  /** Since the partition asked last. */
  take(partition: number): readonly string[] {
    const skus = this.unseen.get(partition);
    this.unseen.set(partition, new Set());
    return skus ? [...skus] : [];
  }
}
