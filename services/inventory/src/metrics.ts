import type { Metrics } from '@shelfline/service-kit/metrics';
import type { AuditObserver } from './level-audit.js';
import type { StockObserver } from './stock-deltas.handler.js';
import type { StockEntry } from './stock-entry.js';

/** What the ledger counts beyond what every stream does; types and results are a handful, so bounded. */
export function createInventoryMetrics(metrics: Metrics): StockObserver & AuditObserver {
  const deltas = metrics.counter({
    name: 'shelfline_inventory_deltas_total',
    help: 'Facts and commands decided, by type and result',
    labelNames: ['type', 'result'],
  });
  const shortfalls = metrics.counter({
    name: 'shelfline_inventory_shortfalls_total',
    help: 'Facts that took stock below what is promised',
  });
  const expired = metrics.counter({
    name: 'shelfline_inventory_expired_holds_total',
    help: 'Reservations whose time ran out',
  });
  const drift = metrics.gauge({
    name: 'shelfline_inventory_ledger_drift_units',
    help: 'Units by which the audited levels differ from their movements; 0 is right',
  });
  const audited = metrics.counter({
    name: 'shelfline_inventory_audited_levels_total',
    help: 'Levels compared with their movements',
  });
  return {
    decided: (entries: readonly StockEntry[]) => {
      const counts = new Map<string, { type: string; result: string; count: number }>();
      let short = 0;
      let ended = 0;
      for (const { type, outcome, shortfalls: found } of entries) {
        if (found) short += found.length;
        if (type === 'expire') ended++;
        const key = `${type}/${outcome}`;
        const seen = counts.get(key);
        if (seen) seen.count++;
        else counts.set(key, { type, result: outcome, count: 1 });
      }
      return () => {
        shortfalls.inc(short);
        expired.inc(ended);
        for (const { type, result, count } of counts.values()) deltas.inc({ type, result }, count);
      };
    },
    drift: (units) => drift.set(units),
    audited: (levels) => audited.inc(levels),
  };
}
