import { OrderMessage } from '@shelfline/contracts/order-message';
import { versionInHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import type { Absences } from './absences.js';
import type { DayLoad } from './capacity/day-load.js';
import { orderOfTask, taskIdOf } from './domain/work-task.js';
import { DESK_SOURCE, heardAgain } from './order-answers.js';
import type { OrderEntry } from './order-entry.js';
import { answerOutputs, entryOutputs, taskOutput } from './order-outputs.js';
import { NO_WRITES, type OrdersRepository, type OrderWrites } from './orders.repository.js';
import { readMessage } from './read-message.js';
import type { RecentOrders } from './recent-orders.js';
import type { OrderTracking } from './tracking/order-tracking.js';

/** An order of fifty lines takes a few kB, and each message may change its order. */
const MAX_BATCH_RECORDS = 500;
/** Time-outs are exact to a second. */
const TICK_EVERY_MS = 500;
export const ORDERS_DUE = Symbol('orders due');

export interface OrdersStreamOptions {
  readonly repository: OrdersRepository;
  readonly store: PartitionStore<OrderWrites>;
  readonly groupId: string;
  readonly tracking: OrderTracking;
  readonly absences?: Absences;
  readonly load?: Pick<DayLoad, 'giveBack'>;
  readonly recent: RecentOrders;
  readonly due: EarliestDue;
}

/** Topic `orders.intake`, key orderId: all that changes an order is decided in order by one owner. */
export function ordersStream({
  repository,
  store,
  groupId,
  tracking,
  absences,
  load,
  recent,
  due,
}: OrdersStreamOptions): StreamDefinition<OrderMessage, OrderWrites> {
  return {
    topic: TOPICS.orderIntake,
    groupId,
    parse: parseOrderMessage,
    store,
    emptyWrites: NO_WRITES,
    republish: async (entries) => {
      const own = entries as readonly OrderEntry[];
      const orders = await repository.findOrders([...new Set(own.map(({ orderId }) => orderId))]);
      const tasks = [...orders.values()].flatMap((order) => order.tasks.map((task) => taskOutput(order, task)));
      const tracked = [...orders.values()].flatMap((order) => tracking.newestOf(order));
      return [...own.flatMap(entryOutputs), ...tasks, ...tracked];
    },
    resend: (entry) => {
      const { answer } = entry as OrderEntry;
      return answer ? answerOutputs(heardAgain(answer)) : [];
    },
    // The desk looks up what stands under the id.
    answersConflict: ({ source }) => source === DESK_SOURCE,
    released: (partition) => {
      absences?.released(partition);
      load?.giveBack(partition);
      recent.released(partition);
      due.released(partition);
    },
    watched: [
      {
        topic: TOPICS.orderTasks,
        versionOf: ({ headers }) => versionInHeaders(headers),
        committed: async (keys) => {
          const orders = await repository.findOrders([...new Set(keys.map(orderOfTask))]);
          const wanted = new Set(keys);
          return [...orders.values()].flatMap((order) =>
            order.tasks.flatMap((task) => {
              const key = taskIdOf(order.orderId, task.number);
              return wanted.has(key) ? [{ key, version: task.version, output: taskOutput(order, task) }] : [];
            }),
          );
        },
      },
      {
        topic: TOPICS.orderTracking,
        versionOf: ({ headers }) => versionInHeaders(headers),
        committed: async (keys) =>
          [...(await repository.findOrders(keys)).values()].flatMap((order) =>
            tracking.newestOf(order).map((output) => ({ key: order.orderId, version: order.version, output })),
          ),
      },
    ],
    tickEveryMs: TICK_EVERY_MS,
    maxBatchRecords: MAX_BATCH_RECORDS,
  };
}

export const parseOrderMessage = (record: ReceivedRecord): Parsed<OrderMessage> =>
  readMessage(record, OrderMessage, { keyOf: ({ orderId }) => orderId, what: 'the message' });
