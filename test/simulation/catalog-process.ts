import type { CatalogRepository, CatalogWrites } from '@shelfline/catalog/catalog.repository';
import { CatalogChangesHandler } from '@shelfline/catalog/catalog-changes.handler';
import { catalogStream } from '@shelfline/catalog/catalog-changes.stream';
import type { CatalogMetrics } from '@shelfline/catalog/catalog-metrics';
import { MemoryCatalogRepository } from '@shelfline/catalog/testing/memory-catalog-repository';
import { TOPICS } from '@shelfline/contracts/topics';
import { silentLog } from '@shelfline/streaming/log';
import { StreamRunner } from '@shelfline/streaming/stream-runner';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { remote } from './remote.ts';
import { PARTITIONS, SESSION_TIMEOUT_MS } from './setting.ts';
import { commitFaults, type RunningProcess, type Surroundings } from './surroundings.ts';
import { uncountedMetrics } from './uncounted-metrics.ts';

const uncounted = { changesDecided: () => {} } as unknown as CatalogMetrics;
/** Few, so that a wave is more than one batch. */
const MAX_BATCH_RECORDS = 6;

export const ENTITY_TOPICS = {
  products: TOPICS.products,
  locations: TOPICS.locations,
  channels: TOPICS.channels,
  organisations: TOPICS.organisations,
} as const;
export const CATALOG_TOPICS = [TOPICS.catalogChanges, TOPICS.catalogOutcomes, ...Object.values(ENTITY_TOPICS)];

/** The catalog's database: what all its instances share. */
export function createCatalogDatabase() {
  const repository = new MemoryCatalogRepository();
  return { repository, database: new SimulatedDatabase<CatalogWrites>((writes) => repository.write(writes)) };
}
export type CatalogDatabase = ReturnType<typeof createCatalogDatabase>;

/** A process of the catalog: its real stream and handler over simulated servers. */
export async function startCatalog(surroundings: Surroundings, catalog: CatalogDatabase): Promise<RunningProcess> {
  const { machine, random, port, databaseHealth: health, trace, struck, onFatal } = surroundings;
  const toDatabase = { server: 'database', machine, random, health, trace, struck } as const;
  const repository = remote(catalog.repository, toDatabase) as unknown as CatalogRepository;
  const handler = new CatalogChangesHandler(repository, uncounted);
  const store = remote(catalog.database.connect(commitFaults(surroundings)), toDatabase);
  const runner = new StreamRunner({
    stream: { ...catalogStream({ repository, store, groupId: 'catalog' }), maxBatchRecords: MAX_BATCH_RECORDS },
    decide: (batch) => handler.handleBatch(batch),
    kafka: port,
    prefix: '',
    partitions: new Map([TOPICS.deadLetters, ...CATALOG_TOPICS].map(({ name }) => [name, PARTITIONS])),
    source: 'shelfline/catalog',
    clock: machine.clock,
    log: silentLog,
    metrics: uncountedMetrics,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    onFatal,
  });
  await runner.start();
  return { machine, port, stop: () => runner.stop() };
}
