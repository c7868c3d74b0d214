import { moment } from './awaiting.ts';
import { type MadeDelta, PLACES, SKUS } from './made-deltas.ts';
import { WorkInPieces, type WorkOptions } from './work-in-pieces.ts';

const ROWS = 1000;
const LONGEST_REST_MS = 3000;
const LOOK_EVERY_MS = 300;

/** Delivery notes as files, one after the other: a file that was taken is acknowledged as a whole. */
export class ImportLoad {
  files = 0;
  readonly work: WorkInPieces;
  private rows = 0;

  constructor(options: WorkOptions) {
    this.work = new WorkInPieces('/api/connect/imports', options);
  }

  start(): void {
    this.work.resume();
    void this.work.goOn(LONGEST_REST_MS, () => this.importFile(Array.from({ length: ROWS }, () => this.nextRow())));
  }

  /** A file whose answer was lost is sent again, and then imported twice: its rows have ids of their own. */
  private async importFile(rows: readonly MadeDelta[]): Promise<void> {
    const lines = rows.map(({ id, sku, location, quantity, occurredAt }) =>
      [id, sku, location, quantity, occurredAt].join(','),
    );
    const { status, body } = await this.work.ask({
      method: 'POST',
      path: '?kind=receipts&source=faults',
      body: `id,sku,location,quantity,occurredAt\n${lines.join('\n')}\n`,
      contentType: 'text/csv',
    });
    if (status !== 202) throw new Error(`a file was refused with ${status}: ${JSON.stringify(body)}`);
    this.work.load.acknowledge(rows);
    this.files++;
    await this.untilImported((body as { id: string }).id);
  }

  private async untilImported(id: string): Promise<void> {
    for (;;) {
      const { status, body } = await this.work.ask({ method: 'GET', path: `/${id}` });
      const { state, rejected } = body as { state: string; rejected: number };
      if (status !== 200 || state === 'failed' || rejected > 0)
        throw new Error(`an import went wrong: ${status} ${JSON.stringify(body)}`);
      if (state !== 'running') return;
      await moment(LOOK_EVERY_MS, this.work.signal);
    }
  }

  private nextRow(): MadeDelta {
    const { random } = this.work;
    const n = this.rows++;
    return {
      id: `i${n}`,
      source: 'faults',
      type: 'receipt',
      sku: random.pick(SKUS),
      location: random.pick(PLACES),
      quantity: random.between(1, 9),
      // Even, as no count's is.
      occurredAt: new Date(Date.parse('2025-01-01T00:00:00Z') + 2 * n).toISOString(),
    };
  }
}
