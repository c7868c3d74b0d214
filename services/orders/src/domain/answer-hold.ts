import type { ReservationAnswered } from '@shelfline/contracts/order';
import { type Decided, type OrderContext, OrderDraft } from './decision.js';
import { type Hold, hasGoneOut, isClosed, type Order } from './order.js';
import { settle } from './settle-order.js';

/** What the ledger said to what this order asked of it. */
export function answerHold(answer: ReservationAnswered, order: Order | undefined, context: OrderContext): Decided {
  const hold = order?.holds.find(({ reservationId }) => reservationId === answer.reservationId);
  if (!order || !hold) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  if (answer.command === 'reserve' && hold.state === 'asked') granted(draft, hold, answer);
  else if (answer.command === 'commit' && answer.result === 'refused' && hold.state === 'held')
    lost(draft, hold, context);
  else return { kind: 'unchanged' };
  settle(draft, context);
  return draft.decided();
}

function granted(
  draft: OrderDraft,
  { reservationId }: Hold,
  { result, allocations, reason }: ReservationAnswered,
): void {
  const [place, another] = allocations;
  // Where several places are named and none has it all, the ledger divides it; a task is of one place.
  if (another) draft.add({ type: 'hold_released', reservationId });
  else if (result !== 'refused' && place) draft.add({ type: 'hold_granted', reservationId, location: place.location });
  else draft.add({ type: 'hold_refused', reservationId, reason: reason ?? 'out_of_stock' });
}

/**
 * It ended before it was made lasting, everything having stood still for so long: nothing stands behind the task. What
 * the task held besides is free only once the ledger has heard so, and no plan sees it until then: hence the pause.
 */
function lost(draft: OrderDraft, { task: number }: Hold, { atMs, askAgainAfterMs }: OrderContext): void {
  const task = draft.order.tasks.find((one) => one.number === number);
  if (task && !hasGoneOut(task) && !isClosed(task))
    draft.add({ type: 'task_changed', number: task.number, state: 'CANCELLED', reason: 'reservation_expired' });
  for (const hold of draft.order.holds)
    if (hold.task === number && hold.state === 'held')
      draft.add({ type: 'hold_released', reservationId: hold.reservationId });
  draft.add({ type: 'waiting', reason: 'reservation_expired', retryAtMs: atMs + askAgainAfterMs });
}
