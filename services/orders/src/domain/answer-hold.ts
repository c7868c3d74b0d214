import type { ReservationAnswered } from '@shelfline/contracts/order';
import { type Decided, type OrderContext, OrderDraft } from './decision.js';
import type { Hold, Order } from './order.js';
import { hearEarlyAnswer } from './pickup-transfer/hear-transfer.js';
import { leavesAtMs } from './presale/backorder-state.js';
import { replaceAwaited } from './presale/drop-tries.js';
import { settle } from './settle-order.js';

/** What the ledger said to what this order asked of it. */
export function answerHold(answer: ReservationAnswered, order: Order | undefined, context: OrderContext): Decided {
  const hold = order?.holds.find(({ reservationId }) => reservationId === answer.reservationId);
  if (!order) return { kind: 'unchanged' };
  if (!hold) return hearEarlyAnswer(answer, order, context);
  if (answer.command !== 'reserve' || hold.state !== 'asked') return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  granted(draft, hold, answer);
  settle(draft, context);
  return draft.decided();
}

function granted(
  draft: OrderDraft,
  hold: Hold,
  { result, allocations, awaited = [], reason }: ReservationAnswered,
): void {
  const { reservationId } = hold;
  const [place, another] = allocations;
  const [ahead] = awaited;
  // Where several places are named and none has it all, the ledger divides it; a task is of one place.
  if (another || new Set([...allocations, ...awaited].map(({ location }) => location)).size > 1)
    draft.add({ type: 'hold_released', reservationId });
  else if (result !== 'refused' && ahead) {
    // A notice may have overtaken the answer, and is newer.
    const expectedAtMs = hold.datedVersion === undefined ? leavesAtMs(ahead, hold) : hold.expectedAtMs;
    const due = expectedAtMs === undefined ? {} : { expectedAtMs };
    draft.add({ type: 'hold_backordered', reservationId, location: ahead.location, ...due });
  } else if (result !== 'refused' && place) {
    draft.add({ type: 'hold_granted', reservationId, location: place.location });
    replaceAwaited(draft, hold, place.location);
  } else draft.add({ type: 'hold_refused', reservationId, reason: reason ?? 'out_of_stock' });
}
