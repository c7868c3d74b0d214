import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { systemClock } from '@shelfline/streaming/clock';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { ConnectConfig } from './config.js';
import { createConnectMetrics } from './connect-metrics.js';
import { DeltaSender } from './delta-sender.js';
import { DeltasController, MAX_BODY_BYTES } from './deltas.controller.js';
import { limitRequests } from './request-limits.js';
import { parseStrictJson } from './strict-json.js';
import { CONNECT_METRICS } from './tokens.js';

/** Uploads of gigabytes over slow lines; other bodies have `request-limits.ts`. */
const LONGEST_UPLOAD_MS = 2 * 60 * 60 * 1000;

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
  health.addReadiness('kafka', async () => {
    await kafka.offsets(topicName(TOPICS.deltas, prefix));
    return { ready: true };
  });
  return {
    controllers: [DeltasController],
    providers: [
      { provide: CONNECT_METRICS, useValue: connectMetrics },
      {
        provide: DeltaSender,
        useValue: new DeltaSender(kafka, {
          prefix,
          partitions,
          timeoutMs: config.DELTAS_TIMEOUT_MS,
          clock: systemClock,
          metrics: connectMetrics,
        }),
      },
    ],
    prepare: (app) => {
      app.useBodyParser('application/json', { bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => {
        try {
          done(null, parseStrictJson(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      });
      app.getHttpServer().requestTimeout = LONGEST_UPLOAD_MS;
      limitRequests(
        app.getHttpAdapter().getInstance(),
        { deltasAtOnce: config.DELTAS_REQUESTS_AT_ONCE, uploadsAtOnce: config.IMPORT_UPLOADS_AT_ONCE },
        connectMetrics,
      );
    },
  };
}
