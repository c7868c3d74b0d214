import type { DeliveryMoved } from '@shelfline/contracts/incoming';
import { type Decided, type OrderContext, OrderDraft } from '../decision.js';
import type { Order } from '../order.js';
import { settle } from '../settle-order.js';
import { leavesAtMs } from './backorder-state.js';
import { lookElsewhere } from './look-elsewhere.js';

/**
 * What a line awaits comes on another day. The ledger sends again what it is not sure to have sent: an older notice says
 * nothing. One that overtakes the answer to the question is newer than that answer.
 */
export function moveDelivery(
  { reservationId, location, expectedAt, version }: DeliveryMoved,
  order: Order | undefined,
  context: OrderContext,
): Decided {
  const hold = order?.holds.find((one) => one.reservationId === reservationId);
  if (!order || !hold?.ahead || (hold.state !== 'asked' && hold.state !== 'awaited')) return { kind: 'unchanged' };
  if ((hold.datedVersion ?? -1) >= version) return { kind: 'unchanged' };
  const expectedAtMs = leavesAtMs({ location, quantity: hold.quantity, ...(expectedAt ? { expectedAt } : {}) }, hold);
  const { expectedAtMs: formerAtMs } = hold;
  if (hold.state === 'awaited' && expectedAtMs === formerAtMs) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  draft.add({
    type: 'backorder_redated',
    reservationId,
    location,
    datedVersion: version,
    ...(formerAtMs === undefined ? {} : { formerAtMs }),
    ...(expectedAtMs === undefined ? {} : { expectedAtMs }),
  });
  settle(draft, context);
  // What stands elsewhere may be sooner by now.
  lookElsewhere(draft, context);
  return draft.decided();
}
