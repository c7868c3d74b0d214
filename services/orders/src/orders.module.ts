import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit, ServiceParts } from '@shelfline/service-kit/http';
import { BatchTransport, type BatchTransportOptions } from '@shelfline/streaming/batch-transport';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { openDatabaseOf } from '@shelfline/streaming/mongo-database';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { Publisher } from '@shelfline/streaming/publisher';
import { createStreamMetrics } from '@shelfline/streaming/stream-metrics';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import { Absences } from './absences.js';
import { DayLoad } from './capacity/day-load.js';
import { buildCarts, CART_TOPICS } from './carts/carts.parts.js';
import { ChangesController } from './changes/changes.controller.js';
import type { OrdersConfig } from './config.js';
import { buildCredit } from './credit/credit.parts.js';
import type { StoreTerms } from './domain/store/store-terms.js';
import { handoverParts } from './handover/handover.parts.js';
import { HoldsController } from './holds/holds.controller.js';
import { startAnswers } from './intake.parts.js';
import { LedgerAnswersHandler } from './ledger-answers.handler.js';
import { ledgerAnswersStream } from './ledger-answers.stream.js';
import { offersParts } from './offers/offers.parts.js';
import { decodeTask, OpenTasks } from './open-tasks.js';
import { decodeAnswer, OrderDesk } from './order-desk.js';
import { ORDER_ENTRIES } from './order-entry.js';
import { ORDER_ENTRY_LAYOUT } from './order-entry-layout.js';
import { OrderSurroundings, type OrderTimes } from './order-surroundings.js';
import { OrdersController } from './orders.controller.js';
import { OrdersRepository, type OrderWrites } from './orders.repository.js';
import { OrdersIntakeHandler } from './orders-intake.handler.js';
import { ORDERS_DUE, ordersStream } from './orders-intake.stream.js';
import { OrdersMetrics } from './orders-metrics.js';
import {
  decodeBuyer,
  decodeLevel,
  decodePlace,
  decodeProductRow,
  decodeSalesChannel,
  PromisableStock,
} from './promisable-stock.js';
import { queryParts } from './queries/queries.parts.js';
import { quoteVerifierOf } from './quotes/quote-verifier.js';
import { RecentOrders } from './recent-orders.js';
import { ReturnsController } from './returns/returns.controller.js';
import { ReturnsRepository } from './returns/returns.repository.js';
import { RisenStock } from './risen-stock.js';
import { buildRules, RULE_OUTPUTS, RULE_TOPICS } from './rules/rules.parts.js';
import { buildStores, STORE_TOPICS } from './stores.parts.js';
import { trackingParts } from './tracking/tracking.parts.js';
import { buildTransfers, TRANSFER_TOPICS } from './transfers/transfers.parts.js';
import { WaitingOrders } from './waiting-orders.js';

const OUTPUTS = [
  TOPICS.creditRequests,
  TOPICS.orderOutcomes,
  TOPICS.orderEvents,
  TOPICS.orderReturns,
  TOPICS.orderRefunds,
  TOPICS.orderTasks,
  TOPICS.orderTracking,
  TOPICS.deltas,
  ...TRANSFER_TOPICS,
  ...CART_TOPICS,
  ...STORE_TOPICS,
];
const READ = [TOPICS.levels, TOPICS.products, TOPICS.locations, TOPICS.channels, TOPICS.organisations, TOPICS.outcomes];
const WANTED = [TOPICS.orderIntake, TOPICS.deadLetters, ...OUTPUTS, ...READ, ...RULE_TOPICS];
const DAY_MS = 24 * 60 * 60 * 1000;
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
  const partitions = await ensureTopics(kafka, WANTED, topics);
  const { repository, returns, store, answersStore } = await prepareStores(connection, partitions);
  const { stock, risen, openTasks, dayLoad } = await startTables(kit, kafka);
  const publisher = new Publisher(kafka, { prefix: config.TOPIC_PREFIX, partitions });
  const servers = { kafka, connection, partitions, publisher };
  const transfers = await buildTransfers(kit, servers, stock, ASK_AGAIN_AFTER_MS);
  const orderMetrics = new OrdersMetrics(metrics);
  orderMetrics.exposeWaiting(new WaitingOrders(repository));
  const carts = await buildCarts(kit, servers);
  const ruleParts = await buildRules(kit, kafka, connection, publisher);
  const credit = await buildCredit(config, connection, partitions);
  const tracking = trackingParts(config, stock);
  const stores = await buildStores(kit, servers, stock);
  const answers = await startAnswers(kit, kafka, TOPICS.orderOutcomes, decodeAnswer);
  const desk = new OrderDesk(publisher, answers, store, repository, orderMetrics, config.ORDER_ANSWER_TIMEOUT_MS);
  const absences = absencesOf(repository);
  const memory = { absences, load: dayLoad, recent: new RecentOrders(), due: new EarliestDue() };
  const transport = transportOf(kit, kafka, [
    ordersStream({ repository, store, ...memory, groupId: `${config.TOPIC_PREFIX}orders`, tracking: tracking.orders }),
    ledgerAnswersStream(answersStore, `${config.TOPIC_PREFIX}orders-answers`),
    ruleParts.stream,
    transfers.stream,
    credit.stream,
    carts.stream,
    ...stores.streams,
  ]);
  health.addReadiness('stream', () => transport.state());
  const handover = await handoverParts(connection, config);
  const quotes = quoteVerifierOf(config.ORDER_QUOTE_KEYS_FILE);
  const times = { ...timesOf(config, handover.terms), givesCredit: credit.givesCredit };
  const surroundings = new OrderSurroundings(stock, openTasks, ruleParts.rules, times, quotes, dayLoad);
  const offers = offersParts(surroundings, stock);
  const queries = await queryParts(connection);
  const features = joined([queries, ruleParts, offers, tracking, handover, transfers, credit, carts, stores]);
  return {
    // Before the orders' own, whose paths hold an order's id where these hold a word.
    controllers: [
      ...features.controllers,
      HoldsController,
      ChangesController,
      ReturnsController,
      OrdersIntakeHandler,
      LedgerAnswersHandler,
      OrdersController,
    ],
    providers: [
      ...features.providers,
      { provide: OrdersRepository, useValue: repository },
      { provide: ReturnsRepository, useValue: returns },
      { provide: OrderSurroundings, useValue: surroundings },
      { provide: PromisableStock, useValue: stock },
      { provide: RisenStock, useValue: risen },
      { provide: Absences, useValue: memory.absences },
      { provide: RecentOrders, useValue: memory.recent },
      { provide: ORDERS_DUE, useValue: memory.due },
      { provide: OrdersMetrics, useValue: orderMetrics },
      { provide: OrderDesk, useValue: desk },
    ],
    strategies: [transport],
  };
}

