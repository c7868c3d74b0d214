import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { BatchTransport } from '@shelfline/streaming/batch-transport';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { openDatabaseOf } from '@shelfline/streaming/mongo-database';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { Publisher } from '@shelfline/streaming/publisher';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { UnflushedReader } from '@shelfline/streaming/unflushed-reader';
import type { Connection } from 'mongoose';
import type { InventoryConfig } from './config.js';
import type { FeedRules } from './domain/feed.js';
import { FeedsHandler } from './feeds.handler.js';
import { FeedsRepository, type FeedWrites } from './feeds.repository.js';
import { feedStream } from './feeds.stream.js';
import { LedgerBacklog } from './ledger-backlog.js';
import { decodeOutcome, LedgerClient } from './ledger-client.js';
import { LevelAudit } from './level-audit.js';
import { LevelComparisons } from './level-comparison.repository.js';
import { LevelVerification } from './level-verification.js';
import { LotComparisons } from './lot-comparison.repository.js';
import { LotQueries } from './lot-queries.repository.js';
import { LotsController } from './lots.controller.js';
import { createInventoryMetrics } from './metrics.js';
import { MOVEMENT_PACKS } from './movement-packs.js';
import { PartitionUpkeep } from './partition-upkeep.js';
import { readWhenAsked } from './published-availability.js';
import { decodeChannel, decodeLocation, decodeProduct, ReferenceData } from './reference-data.js';
import { ReservationsController } from './reservations.controller.js';
import { StockController } from './stock.controller.js';
import { mergeStockWrites, StockRepository, type StockWrites } from './stock.repository.js';
import { type StockStreamParts, stockStream } from './stock.stream.js';
import { StockCache } from './stock-cache.js';
import { StockDeltasHandler } from './stock-deltas.handler.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { REPLY_TOPICS } from './stock-outputs.js';
import { StockQueries } from './stock-queries.repository.js';
import { AVAILABILITY_TABLE, FEED_RULES, FEEDS_DUE, LONGEST_HOLD, SAFETY_RULE, STOCK_OBSERVER } from './tokens.js';
import { UnflushedStock } from './unflushed-stock.js';
import { VerifyController } from './verify.controller.js';

/** About 60,000 SKUs over all partitions of one instance; a SKU takes some 2 kB and more with many places. */
const CACHED_SKUS_PER_PARTITION = 5000;
/** The ledger's own outputs come back for queries and sweeps, which do not need them at once. */
const AVAILABILITY_GATHER_MS = 100;
const OUTPUTS = [TOPICS.levels, TOPICS.availability, TOPICS.movements, TOPICS.outcomes, TOPICS.feeds, TOPICS.risks];
const REPLIES = [...REPLY_TOPICS.values()].map(({ topic }) => topic);
const REFERENCE = [TOPICS.products, TOPICS.locations, TOPICS.channels];

