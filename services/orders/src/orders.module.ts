import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { BatchTransport } from '@shelfline/streaming/batch-transport';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { openDatabaseOf } from '@shelfline/streaming/mongo-database';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import { Publisher } from '@shelfline/streaming/publisher';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from './config.js';
import { LedgerAnswersHandler } from './ledger-answers.handler.js';
import { ledgerAnswersStream } from './ledger-answers.stream.js';
import { decodeTask, OpenTasks } from './open-tasks.js';
import { decodeAnswer, OrderDesk } from './order-desk.js';
import { ORDER_ENTRIES } from './order-entry.js';
import { OrderSurroundings } from './order-surroundings.js';
import { OrdersController } from './orders.controller.js';
import { OrdersRepository, type OrderWrites } from './orders.repository.js';
import { OrdersIntakeHandler } from './orders-intake.handler.js';
import { ordersStream } from './orders-intake.stream.js';
import { OrdersMetrics } from './orders-metrics.js';
import { decodeLevel, decodePlace, decodeProductRow, decodeSalesChannel, PromisableStock } from './promisable-stock.js';
import { RisenStock } from './risen-stock.js';
import { buildTransfers, TRANSFER_TOPICS } from './transfers/transfers.parts.js';

const OUTPUTS = [TOPICS.orderOutcomes, TOPICS.orderEvents, TOPICS.orderTasks, TOPICS.deltas, ...TRANSFER_TOPICS];
const READ = [TOPICS.levels, TOPICS.products, TOPICS.locations, TOPICS.channels, TOPICS.outcomes];
/** A reserve whose answer has not come is asked again: the answer may have been lost on its way here. */
const ASK_AGAIN_AFTER_MS = 5000;

/** Connects, prepares the database, fills the tables, and wires the two streams. */
export async function buildOrders(kit: Kit<OrdersConfig>): Promise<ServiceParts> {
  const { config, log, metrics, health, lifecycle } = kit;
  const kafka = await connectKafka({ brokers: config.KAFKA_BROKERS, clientId: `orders-${config.INSTANCE_ID}`, log });
  const connection = await openDatabaseOf(config);
  lifecycle.onStop('outbox', 'kafka', () => kafka.close());
  lifecycle.onStop('database', 'mongodb', () => connection.close());
  const topics = topicSettings(config);
  const partitions = await ensureTopics(kafka, [TOPICS.orderIntake, TOPICS.deadLetters, ...OUTPUTS, ...READ], topics);
  const repository = new OrdersRepository(connection, ASK_AGAIN_AFTER_MS);
  await repository.prepare();
  const store = intakeStore(connection, partitions.get(TOPICS.orderIntake.name)!, repository);
  const answersStore = forwardingStore(connection, partitions.get(TOPICS.outcomes.name)!);
  await store.prepare();
  await answersStore.prepare();
  const { stock, risen, openTasks } = await startTables(kit, kafka);
  const made = { kafka, connection, partitions, stock, askAgainAfterMs: ASK_AGAIN_AFTER_MS };
  const transfers = await buildTransfers(kit, made);
  const orderMetrics = new OrdersMetrics(metrics);
  const desk = new OrderDesk(
    new Publisher(kafka, { prefix: config.TOPIC_PREFIX, partitions }),
    await startAnswers(kit, kafka),
    store,
    repository,
    orderMetrics,
    config.ORDER_ANSWER_TIMEOUT_MS,
  );
  const transport = new BatchTransport({
    ...topics,
    kafka,
    streams: [
      ordersStream({ repository, store, groupId: `${config.TOPIC_PREFIX}orders` }),
      ledgerAnswersStream(answersStore, `${config.TOPIC_PREFIX}orders-answers`),
      transfers.stream,
    ],
    outputs: [TOPICS.orderIntake, ...OUTPUTS],
    source: 'shelfline/orders',
    metrics: createStreamMetrics(metrics.registry),
    log,
    sessionTimeoutMs: config.GROUP_SESSION_TIMEOUT_MS,
    onFatal: (error) => lifecycle.fail(error),
  });
  health.addReadiness('stream', () => transport.state());
  const surroundings = new OrderSurroundings(stock, openTasks, {
    holdForMs: config.ORDER_HOLD_MS,
    acceptWithinMs: config.TASK_ACCEPT_WITHIN_MS,
    askAgainAfterMs: ASK_AGAIN_AFTER_MS,
    retryAfterMs: config.ORDER_RETRY_MS,
  });
  return {
    controllers: [OrdersIntakeHandler, LedgerAnswersHandler, OrdersController, ...transfers.controllers],
    providers: [
      { provide: OrdersRepository, useValue: repository },
      { provide: OrderSurroundings, useValue: surroundings },
      { provide: PromisableStock, useValue: stock },
      { provide: RisenStock, useValue: risen },
      { provide: OrdersMetrics, useValue: orderMetrics },
      { provide: OrderDesk, useValue: desk },
      ...transfers.providers,
    ],
    strategies: [transport],
  };
}

