import { Channel, Location } from '@shelfline/contracts/catalog';
import { TOPICS } from '@shelfline/contracts/topics';
import { Absences } from '@shelfline/orders/absences';
import type { Order } from '@shelfline/orders/domain/order';
import { DEFAULT_RULE } from '@shelfline/orders/domain/sourcing/sourcing-rule';
import { LedgerAnswersHandler } from '@shelfline/orders/ledger-answers.handler';
import { ledgerAnswersStream } from '@shelfline/orders/ledger-answers.stream';
import { decodeTask, OpenTasks, type TaskRow } from '@shelfline/orders/open-tasks';
import { OrderSurroundings } from '@shelfline/orders/order-surroundings';
import type { OrdersRepository, OrderWrites } from '@shelfline/orders/orders.repository';
import { OrdersIntakeHandler } from '@shelfline/orders/orders-intake.handler';
import { ordersStream } from '@shelfline/orders/orders-intake.stream';
import type { OrdersMetrics } from '@shelfline/orders/orders-metrics';
import {
  decodeLevel,
  type HeldLevel,
  type ProductRow,
  PromisableStock,
  type StockTables,
} from '@shelfline/orders/promisable-stock';
import { RecentOrders } from '@shelfline/orders/recent-orders';
import { RisenStock } from '@shelfline/orders/risen-stock';
import { MemoryOrders } from '@shelfline/orders/testing/memory-orders';
import { OrderTracking } from '@shelfline/orders/tracking/order-tracking';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { silentLog } from '@shelfline/streaming/log';
import { StreamRunner } from '@shelfline/streaming/stream-runner';
import { Table } from '@shelfline/streaming/table';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import type { LedgerDatabase } from './inventory-process.ts';
import { remote } from './remote.ts';
import {
  AHEAD_SKU,
  HANDLING_DAYS,
  handoverCode,
  PARTITIONS,
  PLACES,
  SESSION_TIMEOUT_MS,
  SKUS,
  WAREHOUSE,
} from './setting.ts';
import { commitFaults, type RunningProcess, type Surroundings } from './surroundings.ts';
import { createTransfersDatabase, TRANSFER_TOPICS, transfersRunner } from './transfers-process.ts';
import { uncountedMetrics } from './uncounted-metrics.ts';

/** Short, so that a history has time-outs of every kind. */
export const ORDER_TIMES = {
  holdForMs: 8000,
  acceptWithinMs: 2000,
  askAgainAfterMs: 1500,
  retryAfterMs: 1000,
  store: { handoverCode, pickupRemindAfterMs: 3000, pickupKeepMs: 6000 },
};
const TICK_EVERY_MS = 500;
/** Few, so that a wave is more than one batch. */
const MAX_BATCH_RECORDS = 6;
export const ORDER_TOPICS = [
  TOPICS.orderIntake,
  TOPICS.orderOutcomes,
  TOPICS.orderEvents,
  TOPICS.orderTasks,
  TOPICS.orderTracking,
  TOPICS.orderReturns,
  TOPICS.orderRefunds,
  ...TRANSFER_TOPICS,
];

const uncounted = { decided: () => {}, seen: () => {} } as unknown as OrdersMetrics;

/** What one commit made of the orders in it, and how many batches of the ledger were committed by then. */
export interface OrdersCommitted {
  readonly afterLedgerBatches: number;
  readonly orders: readonly Order[];
}

/** The database of orders: what all instances share. */
export function createOrdersDatabase(ledger: LedgerDatabase) {
  const repository = new MemoryOrders(ORDER_TIMES.askAgainAfterMs);
  const committed: OrdersCommitted[] = [];
  const write = (writes: OrderWrites) => {
    repository.write(writes);
    const orders = writes.orders.map(({ order }) => order);
    if (orders.length > 0) committed.push({ afterLedgerBatches: ledger.database.log.length, orders });
  };
  const database = new SimulatedDatabase<OrderWrites>(write, (writes) => repository.takenIn(writes));
  const answers = new SimulatedDatabase<null>(() => {});
  return { repository, committed, database, answers, transfers: createTransfersDatabase() };
}
export type OrdersDatabase = ReturnType<typeof createOrdersDatabase>;

