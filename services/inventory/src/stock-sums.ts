import { addRawEffects, decodeName, type RawEffectSink } from './raw-effects.js';
import { type Buckets, emptyBuckets } from './stock-buckets.js';

export interface SummedLevel {
  readonly sku: string;
  readonly location: string;
  readonly sums: Buckets;
}

/** What levels are by their movements. Grows with levels, never with movements. */
export class StockSums implements RawEffectSink {
  private readonly skus = new Map<string, Map<string, Buckets>>();
  movements = 0;

  add(movement: Uint8Array): void {
    if (addRawEffects(movement, this) > 0) this.movements++;
  }

  sumsOf(sku: string, location: string): Buckets {
    let places = this.skus.get(sku);
    if (!places) this.skus.set(sku, (places = new Map()));
    let sums = places.get(location);
    if (!sums) places.set(location, (sums = emptyBuckets()));
    return sums;
  }

  *levels(): Generator<SummedLevel> {
    for (const [sku, places] of this.skus)
      for (const [location, sums] of places) yield { sku: decodeName(sku), location: decodeName(location), sums };
  }
}
