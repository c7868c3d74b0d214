import type { Availability } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { PartitionUpkeep } from '@shelfline/inventory/partition-upkeep';
import type { ReferenceData } from '@shelfline/inventory/reference-data';
import type { StockRepository, StockWrites } from '@shelfline/inventory/stock.repository';
import { stockStream } from '@shelfline/inventory/stock.stream';
import { StockCache } from '@shelfline/inventory/stock-cache';
import { StockDeltasHandler } from '@shelfline/inventory/stock-deltas.handler';
import { catalogOf } from '@shelfline/inventory/testing/catalog';
import { MemoryRepository } from '@shelfline/inventory/testing/memory-repository';
import { UnflushedStock } from '@shelfline/inventory/unflushed-stock';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { silentLog } from '@shelfline/streaming/log';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { StreamRunner } from '@shelfline/streaming/stream-runner';
import { Table } from '@shelfline/streaming/table';
import type { SimulatedKafka, SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { Registry } from 'prom-client';
import type { SeededRandom } from '../seeded-random.ts';
import type { Machine } from './machine.ts';
import { PARTITIONS, PLACES, SESSION_TIMEOUT_MS, SKUS } from './plan.ts';
import { remote, type ServerHealth } from './remote.ts';

const TICK_EVERY_MS = 1000;
/** Few, so that some are forgotten and read again. */
const CACHED_SKUS = 2;
const MAX_BATCH_RECORDS = 20;
const metrics = createStreamMetrics(new Registry());

export const CATALOG = {
  products: Object.fromEntries(SKUS.map((sku) => [sku, {}])),
  locations: Object.fromEntries(PLACES.map((code) => [code, { type: 'regional_dc' as const, region: 'north' }])),
  channels: { web: { pools: [{ code: 'all', locations: [...PLACES], bufferUnits: 0 }] } },
};

/** The ledger's database: what all instances share. */
export function createLedgerDatabase() {
  const partitionOf = (sku: string) => partitionFor(sku, PARTITIONS);
  const database = new SimulatedDatabase<StockWrites>((writes) => repository.write(writes));
  const repository: MemoryRepository = new MemoryRepository(database.entries as never, partitionOf);
  return { database, repository };
}
export type LedgerDatabase = ReturnType<typeof createLedgerDatabase>;

export interface Surroundings {
  readonly machine: Machine;
  readonly random: SeededRandom;
  readonly kafka: SimulatedKafka;
  readonly ledger: LedgerDatabase;
  readonly databaseHealth: ServerHealth;
  readonly brokerHealth: ServerHealth;
  readonly trace: (what: string) => void;
  readonly onFatal: (error: Error) => void;
}

/** A connection whose sends take time, may fail, and may be done without the sender hearing of it. */
export function connectTo(
  kafka: SimulatedKafka,
  { machine, random, brokerHealth, trace }: Pick<Surroundings, 'machine' | 'random' | 'brokerHealth' | 'trace'>,
): SimulatedKafkaPort {
  const unconfirmed = (): Error => new Error('Kafka did not confirm records, says the simulator');
  const port = kafka.connect(
    {
      beforeAppend: async () => {
        await machine.step();
        await machine.travel(brokerHealth.slowness);
        if (random.chance(brokerHealth.failing)) throw unconfirmed();
      },
      afterAppend: async (topic, partition, records) => {
        const what = records.map(({ key, value }) => `${key}=${value === null ? '' : value.toString()}`).join();
        trace(`${machine.name} sends ${topic}/${partition} ${what}`);
        await machine.travel(brokerHealth.slowness);
        await machine.step();
        if (random.chance(brokerHealth.losingAnswers)) throw unconfirmed();
      },
    },
    () => machine.turn(),
  );
  const asked = remote<Pick<KafkaPort, 'offsets' | 'offsetsAfter'>>(port, {
    machine,
    random,
    health: brokerHealth,
    trace,
  });
  return new Proxy(port, {
    get: (_, name) => {
      const from = name === 'offsets' || name === 'offsetsAfter' ? asked : port;
      const member = Reflect.get(from, name) as unknown;
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(from) : member;
    },
  });
}

/** A process of the inventory service: its real stream, handler, caches and tables over simulated servers. */
export async function startInventory(surroundings: Surroundings) {
  const { machine, kafka, ledger, random, databaseHealth, trace, onFatal } = surroundings;
  const port = connectTo(kafka, surroundings);
  const toDatabase = { machine, random, health: databaseHealth, trace };
  const repository = remote(ledger.repository, toDatabase) as unknown as StockRepository;
  const store = remote(ledger.database.connect(), toDatabase);
  const availability = new Table<Availability>({
    kafka: port,
    topic: TOPICS.availability,
    topicName: TOPICS.availability.name,
    decode: ({ value }) => JSON.parse(value!.toString()) as Availability,
    onCrash: onFatal,
  });
  const cache = new StockCache(CACHED_SKUS);
  const reference = { current: () => ({ ...catalogOf(CATALOG), fingerprint: '1' }) } as unknown as ReferenceData;
  const stored = new UnflushedStock(repository, new UnflushedImages());
  const upkeep = new PartitionUpkeep(stored, availability, (sku) => partitionFor(sku, PARTITIONS));
  const safety = { storeUnits: 0, warehouseUnits: 0 };
  const handler = new StockDeltasHandler(stored, cache, reference, upkeep, safety, { decided: () => {} });
  const outputs = [TOPICS.levels, TOPICS.availability, TOPICS.movements, TOPICS.outcomes, TOPICS.feeds, TOPICS.risks];
  const runner = new StreamRunner({
    stream: stockStream({
      groupId: 'inventory',
      store,
      repository,
      stored,
      cache,
      reference,
      upkeep,
      safety,
      tickEveryMs: TICK_EVERY_MS,
      maxBatchRecords: MAX_BATCH_RECORDS,
    }),
    decide: (batch) => handler.handle(batch),
    kafka: port,
    prefix: '',
    partitions: new Map([TOPICS.deltas, TOPICS.deadLetters, ...outputs].map(({ name }) => [name, PARTITIONS])),
    source: 'shelfline/inventory',
    clock: machine.clock,
    log: silentLog,
    metrics,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    onFatal,
  });
  await availability.start();
  await availability.ready;
  await runner.start();
  return { machine, port, runner };
}
export type InventoryProcess = Awaited<ReturnType<typeof startInventory>>;
