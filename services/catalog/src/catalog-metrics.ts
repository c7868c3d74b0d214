import type { CatalogKind } from '@shelfline/contracts/catalog';
import type { CatalogOutcome } from '@shelfline/contracts/catalog-outcome';
import type { Metrics } from '@shelfline/service-kit/metrics';
import type { ImportReport } from './import-report.js';

const IMPORT_RESULTS = ['applied', 'unchanged', 'pending', 'rejected'] as const;

/** Label values are kinds and results, so bounded. What every stream has is in streaming's own metrics. */
export class CatalogMetrics {
  private readonly changes: ReturnType<Metrics['counter']>;
  private readonly answerSeconds: ReturnType<Metrics['histogram']>;
  private readonly importedRows: ReturnType<Metrics['counter']>;

  constructor(metrics: Metrics) {
    this.changes = metrics.counter({
      name: 'shelfline_catalog_changes_total',
      help: 'Changes decided and committed, by kind of entity and result',
      labelNames: ['kind', 'result'],
    });
    this.answerSeconds = metrics.histogram({
      name: 'shelfline_catalog_answer_duration_seconds',
      help: 'From a change by REST to its outcome; pending = not seen within the time a request waits',
      labelNames: ['result'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
    this.importedRows = metrics.counter({
      name: 'shelfline_catalog_imported_rows_total',
      help: 'CSV rows read by the catalog’s own import, by kind and result',
      labelNames: ['kind', 'result'],
    });
  }

  changesDecided(outcomes: readonly CatalogOutcome[]): void {
    for (const { kind, result } of outcomes) this.changes.inc({ kind, result });
  }
  answered(result: string, seconds: number): void {
    this.answerSeconds.observe({ result }, seconds);
  }
  imported(kind: CatalogKind, report: ImportReport): void {
    for (const result of IMPORT_RESULTS) this.importedRows.inc({ kind, result }, report[result]);
  }
}
