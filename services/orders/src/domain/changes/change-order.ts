import type { ChangeOrder } from '@shelfline/contracts/order-change';
import { changedQuantityFaults } from '../business/check-buyer.js';
import { sumMinor } from '../credit/credit-state.js';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from '../decision.js';
import { isServedAlike } from '../fit-holds.js';
import { hadTooManyTasks } from '../most-tasks.js';
import { hasGoneOut, isClosed, isFinal, type Order, uncoveredLines, unitsOf } from '../order.js';
import type { Placed } from '../placed.js';
import { settle } from '../settle-order.js';
import { changeLines, lineRefusals } from './change-lines.js';
import { placedAfter, redirect, wayRefusals } from './change-way.js';
import { isUntouched } from './untouched.js';

/**
 * What is wanted from now on, as a whole or not at all. Only what nobody has begun to pick is changed: whoever packs must
 * not find another order in his hands.
 */
export function changeOrder(message: ChangeOrder, order: Order | undefined, context: OrderContext): Decided {
  if (!order)
    return refused({
      code: 'unknown_order',
      field: 'orderId',
      detail: `there is no order ${message.orderId}; look for it by the channel's number`,
    });
  if (order.cart) return refused(notOrdered(order));
  const placed = placedAfter(message, order.placed);
  const isOther = changesLines(message, order) || placed !== undefined;
  if (!isOther) return { kind: 'unchanged' };
  if (isOver(order)) return refused(outOfState(order));
  const refusals = [
    ...lineRefusals(message.lines ?? [], order, context),
    ...changedQuantityFaults(message.lines ?? [], order, context),
    ...(placed ? wayRefusals(placed, order, context) : []),
  ];
  if (refusals.length === 0 && hadTooManyTasks(order) && needsTask(message, placed, order))
    refusals.push(tooManyTasks(order));
  if (refusals.length > 0) return refused(...refusals.map((one) => withAllowed(one, order)));
  const draft = new OrderDraft(order, context);
  const beforeMinor = sumMinor(order);
  changeLines(draft, message.lines ?? [], message.reason ?? 'changed', context);
  draft.add({
    type: 'changed',
    ...(placed ? { placed } : {}),
    amountMinor: sumMinor(draft.order) - beforeMinor,
    totalMinor: sumMinor(draft.order),
    ...(message.by === undefined ? {} : { by: message.by }),
    ...(message.reason === undefined ? {} : { reason: message.reason }),
  });
  if (placed) redirect(draft, order);
  const missing = lostUnits(draft, order, context);
  if (missing > 0) return refused(withAllowed(cannotBeServed(missing), order));
  settle(draft, context);
  return draft.decided();
}

/**
 * More than waits as it is could not be had, as far as the tables know: a promise is not given up, nor a larger one made,
 * for what is not there. The ledger has the last word, and what it refuses all the same goes by the customer's wish.
 */
function lostUnits({ order }: OrderDraft, before: Order, context: OrderContext): number {
  const wanted = uncoveredLines(order);
  if (wanted.length === 0) return 0;
  const planned = unitsOf(context.route(order, wanted).shares.flatMap(({ lines }) => lines));
  const missing = unitsOf(wanted) - planned;
  return missing > unitsOf(uncoveredLines(before)) ? missing : 0;
}

/** What of an order may still be changed, and what can be done instead. */
export function allowedChanges(order: Order): string[] {
  if (isOver(order)) return order.holds.some(({ state }) => state === 'fulfilled') ? ['return'] : [];
  const isPicked = order.tasks.some((task) => (!isClosed(task) || hasGoneOut(task)) && !isUntouched(task));
  const open = order.tasks.filter((task) => !isClosed(task) && !hasGoneOut(task));
  const changes = isPicked ? ['lines'] : ['lines', 'method', 'destination', 'store'];
  return open.length > 0 && open.every((task) => !isUntouched(task)) ? ['cancel'] : [...changes, 'cancel'];
}

const changesLines = ({ lines = [] }: ChangeOrder, order: Order): boolean =>
  lines.some(({ lineId, quantity }) => {
    const line = order.lines.find((one) => one.lineId === lineId);
    return !line || line.quantity - line.cancelledUnits !== quantity;
  });

/** Nothing of it is still to leave a house. */
const isOver = (order: Order): boolean =>
  isFinal(order) ||
  order.foreign === true ||
  order.lines.every(
    ({ lineId, quantity, cancelledUnits }) =>
      unitsOf(order.holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled')) ===
      quantity - cancelledUnits,
  );

const needsTask = ({ lines = [] }: ChangeOrder, placed: Placed | undefined, order: Order): boolean =>
  (placed !== undefined && !isServedAlike(order.placed, placed)) ||
  lines.some(({ lineId, quantity }) =>
    order.lines.some((line) => line.lineId === lineId && quantity > line.quantity - line.cancelledUnits),
  );

const tooManyTasks = ({ orderId, tasks, transfers = [] }: Order): Refusal => ({
  code: 'too_many_tasks',
  field: '',
  detail: `${orderId} has had ${tasks.length} tasks, was brought ${transfers.length} times, and gets no more; ask for fewer of it, or cancel it and place another order`,
});

const withAllowed = (refusal: Refusal, order: Order): Refusal => ({ ...refusal, allowed: allowedChanges(order) });

const cannotBeServed = (missing: number): Refusal => ({
  code: 'cannot_be_served',
  field: '',
  detail: `${missing} of its units cannot be had like that now; try it later, ask for fewer, or leave it as it is`,
});

const notOrdered = ({ orderId }: Order): Refusal => ({
  code: 'not_ordered',
  field: 'orderId',
  detail: `${orderId} is a basket that is held and not ordered; hold it anew with what is wanted now`,
  allowed: ['hold', 'place'],
});

const outOfState = (order: Order): Refusal => ({
  code: 'out_of_state',
  field: 'orderId',
  detail:
    order.state === 'CANCELLED'
      ? `order ${order.orderId} is CANCELLED; place another one`
      : `everything of order ${order.orderId} has left the house or was cancelled; what has left is brought back by a return`,
  allowed: allowedChanges(order),
});
