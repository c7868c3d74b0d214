import type { ParcelChange } from '@shelfline/contracts/parcel';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import { isClosed, type Order, type Task } from '../order.js';
import { settle } from '../settle-order.js';
import { taskIdOf } from '../task-id.js';

/**
 * What a courier tells are facts: a parcel that it has collected has left the house, whether the store said so or not.
 * What comes late, or of a task that is over, is kept with it and brings nothing back.
 */
export function changeParcel(message: ParcelChange, order: Order | undefined, context: OrderContext): Decided {
  const task = order?.tasks.find(({ number }) => taskIdOf(order.orderId, number) === message.taskId);
  if (!order || !task)
    return refused({ code: 'unknown_task', field: 'taskId', detail: `there is no task ${message.taskId}` });
  const { courier, change, at, tracking, label, reason } = message;
  const draft = new OrderDraft(order, context);
  draft.add({
    type: 'parcel_changed',
    number: task.number,
    courier,
    change,
    toldAtMs: Date.parse(at),
    ...(tracking === undefined ? {} : { tracking }),
    ...(label === undefined ? {} : { label }),
    // A courier's own words may name who was taken out of the order.
    ...(reason === undefined || order.customerErasedAtMs !== undefined ? {} : { reason }),
  });
  if (!isClosed(task)) bringOn(draft, task, change);
  settle(draft, context);
  return draft.decided();
}

const IS_ON_ITS_WAY: ReadonlySet<ParcelChange['change']> = new Set([
  'collected',
  'out_for_delivery',
  'failed',
  'delivered',
  'returned',
]);

function bringOn(draft: OrderDraft, { number, state }: Task, change: ParcelChange['change']): void {
  if (!IS_ON_ITS_WAY.has(change)) return;
  if (state !== 'SHIPPED') draft.add({ type: 'task_changed', number, state: 'SHIPPED' });
  if (change === 'delivered') draft.add({ type: 'task_changed', number, state: 'DELIVERED' });
  if (change === 'returned') draft.add({ type: 'task_changed', number, state: 'RETURNED' });
}
