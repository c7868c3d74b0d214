import type { Availability } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { FeedsHandler } from '@shelfline/inventory/feeds.handler';
import type { FeedsRepository, FeedWrites } from '@shelfline/inventory/feeds.repository';
import { feedStream } from '@shelfline/inventory/feeds.stream';
import { PartitionUpkeep } from '@shelfline/inventory/partition-upkeep';
import type { ReferenceData } from '@shelfline/inventory/reference-data';
import type { StockRepository, StockWrites } from '@shelfline/inventory/stock.repository';
import { stockStream } from '@shelfline/inventory/stock.stream';
import { StockCache } from '@shelfline/inventory/stock-cache';
import { StockDeltasHandler } from '@shelfline/inventory/stock-deltas.handler';
import { STOCK_IMAGES } from '@shelfline/inventory/stock-image-form';
import { catalogOf } from '@shelfline/inventory/testing/catalog';
import { MemoryFeedsRepository } from '@shelfline/inventory/testing/memory-feeds-repository';
import { MemoryRepository } from '@shelfline/inventory/testing/memory-repository';
import { UnflushedStock } from '@shelfline/inventory/unflushed-stock';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { silentLog } from '@shelfline/streaming/log';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { StreamRunner } from '@shelfline/streaming/stream-runner';
import { Table } from '@shelfline/streaming/table';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { remote } from './remote.ts';
import { AHEAD_SKU, FEED_RULES, MIDNIGHT_PLACE, PARTITIONS, PLACES, SESSION_TIMEOUT_MS, SKUS } from './setting.ts';
import {
  commitFaults,
  imageFaults,
  type RunningProcess,
  refusesWhatIsTooLarge,
  type Surroundings,
} from './surroundings.ts';
import { uncountedMetrics } from './uncounted-metrics.ts';

const TICK_EVERY_MS = 1000;
/** Few, so that some are forgotten and read again. */
const CACHED_SKUS = 2;
const MAX_BATCH_RECORDS = 8;
export const LEDGER_TOPICS = [
  TOPICS.deltas,
  TOPICS.deadLetters,
  TOPICS.levels,
  TOPICS.availability,
  TOPICS.movements,
  TOPICS.outcomes,
  TOPICS.feeds,
  TOPICS.risks,
];

export const CATALOG = {
  products: Object.fromEntries([...SKUS, AHEAD_SKU].map((sku) => [sku, {}])),
  locations: Object.fromEntries(
    PLACES.map((code) => {
      const timeZone = code === MIDNIGHT_PLACE ? 'Etc/GMT-12' : 'UTC';
      return [code, { type: 'regional_dc' as const, region: 'north', timeZone }];
    }),
  ),
  channels: { web: { pools: [{ code: 'all', locations: [...PLACES], bufferUnits: 0 }] } },
};

const CURRENT = { ...catalogOf(CATALOG), fingerprint: '1' };

/** The ledger's database: what all instances share. */
export function createLedgerDatabase() {
  const partitions = new Map<string, number>(SKUS.map((sku) => [sku, partitionFor(sku, PARTITIONS)]));
  const partitionOf = (sku: string) => partitions.get(sku) ?? partitionFor(sku, PARTITIONS);
  const database = new SimulatedDatabase<StockWrites>((writes) => repository.write(writes));
  const repository: MemoryRepository = new MemoryRepository(database.entries as never, partitionOf);
  const feedsRepository = new MemoryFeedsRepository();
  const feeds = new SimulatedDatabase<FeedWrites>((writes) => feedsRepository.write(writes));
  return { database, repository, feeds, feedsRepository };
}
export type LedgerDatabase = ReturnType<typeof createLedgerDatabase>;

/** A process of the inventory service: its real streams, handlers, caches and tables over simulated servers. */
export async function startInventory(surroundings: Surroundings, ledger: LedgerDatabase): Promise<RunningProcess> {
  const { machine, port, random, databaseHealth, trace, struck, onFatal } = surroundings;
  const toDatabase = { server: 'database', machine, random, health: databaseHealth, trace, struck } as const;
  const repository = remote(ledger.repository, toDatabase) as unknown as StockRepository;
  const store = remote(
    ledger.database.connect({ ...commitFaults(surroundings), images: imageFaults(surroundings) }),
    toDatabase,
  );
  const writes = refusesWhatIsTooLarge(surroundings, 'too many states are written at once');
  const availability = new Table<Availability>({
    kafka: port,
    topic: TOPICS.availability,
    topicName: TOPICS.availability.name,
    decode: ({ value }) => JSON.parse(value!.toString()) as Availability,
    onCrash: onFatal,
  });
  const cache = new StockCache(CACHED_SKUS);
  const reference = { current: () => CURRENT } as unknown as ReferenceData;
  const stored = new UnflushedStock(repository, new UnflushedImages(STOCK_IMAGES));
  const upkeep = new PartitionUpkeep(stored, availability, (sku) => partitionFor(sku, PARTITIONS));
  const safety = { storeUnits: 0, warehouseUnits: 0 };
  const handler = new StockDeltasHandler(stored, cache, reference, upkeep, safety, { decided: () => () => {} });
  const running = {
    kafka: port,
    prefix: '',
    partitions: new Map(
      [...LEDGER_TOPICS, TOPICS.orderIntake, TOPICS.transferIntake].map(({ name }) => [name, PARTITIONS]),
    ),
    source: 'shelfline/inventory',
    clock: machine.clock,
    log: silentLog,
    metrics: uncountedMetrics,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    onFatal,
  };
  const runner = new StreamRunner({
    ...running,
    stream: stockStream({
      groupId: 'inventory',
      store,
      repository: { flush: (images) => writes(images.length).then(() => repository.flush(images)) },
      stored,
      cache,
      reference,
      upkeep,
      safety,
      tickEveryMs: TICK_EVERY_MS,
      maxBatchRecords: MAX_BATCH_RECORDS,
    }),
    decide: (batch) => handler.handle(batch),
  });
  const feedsRepository = remote(ledger.feedsRepository, toDatabase) as unknown as FeedsRepository;
  const feedsDue = new EarliestDue();
  const feedsHandler = new FeedsHandler(feedsRepository, FEED_RULES, feedsDue);
  const feeds = new StreamRunner({
    ...running,
    stream: feedStream(
      'inventory-feeds',
      remote(ledger.feeds.connect(commitFaults(surroundings)), toDatabase),
      feedsDue,
    ),
    decide: (batch) => feedsHandler.handle(batch),
  });
  await availability.start();
  await availability.ready;
  await runner.start();
  await feeds.start();
  const stop = async () => {
    await Promise.all([runner.stop(), feeds.stop()]);
  };
  return { machine, port, stop };
}
