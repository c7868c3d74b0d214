import { askAgainAtMs } from './ask-again.js';
import { askCreditAgain } from './credit/fit-credit.js';
import { type Decided, type OrderContext, OrderDraft } from './decision.js';
import { endBasket } from './hold-order.js';
import type { Order } from './order.js';
import { isQuestion } from './order.js';
import { endOfTrackingMs } from './order-due.js';
import { looksAtMs } from './presale/backorder-state.js';
import { lookElsewhere, lookElsewhereByTime } from './presale/look-elsewhere.js';
import { passErasureTime } from './privacy/erase-customer.js';
import { settle } from './settle-order.js';
import { countAbsences } from './store/count-absence.js';
import { passEscalation } from './store/pass-escalation.js';
import { passPickupTime } from './store/pass-time-of-tasks.js';
import { moveOn } from './work-task.js';

/**
 * Of an order that waits, or awaits a delivery: more of what it wants can be promised than before. Nothing where it is
 * still not enough.
 */
export function stockArrived(order: Order, context: OrderContext): Decided {
  if (order.retryAtMs !== undefined) {
    const draft = new OrderDraft(order, context);
    draft.add({ type: 'stock_arrived' });
    settle(draft, context);
    if (draft.events.some(({ type }) => type === 'planned')) return draft.decided();
  }
  const draft = new OrderDraft(order, context);
  lookElsewhere(draft, context);
  return draft.decided();
}

/** What time alone does: a place that does not answer is passed over, a question without an answer is asked again. */
export function fallDue(order: Order, context: OrderContext): Decided {
  const { atMs, askAgainAfterMs } = context;
  if (order.cart && order.cart.untilMs <= atMs) return endBasket(order, 'hold_expired', context);
  const draft = new OrderDraft(order, context);
  if ((endOfTrackingMs(order) ?? Number.POSITIVE_INFINITY) <= atMs) {
    const { keepCustomerMs } = context;
    draft.add({
      type: 'tracking_ended',
      ...(keepCustomerMs === undefined ? {} : { eraseAtMs: atMs + keepCustomerMs }),
    });
    return draft.decided();
  }
  if (order.eraseAtMs !== undefined && order.eraseAtMs <= atMs) return passErasureTime(order, context);
  for (const { number } of order.tasks) countAbsences(draft, number, context);
  for (const task of draft.order.tasks)
    if (task.state === 'ASSIGNED' && task.acceptByMs !== undefined && task.acceptByMs <= atMs)
      moveOn(draft, task, { state: 'TIMED_OUT', reason: 'not_accepted_in_time' }, context);
  for (const task of draft.order.tasks) passEscalation(draft, task, context);
  for (const task of order.tasks) passPickupTime(draft, task, context);
  for (const hold of draft.order.holds)
    if (isQuestion(hold) && askAgainAtMs(hold, askAgainAfterMs) <= atMs)
      draft.add({ type: 'hold_asked_again', reservationId: hold.reservationId });
  askCreditAgain(draft, context);
  settle(draft, context);
  if ((looksAtMs(draft.order) ?? Number.POSITIVE_INFINITY) <= atMs) lookElsewhereByTime(draft, context);
  return draft.decided();
}
