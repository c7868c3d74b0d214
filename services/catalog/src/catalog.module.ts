import { CATALOG_KINDS } from '@shelfline/contracts/catalog';
import type { CatalogOutcome } from '@shelfline/contracts/catalog-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { takeCsvAt } from '@shelfline/service-kit/csv-uploads';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { BatchTransport } from '@shelfline/streaming/batch-transport';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { openDatabaseOf } from '@shelfline/streaming/mongo-database';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import { Publisher } from '@shelfline/streaming/publisher';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import { CatalogRepository, type CatalogWrites } from './catalog.repository.js';
import { CatalogChangesHandler } from './catalog-changes.handler.js';
import { catalogStream, readOutcome } from './catalog-changes.stream.js';
import { CatalogMetrics } from './catalog-metrics.js';
import { CatalogOutcomesController } from './catalog-outcomes.controller.js';
import { CatalogRest } from './catalog-rest.js';
import { CatalogWriter } from './catalog-writer.js';
import type { CatalogConfig } from './config.js';
import { csvController } from './csv-controller.js';
import { entityController } from './entity-controller.js';

const OUTPUT_TOPICS = [
  TOPICS.products,
  TOPICS.locations,
  TOPICS.channels,
  TOPICS.organisations,
  TOPICS.catalogOutcomes,
];

/** Connects, makes the service's parts and says how each is checked and stopped. */
export async function buildCatalog(kit: Kit<CatalogConfig>): Promise<ServiceParts> {
  const { config, log, metrics, health, lifecycle } = kit;
  const { TOPIC_PREFIX: prefix, TOPIC_PARTITIONS, TOPIC_REPLICATION: replication } = config;
  const onFatal = (error: Error) => lifecycle.fail(error);
  const connection = await connectMongo(kit);
  const kafka = await connectKafka({ brokers: config.KAFKA_BROKERS, clientId: config.INSTANCE_ID, log });
  lifecycle.onStop('database', 'kafka', () => kafka.close());
  const partitions = await ensureTopics(kafka, [TOPICS.catalogChanges, TOPICS.deadLetters, ...OUTPUT_TOPICS], {
    prefix,
    partitions: TOPIC_PARTITIONS,
    replication,
  });
  const repository = new CatalogRepository(connection);
  const store = new MongoPartitionStore<CatalogWrites>({
    connection,
    stream: TOPICS.catalogChanges.name,
    entriesCollection: 'catalog_entries',
    partitions: partitions.get(TOPICS.catalogChanges.name)!,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => ({
      inserted: writes.flatMap(({ inserted }) => inserted),
      replaced: writes.flatMap(({ replaced }) => replaced),
    }),
  });
  await repository.prepare();
  await store.prepare();
  const answers = await startAnswers(kafka, kit);
  const catalogMetrics = new CatalogMetrics(metrics);
  const writer = new CatalogWriter(new Publisher(kafka, { prefix, partitions }), answers, store, catalogMetrics);
  const transport = new BatchTransport({
    kafka,
    streams: [catalogStream({ repository, store, groupId: `${prefix}catalog` })],
    outputs: OUTPUT_TOPICS,
    prefix,
    partitions: TOPIC_PARTITIONS,
    replication,
    source: 'shelfline/catalog',
    metrics: createStreamMetrics(metrics.registry),
    log,
    sessionTimeoutMs: config.GROUP_SESSION_TIMEOUT_MS,
    onFatal,
  });
  health.addReadiness('stream', () => transport.state());
  return {
    controllers: [
      CatalogChangesHandler,
      ...CATALOG_KINDS.map(csvController),
      ...CATALOG_KINDS.map(entityController),
      CatalogOutcomesController,
    ],
    providers: [
      { provide: CatalogRepository, useValue: repository },
      { provide: CatalogWriter, useValue: writer },
      { provide: CatalogMetrics, useValue: catalogMetrics },
      { provide: CatalogRest, useValue: new CatalogRest(repository, writer) },
    ],
    strategies: [transport],
    prepare: (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      takeCsvAt(fastify, (path) => /^\/api\/catalog\/[a-z]+\/import$/.test(path));
    },
  };
}

async function connectMongo({ config, health, lifecycle }: Kit<CatalogConfig>): Promise<Connection> {
  const connection = await openDatabaseOf(config);
  lifecycle.onStop('database', 'mongodb', () => connection.close());
  health.addReadiness('mongodb', async () => {
    await connection.db!.command({ ping: 1 });
    return { ready: true };
  });
  return connection;
}

async function startAnswers(
  kafka: KafkaPort,
  { config, lifecycle }: Kit<CatalogConfig>,
): Promise<OutcomeTail<CatalogOutcome>> {
  const answers = new OutcomeTail<CatalogOutcome>({
    kafka,
    topicName: topicName(TOPICS.catalogOutcomes, config.TOPIC_PREFIX),
    decode: readOutcome,
    onCrash: (error) => lifecycle.fail(error),
    isOwn: true,
  });
  await answers.start();
  lifecycle.onStop('outbox', 'answers', () => answers.stop());
  return answers;
}
