import type { Problem } from './problem.js';

/** What a storefront may promise of one SKU. `version` grows with every change; 0 = nothing is known of the SKU. */
export interface StockView {
  readonly sku: string;
  readonly available: number;
  readonly status: 'in_stock' | 'low' | 'out';
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly asOf: string;
}

export interface SubscribeAnswer {
  readonly ok: true;
  readonly epoch: string;
  readonly stock: readonly StockView[];
}
export type Refusal = Problem & { readonly ok: false };

/** What is known of the SKUs that are watched. A state older than the one held is never let through. */
export class StockMemory {
  private readonly held = new Map<string, StockView>();
  private knownEpoch: string | undefined;

  get(sku: string): StockView | undefined {
    return this.held.get(sku);
  }
  get epoch(): string | undefined {
    return this.knownEpoch;
  }

  /** Another epoch means that the data was begun anew: nothing known before can be compared with it. */
  enter(epoch: string): void {
    if (this.knownEpoch !== undefined && this.knownEpoch !== epoch) this.held.clear();
    this.knownEpoch = epoch;
  }

  /** Those of the views that are news. */
  learn(views: readonly StockView[], isWatched: (sku: string) => boolean): StockView[] {
    const news: StockView[] = [];
    for (const view of views) {
      if (!isWatched(view.sku)) continue;
      const known = this.held.get(view.sku);
      if (known && known.version >= view.version) continue;
      this.held.set(view.sku, view);
      news.push(view);
    }
    return news;
  }

  forget(sku: string): void {
    this.held.delete(sku);
  }

  /** Versions held of these SKUs. */
  since(skus: readonly string[]): Record<string, number> {
    const versions: [string, number][] = [];
    for (const sku of skus) {
      const known = this.held.get(sku);
      if (known) versions.push([sku, known.version]);
    }
    return Object.fromEntries(versions);
  }
}