/** Connects, prepares the database, fills the tables, and wires the ledger. */
export async function buildInventory(kit: Kit<InventoryConfig>): Promise<ServiceParts> {
  const { config, log, lifecycle, health, metrics } = kit;
  const kafka = await connectKafka({ brokers: config.KAFKA_BROKERS, clientId: `inventory-${config.INSTANCE_ID}`, log });
  const connection = await openDatabaseOf(config);
  lifecycle.onStop('outbox', 'kafka', () => kafka.close());
  lifecycle.onStop('database', 'mongodb', () => connection.close());
  const counts = await ensureTopics(
    kafka,
    [TOPICS.deltas, ...OUTPUTS, ...REPLIES, ...REFERENCE],
    topicSettings(config),
  );
  const tables = await startTables(kit, kafka);
  const repository = new StockRepository(connection);
  await repository.prepare();
  const store = await prepareStore(connection, counts.get(TOPICS.deltas.name)!, repository);
  const reference = new ReferenceData(tables, config.FACTORY_STALE_AFTER_MS, config.LONGEST_HOLD_MS);
  const partitions = counts.get(TOPICS.deltas.name)!;
  const stored = new UnflushedStock(repository, new UnflushedImages(STOCK_IMAGES));
  const availability = readWhenAsked(tables.availability);
  const upkeep = new PartitionUpkeep(stored, availability, (sku) => partitionFor(sku, partitions));
  reference.onProductsChanged((skus) => upkeep.productsChanged(skus));
  await tables.start();
  const cache = new StockCache(CACHED_SKUS_PER_PARTITION);
  const safety = { storeUnits: config.SAFETY_STOCK_STORE, warehouseUnits: config.SAFETY_STOCK_WAREHOUSE };
  const observer = createInventoryMetrics(metrics);
  const feeds = await prepareFeeds(config, connection, counts.get(TOPICS.feeds.name)!);
  const ledgerParts = { store, repository, stored, cache, reference, upkeep, safety };
  const transport = transportOf(kit, kafka, feeds, ledgerParts);
  health.addReadiness('ledger', () => transport.state());
  const unflushed = new UnflushedReader(connection, TOPICS.deltas.name, STOCK_IMAGES);
  const queries = new StockQueries(connection, unflushed);
  const verification = new LevelVerification(queries, new LevelComparisons(connection), new LotComparisons(connection));
  startAudit(kit, new LevelAudit(queries, verification, observer, log));
  const ledger = new LedgerClient(
    new Publisher(kafka, { prefix: config.TOPIC_PREFIX, partitions: counts }),
    await startOutcomes(kit, kafka),
    queries,
    config.ANSWER_TIMEOUT_MS,
  );
  return {
    controllers: [
      StockDeltasHandler,
      FeedsHandler,
      StockController,
      LotsController,
      VerifyController,
      ReservationsController,
    ],
    providers: [
      { provide: UnflushedStock, useValue: stored },
      ...feeds.providers,
      { provide: StockCache, useValue: cache },
      { provide: ReferenceData, useValue: reference },
      { provide: PartitionUpkeep, useValue: upkeep },
      { provide: SAFETY_RULE, useValue: safety },
      { provide: STOCK_OBSERVER, useValue: observer },
      { provide: StockQueries, useValue: queries },
      { provide: LotQueries, useValue: new LotQueries(connection, unflushed) },
      { provide: AVAILABILITY_TABLE, useValue: availability },
      { provide: LevelVerification, useValue: verification },
      { provide: LedgerClient, useValue: ledger },
      { provide: LONGEST_HOLD, useValue: config.LONGEST_HOLD_MS },
      { provide: LedgerBacklog, useValue: backlogOfDeltas(config, kafka, connection, partitions) },
    ],
    strategies: [transport],
  };
}

const feedRulesOf = (config: InventoryConfig): FeedRules => ({
  quietAfterMs: config.FEED_QUIET_AFTER_MS,
  gapGraceMs: config.SEQUENCE_GAP_AFTER_MS,
});

function startAudit({ config, lifecycle }: Kit<InventoryConfig>, audit: LevelAudit): void {
  audit.start(config.AUDIT_EVERY_MS, config.AUDIT_SKUS);
  lifecycle.onStop('intake', 'audit', () => audit.stop());
}

function transportOf(
  { config, log, lifecycle, metrics }: Kit<InventoryConfig>,
  kafka: KafkaPort,
  feeds: { readonly store: MongoPartitionStore<FeedWrites>; readonly due: EarliestDue },
  parts: Pick<StockStreamParts, 'store' | 'repository' | 'stored' | 'cache' | 'reference' | 'upkeep' | 'safety'>,
): BatchTransport {
  return new BatchTransport({
    ...topicSettings(config),
    kafka,
    streams: [
      stockStream({
        ...parts,
        groupId: `${config.TOPIC_PREFIX}inventory`,
        tickEveryMs: config.TICK_EVERY_MS,
        maxBatchRecords: config.MAX_BATCH_RECORDS,
      }),
      feedStream(`${config.TOPIC_PREFIX}inventory-feeds`, feeds.store, feeds.due),
    ],
    outputs: [...OUTPUTS, ...REPLIES],
    source: 'shelfline/inventory',
    metrics: createStreamMetrics(metrics.registry),
    log,
    sessionTimeoutMs: config.GROUP_SESSION_TIMEOUT_MS,
    concurrency: config.PARTITION_CONCURRENCY,
    onFatal: (error) => lifecycle.fail(error),
  });
}

