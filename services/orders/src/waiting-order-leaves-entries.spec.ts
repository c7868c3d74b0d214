import { expect, it } from '@jest/globals';
import { Metrics } from '@shelfline/service-kit/metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { Absences } from './absences.js';
import type { Order } from './domain/order.js';
import { OrdersIntakeHandler } from './orders-intake.handler.js';
import { OrdersMetrics } from './orders-metrics.js';
import { RecentOrders } from './recent-orders.js';
import { NO_DAYS, TRACKING } from './testing/order-intake.js';
import { placed, RETRY_AFTER_MS, worldAt } from './testing/placing.js';

const tickAt = (timestampMs: number): ReceivedRecord => ({
  topic: 'orders.intake',
  partition: 0,
  offset: timestampMs,
  key: '',
  value: null,
  headers: {},
  timestampMs,
});
function handlerOf(order: Order, units: Readonly<Record<string, number>>) {
  const handler = new OrdersIntakeHandler(
    {
      findOrders: () => Promise.resolve(new Map()),
      findEarliestDueMs: () => Promise.resolve(0),
      findDue: () => Promise.resolve([order]),
      findWaiting: () => Promise.resolve([]),
    } as never,
    { at: ({ atMs }: { atMs: number }) => worldAt(atMs, units), ...NO_DAYS } as never,
    { take: () => [] } as never,
    new OrdersMetrics(new Metrics('orders')),
    TRACKING,
    new Absences(() => Promise.resolve(undefined)),
    new RecentOrders(),
    new EarliestDue(),
  );
  const items = [{ kind: 'tick' as const, record: tickAt(1 + RETRY_AFTER_MS) }];
  return handler.handleBatch({ items, partition: 0, partitions: 1, generation: 1 });
}

/** Each look at each waiting order left one, for ever: 2,880 a day. */
it('leaves no entry where an order only goes on waiting, and writes when it is looked at next', async () => {
  const { entries, writes, nothingChanged } = await handlerOf(placed(worldAt(1)), {});
  expect(entries).toEqual([]);
  expect(nothingChanged).toBe(false);
  expect(writes.orders).toMatchObject([{ order: { state: 'WAITING', retryAtMs: 1 + 2 * RETRY_AFTER_MS } }]);
});

it('leaves one, under a name that no message can have, where the ledger is asked', async () => {
  const { entries } = await handlerOf(placed(worldAt(1)), { S: 5 });
  expect(entries).toMatchObject([{ orderId: 'A1', commands: [{ type: 'reserve' }] }]);
  expect(entries[0]!._id.startsWith('\u0001due/')).toBe(true);
});