const transportOf = (
  { config, log, metrics, lifecycle }: Kit<OrdersConfig>,
  kafka: KafkaPort,
  streams: BatchTransportOptions['streams'],
): BatchTransport =>
  new BatchTransport({
    ...topicSettings(config),
    kafka,
    streams,
    outputs: [TOPICS.orderIntake, ...OUTPUTS, ...RULE_OUTPUTS],
    source: 'shelfline/orders',
    metrics: createStreamMetrics(metrics.registry),
    log,
    sessionTimeoutMs: config.GROUP_SESSION_TIMEOUT_MS,
    onFatal: (error) => lifecycle.fail(error),
  });

const absencesOf = (repository: OrdersRepository) =>
  new Absences((partition) => repository.findLastAppliedMs(partition));

type Feature = Pick<ServiceParts, 'controllers' | 'providers'>;
const joined = (features: readonly Feature[]): Feature => ({
  controllers: features.flatMap(({ controllers }) => controllers),
  providers: features.flatMap(({ providers }) => providers),
});

const timesOf = (config: OrdersConfig, store: StoreTerms): OrderTimes => ({
  holdForMs: config.ORDER_HOLD_MS,
  acceptWithinMs: config.TASK_ACCEPT_WITHIN_MS,
  askAgainAfterMs: ASK_AGAIN_AFTER_MS,
  retryAfterMs: config.ORDER_RETRY_MS,
  waitRules: config.ORDER_WAIT_RULES,
  keepCustomerMs: config.ORDER_KEEP_CUSTOMER_DAYS * DAY_MS,
  store,
  ...(config.RETURN_RULES ? { returnRules: config.RETURN_RULES } : {}),
});

async function prepareStores(connection: Connection, partitions: ReadonlyMap<string, number>) {
  const repository = new OrdersRepository(connection, ASK_AGAIN_AFTER_MS);
  await repository.prepare();
  const returns = new ReturnsRepository(connection);
  await returns.prepare();
  const store = intakeStore(connection, partitions.get(TOPICS.orderIntake.name)!, repository);
  const answersStore = forwardingStore(connection, partitions.get(TOPICS.outcomes.name)!);
  await store.prepare();
  await answersStore.prepare();
  return { repository, returns, store, answersStore };
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
    layout: ORDER_ENTRY_LAYOUT,
    partitions,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => ({ orders: writes.flatMap(({ orders }) => orders) }),
  });

const forwardingStore = (connection: Connection, partitions: number) =>
  new MongoPartitionStore<null>({
    connection,
    stream: TOPICS.outcomes.name,
    entriesCollection: 'forwarded_answers',
    partitions,
    write: () => {},
    merge: () => null,
  });

async function startTables({ config, health, lifecycle }: Kit<OrdersConfig>, kafka: KafkaPort) {
  const onCrash = (error: Error) => lifecycle.fail(error);
  const table = <V>(
    topic: TopicDefinition,
    decode: (record: ReceivedRecord) => V | undefined,
    versionOf?: (value: V) => number,
    more: { readonly tellsEveryTombstone?: true; readonly gatherMs?: number } = {},
  ) =>
    new Table<V>({
      ...more,
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
    organisations: table(TOPICS.organisations, decodeBuyer),
  };
  const tasks = table(TOPICS.orderTasks, decodeTask, version, { tellsEveryTombstone: true, gatherMs: 0 });
  const risen = new RisenStock();
  const stock = new PromisableStock(tables, risen);
  const openTasks = new OpenTasks(tasks);
  const dayLoad = new DayLoad(tasks, Date.now);
  const all = [...Object.values(tables), tasks];
  await Promise.all(all.map((one) => one.start()));
  lifecycle.onStop('outbox', 'tables', async () => void (await Promise.all(all.map((one) => one.stop()))));
  health.addReadiness('tables', () => ({
    ready: all.every((one) => one.isReady()),
    detail: 'stock and catalog are read',
  }));
  await Promise.all(all.map((one) => one.ready));
  return { stock, risen, openTasks, dayLoad };
}