const backlogOfDeltas = (config: InventoryConfig, kafka: KafkaPort, connection: Connection, partitions: number) =>
  new LedgerBacklog({
    kafka,
    connection,
    topicName: topicName(TOPICS.deltas, config.TOPIC_PREFIX),
    stream: TOPICS.deltas.name,
    partitionOf: (sku) => partitionFor(sku, partitions),
    tickEveryMs: config.TICK_EVERY_MS,
  });

const topicSettings = (config: InventoryConfig) => ({
  prefix: config.TOPIC_PREFIX,
  partitions: config.TOPIC_PARTITIONS,
  replication: config.TOPIC_REPLICATION,
});

async function prepareStore(
  connection: Connection,
  partitions: number,
  repository: StockRepository,
): Promise<MongoPartitionStore<StockWrites>> {
  const store = new MongoPartitionStore<StockWrites>({
    connection,
    stream: TOPICS.deltas.name,
    entriesCollection: 'movements',
    layout: MOVEMENT_PACKS,
    partitions,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: mergeStockWrites,
    otherSessions: () => [repository.flushSession],
  });
  await store.prepare();
  return store;
}

async function prepareFeeds(config: InventoryConfig, connection: Connection, partitions: number) {
  const repository = new FeedsRepository(connection);
  await repository.prepare();
  const store = new MongoPartitionStore<FeedWrites>({
    connection,
    stream: TOPICS.feeds.name,
    entriesCollection: 'feed_risks',
    partitions,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => ({ feeds: writes.flatMap(({ feeds }) => feeds) }),
  });
  await store.prepare();
  const due = new EarliestDue();
  const providers = [
    { provide: FeedsRepository, useValue: repository },
    { provide: FEED_RULES, useValue: feedRulesOf(config) },
    { provide: FEEDS_DUE, useValue: due },
  ];
  return { store, due, providers };
}

async function startOutcomes({ config, lifecycle }: Kit<InventoryConfig>, kafka: KafkaPort) {
  const outcomes = new OutcomeTail({
    kafka,
    topicName: topicName(TOPICS.outcomes, config.TOPIC_PREFIX),
    decode: decodeOutcome,
    onCrash: (error) => lifecycle.fail(error),
  });
  await outcomes.start();
  lifecycle.onStop('intake', 'outcomes', () => outcomes.stop());
  return outcomes;
}

/** Listeners are attached before the first record is read, so tables are made here and started by the caller. */
async function startTables({ config, lifecycle, health }: Kit<InventoryConfig>, kafka: KafkaPort) {
  const table = <V>(
    topic: (typeof REFERENCE)[number] | typeof TOPICS.availability,
    decode: (record: ReceivedRecord) => V | undefined,
    gatherMs?: number,
  ) =>
    new Table<V>({
      kafka,
      topic,
      topicName: topicName(topic, config.TOPIC_PREFIX),
      decode,
      ...(gatherMs === undefined ? {} : { gatherMs }),
      onCrash: (error) => lifecycle.fail(error),
    });
  const products = table(TOPICS.products, decodeProduct);
  const locations = table(TOPICS.locations, decodeLocation);
  const channels = table(TOPICS.channels, decodeChannel);
  const availability = table(TOPICS.availability, ({ value }) => value!.toString(), AVAILABILITY_GATHER_MS);
  const all = { products, locations, channels, availability };
  for (const [name, each] of Object.entries(all)) {
    health.addReadiness(`table ${name}`, () => ({
      ready: each.isReady(),
      detail: `${each.lagRecords()} records behind`,
    }));
    lifecycle.onStop('intake', `table ${name}`, () => each.stop());
  }
  return {
    ...all,
    start: async () => {
      await Promise.all(Object.values(all).map((each) => each.start()));
      await Promise.all(Object.values(all).map((each) => each.ready));
    },
  };
}