/** A table that stands still. */
const standing = <V>(values: Readonly<Record<string, V>>): Table<V> => {
  const map = new Map(Object.entries(values));
  return { get: (key: string) => map.get(key), entries: () => map.entries(), onChange: () => () => {} } as never;
};
const placeOf = (code: string): Location => {
  const type = code === WAREHOUSE ? 'regional_dc' : 'store';
  return Location.parse({ code, type, name: code, city: code, region: 'north', latitude: 30, longitude: 110 });
};
const REFERENCE = {
  products: standing<ProductRow>(
    Object.fromEntries([...SKUS, AHEAD_SKU].map((sku) => [sku, { active: true, brand: null }])),
  ),
  locations: standing(Object.fromEntries(PLACES.map((code) => [code, placeOf(code)]))),
  channels: standing({
    web: Channel.parse({
      code: 'web',
      name: 'web',
      pools: [{ code: 'all', locations: [...PLACES] }],
      presale: [{ skus: [AHEAD_SKU], locations: [...PLACES], handlingDays: HANDLING_DAYS }],
    }),
  }),
  organisations: standing({}),
} as const satisfies Omit<StockTables, 'levels'>;

/** A process of orders: its real streams, handlers, domain and tables over simulated servers. */
export async function startOrders(surroundings: Surroundings, orders: OrdersDatabase): Promise<RunningProcess> {
  const { machine, random, port, databaseHealth: health, trace, struck, onFatal } = surroundings;
  const toDatabase = { server: 'database', machine, random, health, trace, struck } as const;
  const repository = remote(orders.repository, toDatabase) as unknown as OrdersRepository;
  const levels = new Table<HeldLevel>({
    kafka: port,
    topic: TOPICS.levels,
    topicName: TOPICS.levels.name,
    decode: decodeLevel,
    versionOf: ({ version }) => version,
    onCrash: onFatal,
  });
  const tasks = new Table<TaskRow>({
    kafka: port,
    topic: TOPICS.orderTasks,
    topicName: TOPICS.orderTasks.name,
    decode: decodeTask,
    versionOf: ({ version }) => version,
    onCrash: onFatal,
  });
  const risen = new RisenStock();
  const stock = new PromisableStock({ levels, ...REFERENCE }, risen);
  const knows = new OrderSurroundings(stock, new OpenTasks(tasks), { inForce: () => DEFAULT_RULE }, ORDER_TIMES);
  const tracking = new OrderTracking({ nameOf: (code) => code });
  // Histories are seconds long: none of their pauses is an absence.
  const absences = new Absences(() => Promise.resolve(undefined));
  const recent = new RecentOrders();
  const due = new EarliestDue();
  const handler = new OrdersIntakeHandler(repository, knows, risen, uncounted, tracking, absences, recent, due);
  const forwarder = new LedgerAnswersHandler();
  const running = {
    kafka: port,
    prefix: '',
    partitions: new Map(
      [TOPICS.deltas, TOPICS.outcomes, TOPICS.deadLetters, ...ORDER_TOPICS].map(({ name }) => [name, PARTITIONS]),
    ),
    source: 'shelfline/orders',
    clock: machine.clock,
    log: silentLog,
    metrics: uncountedMetrics,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    onFatal,
  };
  const paced = { tickEveryMs: TICK_EVERY_MS, maxBatchRecords: MAX_BATCH_RECORDS };
  const store = remote(orders.database.connect(commitFaults(surroundings)), toDatabase);
  const runner = new StreamRunner({
    ...running,
    stream: { ...ordersStream({ repository, store, groupId: 'orders', tracking, recent, due }), ...paced },
    decide: (batch) => handler.handleBatch(batch),
  });
  const answersStore = remote(orders.answers.connect(commitFaults(surroundings)), toDatabase);
  const answers = new StreamRunner({
    ...running,
    stream: { ...ledgerAnswersStream(answersStore, 'orders-answers'), ...paced },
    decide: (batch) => forwarder.handleBatch(batch),
  });
  const transfers = transfersRunner(surroundings, orders.transfers, stock, running, paced);
  await Promise.all([levels.start(), tasks.start()]);
  await Promise.all([levels.ready, tasks.ready]);
  await runner.start();
  await answers.start();
  await transfers.start();
  const stop = async () => {
    await Promise.all([runner.stop(), answers.stop(), transfers.stop()]);
  };
  return { machine, port, stop };
}
