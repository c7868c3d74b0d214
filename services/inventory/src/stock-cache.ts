import { LRUCache } from 'lru-cache';
import type { Shown } from './domain/availability.js';
import type { Level, Reservation, Stock } from './domain/stock.js';

export interface CachedStock extends Stock {
  readonly levels: Map<string, Level>;
  readonly reservations: Map<string, Reservation>;
  /** What is shown of it, by `channel|region`; undefined until it was worked out. */
  shown: Map<string, Shown> | undefined;
  /** Whether the database holds reservations of it that are over; undefined until somebody had to know. */
  hasFinished: boolean | undefined;
}

/**
 * Whole SKUs of the partitions owned here. Anything may be forgotten: what is being committed just now is waited for
 * before the database is read (unflushed-stock.ts).
 */
export class StockCache {
  private readonly partitions = new Map<number, LRUCache<string, CachedStock>>();

  constructor(private readonly skusPerPartition: number) {}

  of(partition: number): LRUCache<string, CachedStock> {
    let cache = this.partitions.get(partition);
    if (!cache) this.partitions.set(partition, (cache = new LRUCache({ max: this.skusPerPartition })));
    return cache;
  }
  drop(partition: number): void {
    this.partitions.delete(partition);
  }
}
