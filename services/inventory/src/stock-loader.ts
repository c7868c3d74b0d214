import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type { Delivered } from '@shelfline/streaming/stream';
import { isFact } from './domain/decide.js';
import { heldForOf } from './domain/hold-arrival.js';
import type { Reservation } from './domain/stock.js';
import type { CachedStock, StockCache } from './stock-cache.js';
import type { UnflushedStock } from './unflushed-stock.js';

export type StockMessage = Delivered<StockFact | StockCommand>;
export interface CountToLookUp {
  readonly sku: string;
  readonly location: string;
  readonly instantMs: number;
  readonly lot?: string | undefined;
}

/** From so many unknown reservations of one SKU in a batch on, it is asked first whether any of it is over. */
const MANY_IDS = 50;

export const changeKey = (sku: string, location: string, instantMs: number, lot?: string): string =>
  `${sku}@${location}@${instantMs}@${lot ?? ''}`;

export const countsOf = (messages: readonly StockMessage[]): CountToLookUp[] =>
  messages.flatMap(({ message }) =>
    isFact(message) && message.type === 'count'
      ? [
          {
            sku: message.sku,
            location: message.location,
            instantMs: Date.parse(message.occurredAt),
            ...(message.lot === undefined ? {} : { lot: message.lot }),
          },
        ]
      : [],
  );

const reservationOf = (message: StockFact | StockCommand): string | undefined =>
  isFact(message)
    ? heldForOf(message)?.reservationId
    : 'reservationId' in message
      ? (message.reservationId as string)
      : undefined;

/** What a batch's decisions have to know: from memory where the partition's owner has it, else from the ledger. */
export class StockLoader {
  constructor(
    private readonly stored: UnflushedStock,
    private readonly cache: StockCache,
  ) {}

  async load(partition: number, skus: ReadonlySet<string>): Promise<Map<string, CachedStock>> {
    const cache = this.cache.of(partition);
    const stocks = new Map<string, CachedStock>();
    const missing: string[] = [];
    for (const sku of skus) {
      const cached = cache.get(sku);
      if (cached) stocks.set(sku, cached);
      else missing.push(sku);
    }
    for (const [sku, stock] of await this.stored.loadMany(partition, missing)) {
      const loaded = { ...stock, shown: undefined, hasFinished: undefined };
      cache.set(sku, loaded);
      stocks.set(sku, loaded);
    }
    return stocks;
  }

  /** Finished reservations that this batch names, by SKU; memory holds the live ones only. */
  async recall(
    partition: number,
    messages: readonly StockMessage[],
    stocks: ReadonlyMap<string, CachedStock>,
  ): Promise<Map<string, Map<string, Reservation>>> {
    const recalled = new Map<string, Map<string, Reservation>>();
    const named = new Map<string, string[]>();
    for (const { message } of messages) {
      const { sku } = message;
      const reservationId = reservationOf(message);
      if (reservationId === undefined || stocks.get(sku)!.reservations.has(reservationId)) continue;
      const ids = named.get(sku);
      if (ids) ids.push(reservationId);
      else named.set(sku, [reservationId]);
    }
    const wanted: { reservationId: string; sku: string }[] = [];
    for (const [sku, ids] of named) {
      const stock = stocks.get(sku)!;
      // Everybody wants this one: one question may spare thousands.
      if (ids.length >= MANY_IDS) stock.hasFinished ??= await this.stored.hasFinished(partition, sku);
      if (stock.hasFinished !== false) for (const reservationId of ids) wanted.push({ reservationId, sku });
    }
    for (const { sku, reservation } of await this.stored.findReservations(partition, wanted)) {
      const ofSku = recalled.get(sku) ?? new Map<string, Reservation>();
      recalled.set(sku, ofSku.set(reservation.reservationId, reservation));
    }
    return recalled;
  }

  async loadChangesAfter(
    partition: number,
    counts: readonly CountToLookUp[],
    stocks: ReadonlyMap<string, CachedStock>,
  ): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const { sku, location, instantMs, lot } of counts) {
      const level = stocks.get(sku)?.levels.get(location);
      if (!level || level.newestFactAtMs <= instantMs) continue;
      found.set(
        changeKey(sku, location, instantMs, lot),
        await this.stored.onHandChangedAfter(partition, { sku, location, instantMs, lot }),
      );
    }
    return found;
  }
}
