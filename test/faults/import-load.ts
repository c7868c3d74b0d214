import type { SeededRandom } from '../seeded-random.ts';
import { moment, until } from './awaiting.ts';
import type { DeltaLoad } from './delta-load.ts';
import { askUntilAnswered, type FinalAnswer, type LedgerRequest } from './ledger-requests.ts';
import { type MadeDelta, PLACES, SKUS } from './made-deltas.ts';

const ROWS = 1000;
const LONGEST_REST_MS = 3000;
const LOOK_EVERY_MS = 300;

/** Delivery notes as files, one after the other: a file that was taken is acknowledged as a whole. */
export class ImportLoad {
  files = 0;
  private rows = 0;
  private making = false;
  private isUnderWay = false;
  private failure: Error | undefined;
  private readonly ended = new AbortController();
  private readonly address: () => string;
  private readonly token: string;
  private readonly load: DeltaLoad;
  private readonly random: SeededRandom;
  private readonly signal: AbortSignal;

  constructor(options: {
    address: () => string;
    token: string;
    load: DeltaLoad;
    random: SeededRandom;
    signal: AbortSignal;
  }) {
    this.address = options.address;
    this.token = options.token;
    this.load = options.load;
    this.random = options.random;
    this.signal = AbortSignal.any([options.signal, this.ended.signal]);
  }

  start(): void {
    this.making = true;
    void this.importOn();
  }

  resume(): void {
    this.making = true;
  }

  /** Begins no other file; resolves when the last one is worked through. */
  async pause(): Promise<void> {
    this.making = false;
    await until(() => !this.isUnderWay || this.failure !== undefined, 'the last file imported', this.signal);
    this.check();
  }

  stop(): void {
    this.ended.abort(new Error('the load has ended'));
  }

  check(): void {
    if (this.failure) throw this.failure;
  }

  private async importOn(): Promise<void> {
    try {
      for (;;) {
        await moment(this.random.between(1, LONGEST_REST_MS), this.signal);
        if (!this.making) continue;
        this.isUnderWay = true;
        await this.importFile(Array.from({ length: ROWS }, () => this.nextRow()));
        this.isUnderWay = false;
      }
    } catch (error) {
      if (!this.signal.aborted) this.failure = error as Error;
    }
  }

  /** A file whose answer was lost is sent again, and then imported twice: its rows have ids of their own. */
  private async importFile(rows: readonly MadeDelta[]): Promise<void> {
    const lines = rows.map(({ id, sku, location, quantity, occurredAt }) =>
      [id, sku, location, quantity, occurredAt].join(','),
    );
    const { status, body } = await this.ask({
      method: 'POST',
      path: '?kind=receipts&source=faults',
      body: `id,sku,location,quantity,occurredAt\n${lines.join('\n')}\n`,
      contentType: 'text/csv',
    });
    if (status !== 202) throw new Error(`a file was refused with ${status}: ${JSON.stringify(body)}`);
    this.load.acknowledge(rows);
    this.files++;
    await this.untilImported((body as { id: string }).id);
  }

  private async untilImported(id: string): Promise<void> {
    for (;;) {
      const { status, body } = await this.ask({ method: 'GET', path: `/${id}` });
      const { state, rejected } = body as { state: string; rejected: number };
      if (status !== 200 || state === 'failed' || rejected > 0)
        throw new Error(`an import went wrong: ${status} ${JSON.stringify(body)}`);
      if (state !== 'running') return;
      await moment(LOOK_EVERY_MS, this.signal);
    }
  }

  private ask({ path, ...rest }: LedgerRequest): Promise<FinalAnswer> {
    return askUntilAnswered(this.address, this.token, { ...rest, path: `/api/connect/imports${path}` }, this.signal);
  }

  private nextRow(): MadeDelta {
    const { random } = this;
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
