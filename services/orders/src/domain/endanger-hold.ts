import type { ReservationEndangered } from '@shelfline/contracts/order';
import { type Decided, type OrderContext, OrderDraft } from './decision.js';
import type { Hold, Order } from './order.js';
import { hasLeft } from './pickup-transfer/arriving.js';
import { settle } from './settle-order.js';
import { refusePlace } from './store/refuse-place.js';
import { giveUpHold, holdsOf } from './store/reject-lines.js';
import { moveOn } from './work-task.js';

/**
 * A till sold what stood behind a promise. Where nobody has begun with the task that line goes to another place, and the rest stays; later the one
 * who picks finds out whether the piece is there, and rejects if it is not.
 */
export function endangerHold(notice: ReservationEndangered, order: Order | undefined, context: OrderContext): Decided {
  const { reservationId } = notice;
  const hold = order?.holds.find((one) => one.reservationId === reservationId);
  if (order && hold?.state === 'awaited') return withoutWhatCame(order, hold, context);
  if (!order || hold?.state !== 'held') return { kind: 'unchanged' };
  if (hasLeft(order, hold)) return { kind: 'unchanged' };
  const task = order.tasks.find(({ number }) => number === hold.task);
  if (task && task.state !== 'ASSIGNED') return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  if (task && holdsOf(draft, task).length > 1) giveUpHold(draft, task, hold, { reason: 'sold_meanwhile' }, context);
  else if (task) moveOn(draft, task, { state: 'REJECTED', reason: 'sold_meanwhile' }, context);
  else {
    draft.add({ type: 'hold_released', reservationId });
    refusePlace(draft, hold.location!, context, { skus: [hold.sku] });
  }
  settle(draft, context);
  return draft.decided();
}

/**
 * A part of what is awaited had come and was sold. Once the rest has come the ledger would say that all of it is there:
 * the promise is given back whole, and made anew of what there is.
 */
function withoutWhatCame(order: Order, { reservationId, location }: Hold, context: OrderContext): Decided {
  const draft = new OrderDraft(order, context);
  draft.add({ type: 'backorder_fell_short', reservationId, location: location! });
  draft.add({ type: 'hold_released', reservationId });
  settle(draft, context);
  return draft.decided();
}
