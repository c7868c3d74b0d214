import { LOT_BUCKETS } from '@shelfline/contracts/lot';
import { LEVEL_BUCKETS } from '@shelfline/contracts/stock-level';
import type {
  Compared,
  ComparedAll,
  ComparisonWatch,
  LevelComparison,
  LevelComparisons,
} from './level-comparison.repository.js';
import type { LotComparison, LotComparisons } from './lot-comparison.repository.js';
import type { StockQueries } from './stock-queries.repository.js';
import type { Drift, VerifyReport } from './stock-views.js';

const LISTED_DRIFTS = 100;
/** SKUs compared in one transaction, which may last a minute at most and keeps the server from forgetting old pages. */
const SKUS_AT_ONCE = 50;

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
    const { levels, movements, suspects } = await (skus ? this.firstLook(skus) : this.comparisons.ofAll(watch));
    const report: VerifyReport = { levels, movements, driftUnits: 0, drifts: [], durationMs: 0 };
    for await (const looked of this.atOnce([...suspects].sort()))
      for (const level of looked.levels) {
        const drifts = driftsOf(level);
        if (drifts.length === 0) continue;
        const units = drifts.reduce((sum, { stored, fromMovements }) => sum + Math.abs(stored - fromMovements), 0);
        report.driftUnits += units;
        report.drifts.push(...drifts.slice(0, listed - report.drifts.length));
        onDrift?.(level.sku, units);
      }
    await this.verifyLots({ skus, watch, onDrift, listed }, report);
    report.durationMs = Date.now() - startedMs;
    return report;
  }

  /** Every lot too is the sum of what movements did to it. */
  private async verifyLots({ skus, watch, onDrift, listed = LISTED_DRIFTS }: VerifyOptions, report: VerifyReport) {
    // Its movements were told already when levels were compared; this only lets whoever went away end it.
    const suspects = skus ?? [...(await this.lots.suspects(() => watch?.onMovements?.(0)))];
    for (let i = 0; i < suspects.length; i += SKUS_AT_ONCE)
      for (const lot of await this.lots.ofSkus(suspects.slice(i, i + SKUS_AT_ONCE))) {
        const drifts = driftsOfLot(lot);
        if (drifts.length === 0) continue;
        const units = drifts.reduce((sum, { stored, fromMovements }) => sum + Math.abs(stored - fromMovements), 0);
        report.driftUnits += units;
        report.drifts.push(...drifts.slice(0, listed - report.drifts.length));
        onDrift?.(lot.sku, units);
      }
  }

  private async firstLook(skus: readonly string[]): Promise<ComparedAll> {
    const suspects = new Set<string>();
    let [levels, movements] = [0, 0];
    for await (const looked of this.atOnce(skus)) {
      levels += looked.levels.length;
      movements += looked.movements;
      for (const level of looked.levels) if (isDrifting(level)) suspects.add(level.sku);
    }
    return { levels, movements, suspects };
  }

  private async *atOnce(skus: readonly string[]): AsyncGenerator<Compared> {
    for (let from = 0; from < skus.length; from += SKUS_AT_ONCE)
      yield await this.comparisons.ofSkus(skus.slice(from, from + SKUS_AT_ONCE));
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
