import { connectStorefront, type StockView, type StorefrontConnection } from '@shelfline/client/storefront';
import { type Activity, activityAt, NO_ACTIVITY, withChange } from './activity.js';
import { addPoint, type Point } from './spark-path.js';
import { storefrontToken } from './token-source.js';
import { UpdateRate } from './update-rate.js';
import { planWatch } from './watch-plan.js';

export const WINDOW_MS = 5 * 60_000;
const LEAST_WINDOW_MS = 30_000;
const KEEP_MS = 10_000;
const TIDY_EVERY_MS = 5000;

export interface LiveRow {
  readonly view: StockView;
  readonly history: readonly Point[];
  /** Units by which the last change rose or fell, and when; 0 before the first change. */
  readonly changeUnits: number;
  readonly changedAtMs: number;
  readonly activity: Activity;
}

/** What the page knows of live stock: the newest state and the last minutes of every SKU it watches. */
export class LiveStock {
  readonly connection: StorefrontConnection;
  private readonly rows = new Map<string, LiveRow>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly watched = new Map<string, () => void>();
  private readonly rate = new UpdateRate();
  private readonly tidying = setInterval(() => this.want(this.wanted), TIDY_EVERY_MS);
  private readonly beganMs = Date.now();
  private changedMs = this.beganMs;
  private wanted: readonly string[] = [];
  private leaving: ReadonlyMap<string, number> = new Map();

  constructor(channel: string | undefined, region: string | undefined, member: string | undefined) {
    this.connection = connectStorefront({ url: location.origin, token: storefrontToken(member), channel, region });
  }

  get watchedCount(): number {
    return this.watched.size;
  }

  /** Watches these SKUs, and for a while what was wanted before. */
  want(skus: readonly string[]): void {
    this.wanted = skus;
    const plan = planWatch({ watched: this.watched.keys(), wanted: skus, leaving: this.leaving }, Date.now(), KEEP_MS);
    this.leaving = plan.leaving;
    for (const sku of plan.end) {
      this.watched.get(sku)?.();
      this.watched.delete(sku);
      // What is not watched any more must not be shown as if it were live.
      this.rows.delete(sku);
      this.tell(sku);
    }
    for (const sku of plan.begin)
      this.watched.set(
        sku,
        this.connection.subscribe([sku], (views) => this.learn(views)),
      );
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

  /** How long no figure has changed, since the page was opened at most. */
  quietForMs(nowMs: number): number {
    return nowMs - this.changedMs;
  }

  updatesPerSecond(nowMs: number): number {
    return this.rate.perSecond(nowMs);
  }

  /** The time that spark lines show: what there is so far, so that they fill their place from the start. */
  sparkWindowMs(nowMs: number): number {
    return Math.min(WINDOW_MS, Math.max(LEAST_WINDOW_MS, nowMs - this.beganMs));
  }

  /** For the order "most active now": recent changes first, then what is in stock. */
  activity(sku: string, nowMs: number): number {
    const row = this.rows.get(sku);
    if (!row) return -1;
    return activityAt(row.activity, nowMs) + (row.view.available > 0 ? 1e-9 : 0);
  }

  close(): void {
    clearInterval(this.tidying);
    this.connection.close();
  }

  private learn(views: readonly StockView[]): void {
    const nowMs = Date.now();
    for (const view of views) {
      const before = this.rows.get(view.sku);
      // Version 0 says that nothing is known of the SKU: no figure that could have changed.
      const known = before && before.view.version > 0 ? before : undefined;
      const changeUnits = known ? view.available - known.view.available : 0;
      if (before) this.rate.add(1, nowMs);
      const hasMoved = changeUnits !== 0;
      if (hasMoved) this.changedMs = nowMs;
      this.rows.set(view.sku, {
        view,
        history:
          view.version === 0 ? [] : addPoint(known?.history ?? [], { atMs: nowMs, value: view.available }, WINDOW_MS),
        changeUnits: hasMoved ? changeUnits : (before?.changeUnits ?? 0),
        changedAtMs: hasMoved ? nowMs : (before?.changedAtMs ?? 0),
        activity: hasMoved ? withChange(before?.activity ?? NO_ACTIVITY, nowMs) : (before?.activity ?? NO_ACTIVITY),
      });
      this.tell(view.sku);
    }
  }

  private tell(sku: string): void {
    for (const listener of this.listeners.get(sku) ?? []) listener();
  }
}
