import { isLive, type Level, type Reservation, stockOf } from '../domain/stock.js';
import type { StockWrites, StoredStock } from '../stock.repository.js';
import { onHandOf } from '../stock-buckets.js';
import type { StockEntry } from '../stock-entry.js';
import { levelsIn, reservationsIn, type StockImage } from '../stock-images.js';

/** What is committed, as the database would hold it: of one partition, or of several that have no SKU in common. */
export class MemoryRepository {
  readonly levels = new Map<string, { sku: string; level: Level }>();
  readonly reservations = new Map<string, { sku: string; reservation: Reservation }>();
  private readonly confirmations = new Map<string, StockWrites['confirmations'][number]>();
  loads = 0;

  constructor(
    readonly entries: ReadonlyMap<string, StockEntry>,
    private readonly partitionOf: (sku: string) => number = () => 0,
  ) {}

  async loadMany(skus: readonly string[]): Promise<Map<string, StoredStock>> {
    this.loads++;
    return new Map(
      skus.map((sku) => {
        const levels = new Map<string, Level>();
        const reservations = new Map<string, Reservation>();
        for (const each of this.levels.values()) if (each.sku === sku) levels.set(each.level.location, each.level);
        for (const each of this.reservations.values())
          if (each.sku === sku && isLive(each.reservation))
            reservations.set(each.reservation.reservationId, each.reservation);
        return [sku, { ...stockOf(sku, levels, reservations), levels, reservations }];
      }),
    );
  }
  async findReservations(keys: readonly { reservationId: string; sku: string }[]) {
    return keys.flatMap(({ reservationId, sku }) => this.reservations.get(`${reservationId}|${sku}`) ?? []);
  }
  async hasFinished(sku: string) {
    return [...this.reservations.values()].some((each) => each.sku === sku && !isLive(each.reservation));
  }
  async findExpired(partition: number, nowMs: number, limit: number) {
    return [...this.reservations.values()]
      .filter(({ sku }) => this.partitionOf(sku) === partition)
      .filter(({ reservation }) => reservation.state === 'ACTIVE' && reservation.expiresAtMs <= nowMs)
      .slice(0, limit)
      .map(({ sku, reservation: { reservationId } }) => ({ sku, reservationId }));
  }
  async nextSkus(partition: number, after: string, limit: number) {
    const skus = [...new Set([...this.levels.values()].map(({ sku }) => sku))]
      .filter((sku) => sku > after && this.partitionOf(sku) === partition)
      .sort();
    return { skus: skus.slice(0, limit), ended: skus.length <= limit };
  }
  async onHandChangedAfter(sku: string, location: string, instantMs: number, lot?: string) {
    let units = 0;
    for (const entry of this.entries.values())
      if (entry.sku === sku && entry.atMs > instantMs)
        for (const effect of entry.effects) if (effect.location === location) units += onHandOf(effect, lot);
    return units;
  }
  async loadConfirmations(partition: number) {
    return new Map(
      [...this.confirmations.values()]
        .filter((one) => one.partition === partition)
        .map((one) => [one.location, one.seenAtMs]),
    );
  }
  write({ confirmations }: StockWrites): void {
    for (const one of confirmations) this.confirmations.set(`${one.partition}/${one.location}`, one);
  }
  async flush(images: readonly StockImage[]): Promise<void> {
    for (const { sku, level } of levelsIn(images)) {
      const key = `${sku}@${level.location}`;
      const before = this.levels.get(key);
      if (!before || before.level.version < level.version) this.levels.set(key, { sku, level });
    }
    for (const { sku, reservation } of reservationsIn(images)) {
      const key = `${reservation.reservationId}|${sku}`;
      const before = this.reservations.get(key);
      if (!before || before.reservation.version < reservation.version) this.reservations.set(key, { sku, reservation });
    }
  }
}