const topicSettings = (config: OrdersConfig) => ({
  prefix: config.TOPIC_PREFIX,
  partitions: config.TOPIC_PARTITIONS,
  replication: config.TOPIC_REPLICATION,
});

const intakeStore = (connection: Connection, partitions: number, repository: OrdersRepository) =>
  new MongoPartitionStore<OrderWrites>({
    connection,
    stream: TOPICS.orderIntake.name,
    entriesCollection: ORDER_ENTRIES,
    partitions,
    write: (writes, session) => repository.write(writes, session),
    merge: (writes) => ({ orders: writes.flatMap(({ orders }) => orders) }),
  });

const forwardingStore = (connection: Connection, partitions: number) =>
  new MongoPartitionStore<null>({
    connection,
    stream: TOPICS.outcomes.name,
    entriesCollection: 'forwarded_answers',
    partitions,
    write: () => Promise.resolve(),
    merge: () => null,
  });

async function startTables({ config, health, lifecycle }: Kit<OrdersConfig>, kafka: KafkaPort) {
  const onCrash = (error: Error) => lifecycle.fail(error);
  const table = <V>(
    topic: TopicDefinition,
    decode: (record: ReceivedRecord) => V | undefined,
    versionOf?: (value: V) => number,
  ) =>
    new Table<V>({
      kafka,
      topic,
      topicName: topicName(topic, config.TOPIC_PREFIX),
      decode,
      onCrash,
      ...(versionOf ? { versionOf } : {}),
    });
  const version = ({ version: held }: { readonly version: number }) => held;
  const tables = {
    levels: table(TOPICS.levels, decodeLevel, version),
    products: table(TOPICS.products, decodeProductRow),
    locations: table(TOPICS.locations, decodePlace),
    channels: table(TOPICS.channels, decodeSalesChannel),
  };
  const tasks = table(TOPICS.orderTasks, decodeTask, version);
  const risen = new RisenStock();
  const stock = new PromisableStock(tables, risen);
  const openTasks = new OpenTasks(tasks);
  const all = [...Object.values(tables), tasks];
  await Promise.all(all.map((one) => one.start()));
  lifecycle.onStop('outbox', 'tables', async () => void (await Promise.all(all.map((one) => one.stop()))));
  health.addReadiness('tables', () => ({
    ready: all.every((one) => one.isReady()),
    detail: 'stock and catalog are read',
  }));
  await Promise.all(all.map((one) => one.ready));
  return { stock, risen, openTasks };
}

async function startAnswers(
  { config, lifecycle }: Kit<OrdersConfig>,
  kafka: KafkaPort,
): Promise<OutcomeTail<OrderOutcome>> {
  const answers = new OutcomeTail<OrderOutcome>({
    kafka,
    topicName: topicName(TOPICS.orderOutcomes, config.TOPIC_PREFIX),
    decode: decodeAnswer,
    onCrash: (error) => lifecycle.fail(error),
  });
  await answers.start();
  lifecycle.onStop('outbox', 'answers', () => answers.stop());
  return answers;
}
