import type { OrderDraft } from '../decision.js';
import { type Hold, isTry } from '../order.js';

/** A try is given back once what it was to replace has come, was given up, or became less: undo beside each do. */
export function dropTries(draft: OrderDraft, isNeeded: (hold: Hold) => boolean = () => true): void {
  for (const one of draft.order.holds.filter(isTry)) {
    const replaced = draft.order.holds.find(({ reservationId }) => reservationId === one.insteadOf);
    const isOpen = replaced?.state === 'awaited' && replaced.quantity === one.quantity;
    if (!isOpen || !isNeeded(one)) draft.add({ type: 'hold_released', reservationId: one.reservationId });
  }
}

/** The ledger holds it elsewhere: only now the delivery is let go. */
export function replaceAwaited(draft: OrderDraft, { insteadOf, reservationId: by }: Hold, to: string): void {
  const replaced = draft.order.holds.find((hold) => hold.reservationId === insteadOf && hold.state === 'awaited');
  if (!replaced) return;
  const { reservationId, location = '' } = replaced;
  draft.add({ type: 'backorder_replaced', reservationId, location, by, to });
}
