import type { Order } from '@shelfline/orders/domain/order';
import { OrdersRepository } from '@shelfline/orders/orders.repository';
import { OrderListRepository } from '@shelfline/orders/queries/order-list.repository';
import { ReturnsRepository } from '@shelfline/orders/returns/returns.repository';
import { OrderTimelineRepository } from '@shelfline/orders/timeline/order-timeline.repository';
import { written } from '@shelfline/streaming/testing/written';
import type { Connection } from 'mongoose';
import { SeededRandom } from '../../seeded-random.ts';
import { say } from '../rig.ts';
import { madeEntries, madeOrder } from './made-orders.ts';

const AT_ONCE = 1000;
const PARTITIONS = 12;
/** Of so many orders one has its entries too: all would be ten million. */
export const ENTRIES_EACH = 20;
const REPOSITORY_RETRY_MS = 5000;

interface Filled {
  readonly _id: string;
  readonly orders: number;
  readonly next: number;
  readonly nowMs: number;
}

/**
 * Fills a database with made orders, written by the service's own repository, over the indexes they have. Where it was
 * begun before it goes on; absent = the time was up. What it holds depends on the number of orders alone.
 */
export async function fill(database: Connection, orders: number, untilMs: number): Promise<number | undefined> {
  const progress = database.collection<Filled>('bench_fill');
  const known = await progress.findOne({ _id: 'fill' });
  if (known && known.orders !== orders)
    throw new Error(`the database was begun for ${known.orders} orders, not ${orders}: give another --database`);
  const nowMs = known?.nowMs ?? Date.now();
  const repository = new OrdersRepository(database, REPOSITORY_RETRY_MS);
  // First: SecantusDB makes an index over a million documents in minutes, and each of them anew when it is cut off.
  const lists = [OrderListRepository, ReturnsRepository, OrderTimelineRepository].map((List) => new List(database));
  for (const one of [repository, ...lists]) await one.prepare();
  let next = known?.next ?? 0;
  for (; next < orders; next += AT_ONCE) {
    if (performance.now() > untilMs) return undefined;
    const some = madePage(next, Math.min(next + AT_ONCE, orders), orders, nowMs);
    const orderWrites = some.map((order, i) => ({ partition: i % PARTITIONS, order, isNew: true }));
    await written(database, (transaction) => repository.write({ orders: orderWrites }, transaction));
    const entries = some.filter((_, i) => (next + i) % ENTRIES_EACH === 0).flatMap(madeEntries);
    await database.collection('order_entries').insertMany(entries as never[]);
    await progress.replaceOne({ _id: 'fill' }, { orders, next: next + AT_ONCE, nowMs }, { upsert: true });
    if (next % (100 * AT_ONCE) === 0) say(`${next} of ${orders} orders are written`);
  }
  return nowMs;
}

function madePage(from: number, to: number, orders: number, nowMs: number): Order[] {
  // Of each page its own: whoever goes on writes what he would have written.
  const random = new SeededRandom(from + 1);
  return Array.from({ length: to - from }, (_, i) => madeOrder(from + i, orders, nowMs, random));
}
