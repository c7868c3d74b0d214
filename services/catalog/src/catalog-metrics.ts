import type { CatalogOutcome } from '@shelfline/contracts/catalog-outcome';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Label values are kinds and results, so bounded. What every stream has is in streaming's own metrics. */
export class CatalogMetrics {
  private readonly changes: Counter<'kind' | 'result'>;
  private readonly answerSeconds: Histogram<'result'>;
  private readonly importedRows: Counter<'kind' | 'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.changes = new Counter({
      name: 'shelfline_catalog_changes_total',
      help: 'Changes decided and committed, by kind of entity and result',
      labelNames: ['kind', 'result'],
      registers,
    });
    this.answerSeconds = new Histogram({
      name: 'shelfline_catalog_answer_duration_seconds',
      help: 'From a change by REST to its outcome; pending = not seen within the time a request waits',
      labelNames: ['result'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.importedRows = new Counter({
      name: 'shelfline_catalog_imported_rows_total',
      help: 'CSV rows read by the catalog’s own import, by kind and result',
      labelNames: ['kind', 'result'],
      registers,
    });
  }

  changesDecided(outcomes: readonly CatalogOutcome[]): void {
    for (const { kind, result } of outcomes) this.changes.inc({ kind, result });
  }
  answered(result: string, seconds: number): void {
    this.answerSeconds.observe({ result }, seconds);
  }
  rowsImported(kind: string, result: string, rows: number): void {
    if (rows > 0) this.importedRows.inc({ kind, result }, rows);
  }
}
