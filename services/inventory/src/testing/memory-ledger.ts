import type { StockDelta } from '@shelfline/contracts/stock-delta';
import type { Availability, StockLevel } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { jsonOf } from '@shelfline/streaming/json-text';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Batch, Decision, OutputRecord } from '@shelfline/streaming/stream';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { PartitionUpkeep } from '../partition-upkeep.js';
import type { ReferenceData } from '../reference-data.js';
import type { StockRepository, StockWrites } from '../stock.repository.js';
import { StockCache } from '../stock-cache.js';
import { StockDeltasHandler } from '../stock-deltas.handler.js';
import type { StockEntry } from '../stock-entry.js';
import { STOCK_IMAGES } from '../stock-image-form.js';
import type { StockImage } from '../stock-images.js';
import { contentHashOf } from '../stored-message.js';
import { UnflushedStock } from '../unflushed-stock.js';
import { type Catalog, catalogOf, SHOPS } from './catalog.js';
import { START_MS } from './given-stock.js';
import { MemoryRepository } from './memory-repository.js';

const PARTITION = 0;
const SECOND_MS = 1000;

/** The real handler over a database in memory: batches in, outputs and committed state out. */
export class MemoryLedger {
  readonly entries = new Map<string, StockEntry>();
  readonly repository = new MemoryRepository(this.entries);
  readonly outputs: OutputRecord[] = [];
  readonly levels = new Map<string, StockLevel>();
  readonly availability = new Map<string, Availability>();
  cache = new StockCache(1000);
  /** Written when `flush` is called; a restart finds what was not. */
  readonly unflushed = new UnflushedImages(STOCK_IMAGES);
  private offset = 0;
  private nowMs = START_MS;
  private upkeep: PartitionUpkeep;
  private handler: StockDeltasHandler;

  constructor(private catalog: Catalog = SHOPS) {
    [this.upkeep, this.handler] = this.wire();
  }

  private wire(): [PartitionUpkeep, StockDeltasHandler] {
    const repository = this.repository as unknown as StockRepository;
    const stored = new UnflushedStock(repository, this.unflushed);
    const upkeep = new PartitionUpkeep(stored, this.availability, () => PARTITION);
    const reference = { current: () => ({ ...catalogOf(this.catalog), fingerprint: JSON.stringify(this.catalog) }) };
    const handler = new StockDeltasHandler(
      stored,
      this.cache,
      reference as unknown as ReferenceData,
      upkeep,
      { storeUnits: 0, warehouseUnits: 0 },
      { decided: () => () => {} },
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
      return { kind: 'message', record, id, contentHash: contentHashOf(message), message };
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

  commit({ entries, writes, images = [], outputs, ahead, committed }: Decision<StockWrites>): void {
    for (const entry of entries) {
      if (this.entries.has(entry._id)) throw new Error(`duplicate entry ${entry._id}`);
      this.entries.set(entry._id, entry as StockEntry);
    }
    this.repository.write(writes);
    this.unflushed.committed(PARTITION, [], images, this.nowMs);
    ahead?.();
    committed();
    for (const output of outputs) this.publish(output);
  }

  /** What happens behind the commits, some seconds later. */
  async flush(): Promise<void> {
    const round = this.unflushed.beginRound(PARTITION);
    if (!round) return;
    await this.repository.flush([...round.images()] as StockImage[]);
    round.ended();
  }

  private publish(output: OutputRecord): void {
    this.outputs.push(output);
    if (output.topic === TOPICS.levels) this.levels.set(output.key, newer(this.levels, output.key, output.value));
    if (output.topic === TOPICS.availability)
      this.availability.set(output.key, newer(this.availability, output.key, output.value));
  }

  outputsTo(topic: OutputRecord['topic']): object[] {
    const sent = this.outputs.filter((output) => output.topic === topic);
    return sent.map(({ value }) => JSON.parse(jsonOf(value!)) as object);
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
