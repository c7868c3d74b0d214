import type { OrderContext, OrderDraft } from '../decision.js';
import type { Task } from '../order.js';

/** The customer is reminded once; then it goes back to stock. */
export function passPickupTime(draft: OrderDraft, { number, state, handover }: Task, { atMs }: OrderContext): void {
  if (state !== 'READY_FOR_PICKUP') return;
  const { remindAtMs, collectByMs } = handover ?? {};
  if (collectByMs !== undefined && collectByMs <= atMs) giveUp(draft, number);
  else if (remindAtMs !== undefined && remindAtMs <= atMs) draft.add({ type: 'pickup_reminded', number });
}

/** Nobody came for it: it is not sent from elsewhere instead, its units are cancelled. */
function giveUp(draft: OrderDraft, number: number): void {
  const reason = 'not_collected';
  draft.add({ type: 'task_changed', number, state: 'TIMED_OUT', reason });
  for (const { reservationId, lineId, quantity, task, state } of draft.order.holds)
    if (task === number && state === 'held') {
      draft.add({ type: 'hold_released', reservationId });
      draft.add({ type: 'units_cancelled', lineId, units: quantity, reason });
    }
}
