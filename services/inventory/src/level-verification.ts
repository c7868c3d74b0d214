import { LOT_BUCKETS } from '@shelfline/contracts/lot';
import { LEVEL_BUCKETS } from '@shelfline/contracts/stock-level';
import type { ComparisonWatch, LevelComparison, LevelComparisons } from './level-comparison.repository.js';
import type { LotComparison, LotComparisons } from './lot-comparison.repository.js';
import type { StockQueries } from './stock-queries.repository.js';
import type { Drift, VerifyReport } from './stock-views.js';

const LISTED_DRIFTS = 100;
/** SKUs compared in one transaction. */
const LOOKED_AT_AGAIN = 50;

export type VerifySlice = VerifyReport & { readonly skus: number; readonly next: string | null };
export interface VerifyOptions {
  /** Those and no others. */
  readonly skus?: readonly string[];
  readonly watch?: ComparisonWatch;
  /** Told each SKU that differs, also beyond those that are listed. */
  readonly onDrift?: (sku: string, units: number) => void;
  readonly listed?: number;
}

/**
 * Levels must equal the sum of their movements. A level read while its SKU is moving can look wrong, so a difference
 * counts only when it is still there on a second look, at everything as of one moment.
 */
export class LevelVerification {
  constructor(
    private readonly queries: Pick<StockQueries, 'sampleSkus'>,
    private readonly comparisons: Pick<LevelComparisons, 'ofAll' | 'ofSkus'>,
    private readonly lots: Pick<LotComparisons, 'suspects' | 'ofSkus'>,
  ) {}

  async verify({ skus, watch, onDrift, listed = LISTED_DRIFTS }: VerifyOptions = {}): Promise<VerifyReport> {
    const startedMs = Date.now();
    const report: VerifyReport = { levels: 0, movements: 0, driftUnits: 0, drifts: [], durationMs: 0 };
    const suspects = new Set<string>();
    const first = skus ? [await this.comparisons.ofSkus(skus)] : this.comparisons.ofAll(watch);
    for await (const { levels, movements } of first) {
      report.levels += levels.length;
      report.movements += movements;
      for (const level of levels) if (isDrifting(level)) suspects.add(level.sku);
    }
    const again = [...suspects];
    for (let i = 0; i < again.length; i += LOOKED_AT_AGAIN) {
      const { levels } = await this.comparisons.ofSkus(again.slice(i, i + LOOKED_AT_AGAIN));
      for (const level of levels) {
        const drifts = driftsOf(level);
        if (drifts.length === 0) continue;
        const units = drifts.reduce((sum, { stored, fromMovements }) => sum + Math.abs(stored - fromMovements), 0);
        report.driftUnits += units;
        report.drifts.push(...drifts.slice(0, listed - report.drifts.length));
        onDrift?.(level.sku, units);
      }
    }
    await this.verifyLots({ skus, watch, onDrift, listed }, report);
    report.durationMs = Date.now() - startedMs;
    return report;
  }

  /** Every lot too is the sum of what movements did to it. */
  private async verifyLots({ skus, watch, onDrift, listed = LISTED_DRIFTS }: VerifyOptions, report: VerifyReport) {
    // Its movements were told already when levels were compared; this only lets whoever went away end it.
    const suspects = skus ?? [...(await this.lots.suspects(() => watch?.onMovements?.(0)))];
    for (let i = 0; i < suspects.length; i += LOOKED_AT_AGAIN)
      for (const lot of await this.lots.ofSkus(suspects.slice(i, i + LOOKED_AT_AGAIN))) {
        const drifts = driftsOfLot(lot);
        if (drifts.length === 0) continue;
        const units = drifts.reduce((sum, { stored, fromMovements }) => sum + Math.abs(stored - fromMovements), 0);
        report.driftUnits += units;
        report.drifts.push(...drifts.slice(0, listed - report.drifts.length));
        onDrift?.(lot.sku, units);
      }
  }

  /** The next SKUs that have a level, in their order; `next` is where to go on, null at the end. */
  async verifySlice(from: string, count: number): Promise<VerifySlice> {
    const { skus, ended } = await this.queries.sampleSkus(from, count);
    const report = await this.verify({ skus });
    return { ...report, skus: skus.length, next: ended || skus.length === 0 ? null : `${skus.at(-1)!}\u0000` };
  }
}

export const isDrifting = ({ stored, fromMovements }: LevelComparison): boolean =>
  LEVEL_BUCKETS.some((bucket) => stored[bucket] !== fromMovements[bucket]);

export const driftsOf = ({ sku, location, stored, fromMovements }: LevelComparison): Drift[] =>
  LEVEL_BUCKETS.filter((bucket) => stored[bucket] !== fromMovements[bucket]).map((bucket) => ({
    sku,
    location,
    bucket,
    stored: stored[bucket],
    fromMovements: fromMovements[bucket],
  }));

export const driftsOfLot = ({ sku, location, lot, stored, fromMovements }: LotComparison): Drift[] =>
  LOT_BUCKETS.filter((bucket) => stored[bucket] !== fromMovements[bucket]).map((bucket) => ({
    sku,
    location,
    lot,
    bucket,
    stored: stored[bucket],
    fromMovements: fromMovements[bucket],
  }));
