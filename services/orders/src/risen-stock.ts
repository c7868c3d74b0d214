/** More of it means a delivery or a count of everything: waiting orders are then found by their own time. */
const MOST_SKUS = 5000;

/**
 * SKUs of which more can be promised than before, until each partition of orders has looked at those that wait for them.
 * A hint, kept in memory alone: an order that waits is tried again by time too.
 */
export class RisenStock {
  private readonly unseen = new Map<number, Set<string>>();
  /** Taken by a decision that is not committed yet. */
  private readonly taken = new Map<number, ReadonlySet<string>>();

  rose(sku: string): void {
    for (const skus of this.unseen.values()) if (skus.size < MOST_SKUS) skus.add(sku);
  }

  /** Since the partition asked last; with what it took and did not commit, since whoever waits has not seen that. */
  take(partition: number): readonly string[] {
    const skus = [...new Set([...(this.taken.get(partition) ?? []), ...(this.unseen.get(partition) ?? [])])];
    const most = skus.slice(0, MOST_SKUS);
    this.taken.set(partition, new Set(most));
    this.unseen.set(partition, new Set());
    return most;
  }

  /** What was decided with what was taken stands. */
  committed(partition: number): void {
    this.taken.delete(partition);
  }
}
