/** Of one partition, what time changes; only its owner writes it. */
export interface DueSource<T> {
  /** Of all, the earliest; undefined = time alone changes nothing. */
  findEarliestDueMs(partition: number): Promise<number | undefined>;
  /** What is due by then, the longest due first. */
  findDue(partition: number, nowMs: number, limit: number): Promise<T[]>;
}
export interface DueLook {
  readonly partition: number;
  readonly nowMs: number;
  readonly limit: number;
}

interface Remembered {
  /** Nothing is due before; it may be that nothing is due then either. */
  earliestMs: number;
  /** Of what was committed since the database was last asked. */
  committedMs: number;
}

/**
 * When the first thing of a partition falls due, as its owner remembers it: a tick before then asks the database
 * nothing. A claim forgets it, so what a former owner wrote is read; of a partition one look comes after the other.
 */
export class EarliestDue {
  private readonly partitions = new Map<number, Remembered>();

  async find<T>(source: DueSource<T>, { partition, nowMs, limit }: DueLook): Promise<T[]> {
    let own = this.partitions.get(partition);
    if (!own) this.partitions.set(partition, (own = { earliestMs: Number.NEGATIVE_INFINITY, committedMs: NEVER_MS }));
    if (own.earliestMs > nowMs) return [];
    own.committedMs = NEVER_MS;
    const foundMs = (await source.findEarliestDueMs(partition)) ?? NEVER_MS;
    // What was committed meanwhile may not have been seen.
    own.earliestMs = Math.min(foundMs, own.committedMs);
    return own.earliestMs > nowMs ? [] : source.findDue(partition, nowMs, limit);
  }

  /** Right after the commit, of each document as it is now; undefined = time alone changes it no more. */
  committed(partition: number, duesMs: Iterable<number | undefined>): void {
    const own = this.partitions.get(partition);
    // Not read yet: the first look will find it.
    if (!own) return;
    for (const dueMs of duesMs) {
      if (dueMs === undefined) continue;
      own.earliestMs = Math.min(own.earliestMs, dueMs);
      own.committedMs = Math.min(own.committedMs, dueMs);
    }
  }

  released(partition: number): void {
    this.partitions.delete(partition);
  }
}
const NEVER_MS = Number.POSITIVE_INFINITY;
