import type { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { isLive, type Level, type Reservation } from './domain/stock.js';
import type { StockRepository, StoredStock } from './stock.repository.js';
import { type ReservationToStore, reservationDocumentId } from './stock-documents.js';
import { levelsIn, reservationsIn, type StockImage } from './stock-images.js';

/** Holds looked at beyond those asked for, because their end may not be in the database yet. */
const MOST_ENDED_UNFLUSHED = 5000;

const KEYS_AT_ONCE = 2000;

/**
 * What is committed of the partitions owned here: the database's documents, and over them whatever is not written yet.
 * The images are taken before the database is asked: one that is written in between is then seen twice, never not at all.
 * Memory may be a commit ahead of both, so whatever is read here waits for that one.
 */
export class UnflushedStock {
  private readonly settled = new Map<number, () => Promise<void>>();

  constructor(
    private readonly repository: StockRepository,
    readonly unflushed: UnflushedImages,
  ) {}

  /** `settled` resolves when what memory holds of the partition is committed. */
  readAfter(partition: number, settled: (() => Promise<void>) | undefined): void {
    if (settled) this.settled.set(partition, settled);
    else this.settled.delete(partition);
  }
  released(partition: number): void {
    this.settled.delete(partition);
  }

  async loadMany(partition: number, skus: readonly string[]): Promise<Map<string, StoredStock>> {
    if (skus.length > 0) await this.settled.get(partition)?.();
    const images = new Map(skus.map((sku) => [sku, this.imagesOf(partition, sku)]));
    const stocks = await this.repository.loadMany(skus);
    const ended = await this.findEnded(images, stocks);
    for (const [sku, stock] of stocks) {
      const newer = images.get(sku)!;
      for (const { level } of levelsIn(newer))
        if (isNewer(level, stock.levels.get(level.location))) stock.levels.set(level.location, level);
      for (const { reservation } of reservationsIn(newer))
        if (isNewer(reservation, ended.get(reservationDocumentId(reservation.reservationId, sku))))
          overlay(stock.reservations, reservation);
    }
    return stocks;
  }

  /**
   * Stored reservations that are over though an image of them is live: the stored copies are forgotten one by one, so
   * a claim may find an old one whose successor is written and forgotten. Taken for live, its hold would be given back
   * twice.
   */
  private async findEnded(
    images: ReadonlyMap<string, readonly StockImage[]>,
    stocks: ReadonlyMap<string, StoredStock>,
  ): Promise<Map<string, Reservation>> {
    const keys: { reservationId: string; sku: string }[] = [];
    for (const [sku, own] of images)
      for (const { reservation } of reservationsIn(own))
        if (isLive(reservation) && !stocks.get(sku)!.reservations.has(reservation.reservationId))
          keys.push({ reservationId: reservation.reservationId, sku });
    const ended = new Map<string, Reservation>();
    for (let i = 0; i < keys.length; i += KEYS_AT_ONCE)
      for (const { sku, reservation } of await this.repository.findReservations(keys.slice(i, i + KEYS_AT_ONCE)))
        ended.set(reservationDocumentId(reservation.reservationId, sku), reservation);
    return ended;
  }

  /** Reservations in any state, by reservation and SKU. */
  async findReservations(
    partition: number,
    keys: readonly { reservationId: string; sku: string }[],
  ): Promise<{ sku: string; reservation: Reservation }[]> {
    if (keys.length === 0) return [];
    await this.settled.get(partition)?.();
    const found = new Map<string, { sku: string; reservation: Reservation }>();
    const wanted = new Set(keys.map((key) => reservationDocumentId(key.reservationId, key.sku)));
    const images = [...new Set(keys.map(({ sku }) => sku))].flatMap((sku) =>
      reservationsIn(this.imagesOf(partition, sku)),
    );
    for (const one of await this.repository.findReservations(keys))
      found.set(reservationDocumentId(one.reservation.reservationId, one.sku), one);
    for (const { sku, reservation } of images) {
      const key = reservationDocumentId(reservation.reservationId, sku);
      if (wanted.has(key) && isNewer(reservation, found.get(key)?.reservation)) found.set(key, { sku, reservation });
    }
    return [...found.values()];
  }

  async hasFinished(partition: number, sku: string): Promise<boolean> {
    await this.settled.get(partition)?.();
    const images = reservationsIn(this.imagesOf(partition, sku));
    return images.some(({ reservation }) => !isLive(reservation)) || (await this.repository.hasFinished(sku));
  }

  /** Holds whose time is over. */
  async findExpired(
    partition: number,
    nowMs: number,
    limit: number,
  ): Promise<{ sku: string; reservationId: string }[]> {
    await this.settled.get(partition)?.();
    const unflushed = new Map<string, ReservationToStore>();
    for (const one of this.reservationsOf(partition))
      unflushed.set(reservationDocumentId(one.reservation.reservationId, one.sku), one);
    const more = Math.min(unflushed.size, MOST_ENDED_UNFLUSHED);
    const stored = await this.repository.findExpired(partition, nowMs, limit + more);
    const expired = stored.filter((one) => !unflushed.has(reservationDocumentId(one.reservationId, one.sku)));
    for (const { sku, reservation } of unflushed.values())
      if (reservation.state === 'ACTIVE' && reservation.expiresAtMs <= nowMs)
        expired.push({ sku, reservationId: reservation.reservationId });
    return expired.slice(0, limit);
  }

  /** The next SKUs of a partition that have a level, in order. */
  async nextSkus(
    partition: number,
    after: string,
    limit: number,
  ): Promise<{ readonly skus: string[]; readonly ended: boolean }> {
    await this.settled.get(partition)?.();
    const unflushed = [...this.unflushed.groups(partition)].filter((sku) => sku > after);
    const { skus, ended } = await this.repository.nextSkus(partition, after, limit);
    const last = ended ? undefined : skus.at(-1);
    const merged = new Set(skus);
    for (const sku of unflushed) if (last === undefined || sku <= last) merged.add(sku);
    return { skus: [...merged].sort(byCodeUnits), ended };
  }

  /** SKUs that have something not written yet of this version or a higher one. */
  *changedSince(partition: number, version: number): Iterable<string> {
    for (const sku of this.unflushed.groups(partition))
      if (this.imagesOf(partition, sku).some((image) => image.version >= version)) yield sku;
  }

  async onHandChangedAfter(
    partition: number,
    {
      sku,
      location,
      instantMs,
      lot,
    }: Readonly<{ sku: string; location: string; instantMs: number; lot?: string | undefined }>,
  ): Promise<number> {
    await this.settled.get(partition)?.();
    return this.repository.onHandChangedAfter(sku, location, instantMs, lot);
  }

  async loadConfirmations(partition: number): Promise<Map<string, number>> {
    await this.settled.get(partition)?.();
    return this.repository.loadConfirmations(partition);
  }

  private imagesOf(partition: number, sku: string): readonly StockImage[] {
    return this.unflushed.imagesOf(partition, sku) as readonly StockImage[];
  }

  private *reservationsOf(partition: number): Iterable<ReservationToStore> {
    for (const sku of this.unflushed.groups(partition)) yield* reservationsIn(this.imagesOf(partition, sku));
  }
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isNewer = (image: Level | Reservation, stored: Level | Reservation | undefined): boolean =>
  !stored || stored.version < image.version;

/** Only the live ones are kept. */
function overlay(reservations: Map<string, Reservation>, image: Reservation): void {
  const { reservationId } = image;
  if (!isNewer(image, reservations.get(reservationId))) return;
  if (isLive(image)) reservations.set(reservationId, image);
  else reservations.delete(reservationId);
}
