import type { CancelOrder } from '@shelfline/contracts/order';
import { fitCredit } from './credit/fit-credit.js';
import { type Decided, type OrderContext, OrderDraft, refused } from './decision.js';
import { hasGoneOut, isClosed, isFinal, isOpen, type Order, unitsOf } from './order.js';

/** Ends everything that has not left a house; what has is brought back by a return. */
export function cancelOrder(message: CancelOrder, order: Order | undefined, context: OrderContext): Decided {
  if (!order)
    return refused({
      code: 'unknown_order',
      field: 'orderId',
      detail: `there is no order ${message.orderId}; look for it by the channel's number`,
    });
  if (order.state === 'CANCELLED' || order.state === 'ENDED') return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  endAll(draft, message.reason ?? 'cancelled');
  fitCredit(draft, context);
  if (draft.events.length > 0) return draft.decided();
  return refused({
    code: 'out_of_state',
    field: 'orderId',
    detail: isFinal(order)
      ? `order ${order.orderId} is ${order.state}; what has left the house is brought back by a return`
      : `everything of order ${order.orderId} has left the house; it is brought back by a return`,
    allowed: [],
  });
}

/** Each undo beside its do: tasks are taken back, what is held is given back, the rest is cancelled. */
export function endAll(draft: OrderDraft, reason: string): void {
  const { order } = draft;
  for (const task of order.tasks)
    if (!isClosed(task) && !hasGoneOut(task))
      draft.add({ type: 'task_changed', number: task.number, state: 'CANCELLED', reason: 'cancelled' });
  // One that is still asked too: the ledger remembers the release, and refuses what comes after it.
  for (const hold of draft.order.holds)
    if (isOpen(hold)) draft.add({ type: 'hold_released', reservationId: hold.reservationId });
  for (const { lineId, quantity, cancelledUnits } of order.lines) {
    const gone = draft.order.holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled');
    const units = quantity - cancelledUnits - unitsOf(gone);
    if (units > 0) draft.add({ type: 'units_cancelled', lineId, units, reason });
  }
}
