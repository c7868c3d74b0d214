import type { StockDelta } from '@shelfline/contracts/stock-delta';
import type { Availability, StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Batch, Decision, OutputRecord } from '@shelfline/streaming/stream';
import type { Table } from '@shelfline/streaming/table';
import { type Level, type Reservation, stockOf } from '../domain/stock.js';
import { PartitionUpkeep } from '../partition-upkeep.js';
import type { ReferenceData } from '../reference-data.js';
import type { StockRepository, StockWrites, StoredStock } from '../stock.repository.js';
import { StockCache } from '../stock-cache.js';
import { StockDeltasHandler } from '../stock-deltas.handler.js';
import type { StockEntry } from '../stock-outputs.js';
import { type Catalog, catalogOf, SHOPS } from './catalog.js';
import { START_MS } from './given-stock.js';

const PARTITION = 0;
const SECOND_MS = 1000;

/** What is committed, as the database would hold it. */
class MemoryRepository {
  readonly levels = new Map<string, { sku: string; level: Level; shown: StockWrites['levels'][number]['shown'] }>();
  readonly reservations = new Map<string, { sku: string; reservation: Reservation }>();
  readonly entries = new Map<string, StockEntry>();
  private readonly confirmations = new Map<string, number>();
  loads = 0;

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
  async findExpired(_partition: number, nowMs: number, limit: number) {
    return [...this.reservations.values()]
      .filter(({ reservation }) => reservation.state === 'ACTIVE' && reservation.expiresAtMs <= nowMs)
      .slice(0, limit)
      .map(({ sku, reservation: { reservationId } }) => ({ sku, reservationId }));
  }
  async nextSkus(_partition: number, after: string, limit: number) {
    const skus = [...new Set([...this.levels.values()].map(({ sku }) => sku))].sort().filter((sku) => sku > after);
    return { skus: skus.slice(0, limit), ended: skus.length <= limit };
  }
  async onHandChangedAfter(sku: string, location: string, instantMs: number) {
    let units = 0;
    for (const entry of this.entries.values())
      if (entry.sku === sku && entry.at.getTime() > instantMs)
        for (const effect of entry.effects) if (effect.location === location) units += effect.onHand ?? 0;
    return units;
  }
  async loadConfirmations() {
    return new Map(this.confirmations);
  }
  write({ levels, reservations, confirmations }: StockWrites): void {
    for (const { sku, level, shown, isNew } of levels) {
      const key = `${sku}@${level.location}`;
      if (isNew === this.levels.has(key)) throw new Error(`${key}: isNew is ${isNew}, the database says otherwise`);
      this.levels.set(key, { sku, level, shown });
    }
    for (const { sku, reservation } of reservations)
      this.reservations.set(`${reservation.reservationId}|${sku}`, { sku, reservation });
    for (const { location, seenAtMs } of confirmations) this.confirmations.set(location, seenAtMs);
  }
}

const isLive = ({ state }: Reservation): boolean => state === 'ACTIVE' || state === 'COMMITTED';

/** The real handler over a database in memory: batches in, outputs and committed state out. */
export class MemoryLedger {
  readonly repository = new MemoryRepository();
  readonly outputs: OutputRecord[] = [];
  readonly levels = new Map<string, StockLevel>();
  readonly availability = new Map<string, Availability>();
  cache = new StockCache(1000);
  private offset = 0;
  private nowMs = START_MS;
  private upkeep: PartitionUpkeep;
  private handler: StockDeltasHandler;

  constructor(private catalog: Catalog = SHOPS) {
    [this.upkeep, this.handler] = this.wire();
  }

  private wire(): [PartitionUpkeep, StockDeltasHandler] {
    const repository = this.repository as unknown as StockRepository;
    const table = this.availability as unknown as Table<Availability>;
    const upkeep = new PartitionUpkeep(repository, table, () => PARTITION);
    const reference = { current: () => ({ ...catalogOf(this.catalog), fingerprint: JSON.stringify(this.catalog) }) };
    const handler = new StockDeltasHandler(
      repository,
      this.cache,
      reference as unknown as ReferenceData,
      upkeep,
      { storeUnits: 0, warehouseUnits: 0 },
      { decided: () => {} },
    );
    return [upkeep, handler];
  }

  /** As a new owner: nothing in memory. */
  restart(): void {
    this.cache = new StockCache(1000);
    [this.upkeep, this.handler] = this.wire();
  }
  wait(ms: number): void {
    this.nowMs += ms;
  }
  learn(catalog: Catalog, changedProducts: readonly string[] = []): void {
    this.catalog = catalog;
    this.upkeep.productsChanged(changedProducts);
  }

  batchOf(messages: readonly (StockDelta | 'tick')[]): Batch<StockDelta> {
    const items = messages.map((message): Batch<StockDelta>['items'][number] => {
      this.nowMs += SECOND_MS;
      const record: ReceivedRecord = {
        topic: TOPICS.deltas.name,
        partition: PARTITION,
        offset: this.offset++,
        timestampMs: this.nowMs,
        key: null,
        value: null,
        headers: {},
      };
      if (message === 'tick') return { kind: 'tick', record };
      const id = `${message.source}/${message.id}`;
      return { kind: 'message', record, id, contentHash: '', message };
    });
    return { partition: PARTITION, partitions: 1, generation: 1, items };
  }

  decide(batch: Batch<StockDelta>): Promise<Decision<StockWrites>> {
    return this.handler.handle(batch);
  }

  async process(...messages: (StockDelta | 'tick')[]): Promise<Decision<StockWrites>> {
    const decision = await this.decide(this.batchOf(messages));
    this.commit(decision);
    return decision;
  }

  commit({ entries, writes, outputs, committed }: Decision<StockWrites>): void {
    for (const entry of entries) {
      if (this.repository.entries.has(entry._id)) throw new Error(`duplicate entry ${entry._id}`);
      this.repository.entries.set(entry._id, entry as StockEntry);
    }
    this.repository.write(writes);
    committed();
    for (const output of outputs) this.publish(output);
  }

  private publish(output: OutputRecord): void {
    this.outputs.push(output);
    if (output.topic === TOPICS.levels) this.levels.set(output.key, newer(this.levels, output.key, output.value));
    if (output.topic === TOPICS.availability)
      this.availability.set(output.key, newer(this.availability, output.key, output.value));
  }

  outputsTo(topic: OutputRecord['topic']): object[] {
    return this.outputs.filter((output) => output.topic === topic).map(({ value }) => value!);
  }
  reservationsInMemory(sku: string): number {
    return this.cache.of(PARTITION).get(sku)?.reservations.size ?? 0;
  }
}

function newer<V extends { version: number }>(shown: ReadonlyMap<string, V>, key: string, value: object | null): V {
  const next = value as V;
  const before = shown.get(key);
  if (before && before.version >= next.version)
    throw new Error(`${key} went from version ${before.version} to ${next.version}`);
  return next;
}
