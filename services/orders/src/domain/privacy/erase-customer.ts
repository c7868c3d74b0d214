import type { EraseCustomer } from '@shelfline/contracts/erasure';
import { type Decided, type OrderContext, OrderDraft, refused } from '../decision.js';
import { isFinal, type Order } from '../order.js';

/** Whoever still has to bring, hand out or take back something needs to know to whom. */
export function eraseCustomer(message: EraseCustomer, order: Order | undefined, context: OrderContext): Decided {
  const { by, reason, orderId } = message;
  if (!order)
    return refused({
      code: 'unknown_order',
      field: 'orderId',
      detail: `there is no order ${orderId}; check its number`,
    });
  if (isErased(order) && order.placed.memberId === undefined) return { kind: 'unchanged' };
  if (!isOver(order))
    return refused({
      code: 'out_of_state',
      field: 'orderId',
      detail: `the order is ${order.state}, or something of it is on its way back, so its customer is still needed; end that first`,
      allowed: isFinal(order) ? [] : ['cancel'],
    });
  const draft = new OrderDraft(order, context);
  draft.add({ type: 'customer_erased', by, reason, withMember: true });
  finishLater(draft, context);
  return draft.decided();
}

/** For so long what an entry asked of others may have to be sent once more. */
export const SENT_WITHIN_MS = 60 * 60 * 1000;

/** What was given in exchange just now has the address too, or what a courier was asked or said, and must be sent whole. */
function finishLater(draft: OrderDraft, { atMs }: OrderContext): void {
  const { returns = [], tasks, changedAtMs } = draft.order;
  const isNew = (step: { readonly atMs: number }): boolean => step.atMs >= atMs - SENT_WITHIN_MS;
  const isSent =
    returns.some(({ exchangeOrderId, history }) => exchangeOrderId !== undefined && history.some(isNew)) ||
    (tasks.some(({ isParcelWanted }) => isParcelWanted) && isNew({ atMs: changedAtMs }));
  if (isSent) draft.add({ type: 'erasure_put_off', eraseAtMs: atMs + SENT_WITHIN_MS });
}

/** By time: kept for so long after nobody follows the order any more. Later, where something is coming back. */
export function passErasureTime(order: Order, context: OrderContext): Decided {
  const draft = new OrderDraft(order, context);
  if (isErased(order)) draft.add({ type: 'erasure_finished' });
  else if (isOver(order)) {
    draft.add({ type: 'customer_erased', reason: 'kept_long_enough', withMember: false });
    finishLater(draft, context);
  } else draft.add({ type: 'erasure_put_off', eraseAtMs: context.atMs + PUT_OFF_MS });
  return draft.decided();
}
const PUT_OFF_MS = 24 * 60 * 60 * 1000;

const isErased = ({ customerErasedAtMs }: Order): boolean => customerErasedAtMs !== undefined;
const isOver = (order: Order): boolean =>
  isFinal(order) && (order.returns ?? []).every(({ state }) => state === 'CLOSED' || state === 'CANCELLED');
