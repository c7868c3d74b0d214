import { LEVEL_BUCKETS } from '@shelfline/contracts/stock-level';
import type { Logger } from '@shelfline/service-kit/logger';
import type { ComparisonWatch, LevelComparison, LevelComparisons } from './level-comparison.repository.js';
import type { StockQueries } from './stock-queries.repository.js';
import type { VerifyReport } from './stock-views.js';

const LISTED_DRIFTS = 100;

export type VerifySlice = VerifyReport & { readonly skus: number; readonly next: string | null };

export interface AuditObserver {
  drift(units: number): void;
  audited(levels: number): void;
}

/** SKUs compared in one transaction. */
const LOOKED_AT_AGAIN = 50;

/**
 * Levels must equal the sum of their movements. A level read while its SKU is moving can look wrong, so a difference
 * counts only when it is still there on a second look, at everything as of one moment.
 */
export class LevelAudit {
  private timer: NodeJS.Timeout | undefined;
  private position = '';

  constructor(
    private readonly queries: Pick<StockQueries, 'sampleSkus'>,
    private readonly comparisons: LevelComparisons,
    private readonly observer: AuditObserver,
    private readonly log: Logger,
  ) {}

  async verify(skus?: readonly string[], watch?: ComparisonWatch): Promise<VerifyReport> {
    const startedMs = Date.now();
    const report: VerifyReport = { levels: 0, movements: 0, driftUnits: 0, drifts: [], durationMs: 0 };
    const suspects = new Set<string>();
    const first = skus ? await this.comparisons.ofSkus(skus) : this.comparisons.ofAll(watch);
    for await (const comparison of first) {
      report.levels++;
      report.movements += comparison.movements;
      if (driftsOf(comparison).length > 0) suspects.add(comparison.sku);
    }
    const again = [...suspects];
    for (let i = 0; i < again.length; i += LOOKED_AT_AGAIN)
      for (const comparison of await this.comparisons.ofSkus(again.slice(i, i + LOOKED_AT_AGAIN)))
        for (const drift of driftsOf(comparison)) {
          report.driftUnits += Math.abs(drift.stored - drift.fromMovements);
          if (report.drifts.length < LISTED_DRIFTS) report.drifts.push(drift);
        }
    report.durationMs = Date.now() - startedMs;
    return report;
  }

  /** The next SKUs that have a level, in their order; `next` is where to go on, null at the end. */
  async verifySlice(from: string, count: number): Promise<VerifySlice> {
    const { skus, ended } = await this.queries.sampleSkus(from, count);
    const report = await this.verify(skus);
    return { ...report, skus: skus.length, next: ended || skus.length === 0 ? null : `${skus.at(-1)!}\u0000` };
  }

  /** A stretch of SKUs at a time, round and round. */
  start(everyMs: number, skusAtATime: number): void {
    if (everyMs === 0) return;
    this.timer = setInterval(() => void this.auditNext(skusAtATime), everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async auditNext(count: number): Promise<void> {
    try {
      const { skus, ended } = await this.queries.sampleSkus(this.position, count);
      this.position = ended ? '' : `${skus.at(-1)!}\u0000`;
      if (skus.length === 0) return;
      const report = await this.verify(skus);
      this.observer.audited(report.levels);
      this.observer.drift(report.driftUnits);
      if (report.driftUnits > 0) this.log.error({ drifts: report.drifts }, 'levels differ from their movements');
    } catch (error) {
      this.log.warn({ err: error as Error }, 'the audit of levels could not run; it is tried again');
    }
  }
}

function driftsOf({ sku, location, stored, fromMovements }: LevelComparison): VerifyReport['drifts'] {
  return LEVEL_BUCKETS.filter((bucket) => stored[bucket] !== fromMovements[bucket]).map((bucket) => ({
    sku,
    location,
    bucket,
    stored: stored[bucket],
    fromMovements: fromMovements[bucket],
  }));
}
