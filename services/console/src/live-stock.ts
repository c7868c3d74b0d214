import { connectStorefront, type StockView, type StorefrontConnection } from '@shelfline/client/storefront';
import { addPoint, type Point } from './spark-path.js';
import { fetchToken } from './token-source.js';

export const WINDOW_MS = 5 * 60_000;

export interface LiveRow {
  readonly view: StockView;
  readonly history: readonly Point[];
  /** Which way the last change went, and when; for the highlight. */
  readonly change: 'up' | 'down' | undefined;
  readonly changedAtMs: number;
  readonly changes: number;
}

/** What the page knows of live stock: the newest state and the last minutes of every SKU it has watched. */
export class LiveStock {
  readonly connection: StorefrontConnection;
  private readonly rows = new Map<string, LiveRow>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly arrivals: number[] = [];
  private leave: () => void = () => {};

  constructor(region: string | undefined) {
    this.connection = connectStorefront({ url: location.origin, token: () => fetchToken(), region });
  }

  watch(skus: readonly string[]): void {
    const before = this.leave;
    this.leave = skus.length > 0 ? this.connection.subscribe(skus, (views) => this.learn(views)) : () => {};
    before();
  }

  row(sku: string): LiveRow | undefined {
    return this.rows.get(sku);
  }

  onRow(sku: string, listener: () => void): () => void {
    const listeners = this.listeners.get(sku) ?? new Set();
    listeners.add(listener);
    this.listeners.set(sku, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(sku);
    };
  }

  /** Changes of the last ten seconds, a second. */
  updatesPerSecond(nowMs: number): number {
    while (this.arrivals.length > 0 && this.arrivals[0]! < nowMs - 10_000) this.arrivals.shift();
    return this.arrivals.length / 10;
  }

  activity(sku: string): number {
    return this.rows.get(sku)?.changes ?? 0;
  }

  close(): void {
    this.leave();
    this.connection.close();
  }

  private learn(views: readonly StockView[]): void {
    const nowMs = Date.now();
    for (const view of views) {
      const before = this.rows.get(view.sku);
      if (before && before.view.version >= view.version && view.version !== 0) continue;
      const moved = before && before.view.version > 0 ? view.available - before.view.available : 0;
      if (before) this.arrivals.push(nowMs);
      this.rows.set(view.sku, {
        view,
        history: addPoint(before?.history ?? [], { atMs: nowMs, value: view.available }, WINDOW_MS),
        change: moved > 0 ? 'up' : moved < 0 ? 'down' : before?.change,
        changedAtMs: moved === 0 ? (before?.changedAtMs ?? 0) : nowMs,
        changes: (before?.changes ?? 0) + (moved === 0 ? 0 : 1),
      });
      for (const listener of this.listeners.get(view.sku) ?? []) listener();
    }
  }
}
