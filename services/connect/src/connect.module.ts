import { randomBytes, randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { TOPICS } from '@shelfline/contracts/topics';
import { takeCsvAt } from '@shelfline/service-kit/csv-uploads';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { systemClock } from '@shelfline/streaming/clock';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { openDatabaseOf } from '@shelfline/streaming/mongo-database';
import { Publisher } from '@shelfline/streaming/publisher';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { ConnectConfig } from './config.js';
import { type ConnectMetrics, createConnectMetrics } from './connect-metrics.js';
import { DeltaIntake } from './delta-intake.js';
import { DeltaSender } from './delta-sender.js';
import { DeltasController } from './deltas.controller.js';
import { ImportFiles } from './import-files.js';
import { ImportIntake } from './import-intake.js';
import { ImportWorker } from './import-worker.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { kafkaReadiness } from './kafka-readiness.js';
import { limitRequests, UPLOADS_PATH } from './request-limits.js';
import { CONNECT_METRICS } from './tokens.js';

/** Uploads of gigabytes over slow lines; other bodies have `request-limits.ts`. */
export const LONGEST_UPLOAD_MS = 2 * 60 * 60 * 1000;

export async function buildConnect({
  config,
  log,
  metrics,
  health,
  lifecycle,
}: Kit<ConnectConfig>): Promise<ServiceParts> {
  const connectMetrics = createConnectMetrics(metrics);
  const kafka = await connectKafka({
    brokers: config.KAFKA_BROKERS,
    clientId: config.INSTANCE_ID,
    log,
    sendTimeoutMs: Math.max(1000, config.DELTAS_TIMEOUT_MS - 2000),
  });
  const prefix = config.TOPIC_PREFIX;
  const partitions = await ensureTopics(kafka, [TOPICS.deltas, TOPICS.catalogChanges], {
    prefix,
    partitions: config.TOPIC_PARTITIONS,
    replication: config.TOPIC_REPLICATION,
  });
  lifecycle.onStop('outbox', 'kafka', () => kafka.close());
  health.addReadiness('kafka', () => kafkaReadiness(kafka, topicName(TOPICS.deltas, prefix), systemClock));
  const imports = await startImports({
    config,
    log,
    metrics: connectMetrics,
    lifecycle,
    publisher: new Publisher(kafka, { prefix, partitions }),
  });
  const sender = new DeltaSender(kafka, {
    prefix,
    partitions,
    timeoutMs: config.DELTAS_TIMEOUT_MS,
    clock: systemClock,
    metrics: connectMetrics,
  });
  return {
    controllers: [DeltasController, ImportsController],
    providers: [
      { provide: CONNECT_METRICS, useValue: connectMetrics },
      ...imports,
      { provide: DeltaIntake, useValue: new DeltaIntake(sender, systemClock) },
    ],
    prepare: (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      takeCsvAt(fastify, (path) => path === UPLOADS_PATH);
      limitRequests(
        fastify,
        { deltasAtOnce: config.DELTAS_REQUESTS_AT_ONCE, uploadsAtOnce: config.IMPORT_UPLOADS_AT_ONCE },
        connectMetrics,
      );
    },
  };
}

async function startImports({
  config,
  log,
  metrics,
  lifecycle,
  publisher,
}: Pick<Kit<ConnectConfig>, 'config' | 'log' | 'lifecycle'> & {
  readonly metrics: ConnectMetrics;
  readonly publisher: Publisher;
}): Promise<Provider[]> {
  const connection = await openDatabaseOf(config);
  lifecycle.onStop('database', 'mongodb', () => connection.close());
  const repository = new ImportsRepository(connection);
  const files = new ImportFiles(config.IMPORT_FOLDER, config.IMPORT_MAX_BYTES);
  await Promise.all([repository.prepare(), files.prepare()]);
  const newSuffix = () => randomBytes(5).toString('hex');
  const intake = new ImportIntake({ repository, files, clock: systemClock, newSuffix });
  const worker = new ImportWorker(
    {
      repository,
      files,
      publisher,
      clock: systemClock,
      metrics,
      log,
      owner: `${config.INSTANCE_ID}-${randomUUID()}`,
      chunkRows: config.IMPORT_CHUNK_ROWS,
      leaseMs: config.IMPORT_LEASE_MS,
    },
    config.IMPORT_RETENTION_DAYS * 24 * 60 * 60 * 1000,
  );
  worker.start();
  lifecycle.onStop('intake', 'imports', () => worker.stop());
  return [
    { provide: ImportIntake, useValue: intake },
    { provide: ImportsRepository, useValue: repository },
    { provide: ImportFiles, useValue: files },
    { provide: ImportWorker, useValue: worker },
  ];
}
