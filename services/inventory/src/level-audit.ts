import type { Logger } from '@shelfline/service-kit/logger';
import type { LevelVerification } from './level-verification.js';
import type { StockQueries } from './stock-queries.repository.js';

/** Looked at again with every stretch. Beyond them a restore went wrong, and the command lists all. */
const MOST_REMEMBERED_SKUS = 1000;

export interface AuditObserver {
  drift(units: number): void;
  audited(levels: number): void;
}

/**
 * Compares a stretch of SKUs at a time, round and round. A SKU that differs is looked at with every stretch from then on,
 * so that the metric shows what differs now and not what the newest stretch happened to meet.
 */
export class LevelAudit {
  private timer: NodeJS.Timeout | undefined;
  private position = '';
  private drifting: ReadonlySet<string> = new Set();

  constructor(
    private readonly queries: Pick<StockQueries, 'sampleSkus'>,
    private readonly verification: Pick<LevelVerification, 'verify'>,
    private readonly observer: AuditObserver,
    private readonly log: Pick<Logger, 'error' | 'warn'>,
  ) {}

  start(everyMs: number, skusAtATime: number): void {
    if (everyMs === 0) return;
    this.timer = setInterval(() => void this.auditNext(skusAtATime), everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async auditNext(count: number): Promise<void> {
    try {
      const { skus, ended } = await this.queries.sampleSkus(this.position, count);
      this.position = ended ? '' : `${skus.at(-1)!}\u0000`;
      const before = this.drifting;
      const together = [...new Set([...skus, ...before])];
      if (together.length === 0) return;
      const drifting = new Set<string>();
      const report = await this.verification.verify({
        skus: together,
        onDrift: (sku) => {
          if (drifting.size < MOST_REMEMBERED_SKUS) drifting.add(sku);
        },
      });
      this.drifting = drifting;
      this.observer.audited(report.levels);
      this.observer.drift(report.driftUnits);
      if ([...drifting].some((sku) => !before.has(sku)))
        this.log.error({ drifts: report.drifts }, 'levels differ from their movements');
    } catch (error) {
      this.log.warn({ err: error as Error }, 'the audit of levels could not run; it is tried again');
    }
  }
}
