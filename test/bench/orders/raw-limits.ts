import { TOPICS } from '@shelfline/contracts/topics';
import { OrdersRepository } from '@shelfline/orders/orders.repository';
import { OrderListRepository } from '@shelfline/orders/queries/order-list.repository';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { pause, type Rig } from '../rig.ts';
import { type MadeOrder, stores } from './shop.ts';

const AT_ONCE = 500;
const EVERY_MS = 5;

/** The same messages acknowledged by Kafka, and the documents that came of them inserted with their indexes; no decision. */
export async function rawOrdersPerSecond(
  rig: Rig,
  orders: readonly MadeOrder[],
  requestsAtOnce: number,
): Promise<number> {
  const ids = orders.map(({ orderId }) => orderId) as never[];
  const documents = await rig
    .database('orders')
    .collection('orders')
    .find({ _id: { $in: ids } })
    .toArray();
  const raw = rig.database('orders_raw');
  await new OrdersRepository(raw, 0).prepare();
  await new OrderListRepository(raw).prepare();
  const startedMs = performance.now();
  let next = 0;
  const work = async () => {
    while (next < documents.length) {
      const from = next;
      next += AT_ONCE;
      const some = orders.slice(from, from + AT_ONCE);
      await rig.produce(
        TOPICS.orderIntake,
        some.map((order) => ({
          by: order.orderId,
          key: order.orderId,
          value: JSON.stringify({ type: 'place', id: `place/${order.orderId}`, source: 'bench', ...order }),
        })),
      );
      await raw.collection('orders').insertMany(documents.slice(from, from + AT_ONCE));
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  return (documents.length * 1000) / (performance.now() - startedMs);
}

/** A task straight to the topic that the gateway reads, with no order, ledger or database before it. */
export async function pushTasksAtRate(
  rig: Rig,
  perSecond: number,
  forMs: number,
  sent: (orderId: string, atMs: number) => void,
): Promise<void> {
  const startedMs = performance.now();
  let number = 0;
  while (performance.now() - startedMs < forMs) {
    const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1000);
    for (; number < due; number++) {
      const orderId = `raw-${number}`;
      sent(orderId, performance.now());
      void rig.produce(TOPICS.orderTasks, [taskRecord(orderId, number)]);
    }
    await pause(EVERY_MS);
  }
}

function taskRecord(orderId: string, number: number): RecordToSend & { by: string } {
  const taskId = `${orderId}/1`;
  const now = new Date().toISOString();
  const task = {
    taskId,
    orderId,
    store: stores[number % stores.length]!,
    state: 'ASSIGNED',
    method: 'courier',
    lines: [
      { lineId: '1', sku: 'sku-1', quantity: 1 },
      { lineId: '2', sku: 'sku-2', quantity: 1 },
    ],
    channel: 'web',
    placedAt: now,
    assignedAt: now,
    actions: ['accept', 'reject'],
    version: 1,
  };
  return { by: orderId, key: taskId, value: JSON.stringify(task) };
}
