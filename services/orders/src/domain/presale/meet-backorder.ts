import type { DeliveryFellShort, GoodsArrived } from '@shelfline/contracts/incoming';
import { type Decided, type OrderContext, OrderDraft } from '../decision.js';
import type { Order } from '../order.js';
import { settle } from '../settle-order.js';

/**
 * What the ledger says of units that are promised against a delivery. Either may overtake the answer to the question: what
 * it says is newer, and the answer finds nothing asked any more.
 */
export function meetBackorder(
  { type, reservationId, location }: GoodsArrived | DeliveryFellShort,
  order: Order | undefined,
  context: OrderContext,
): Decided {
  const hold = order?.holds.find((one) => one.reservationId === reservationId);
  if (!order || !hold?.ahead || (hold.state !== 'asked' && hold.state !== 'awaited')) return { kind: 'unchanged' };
  const draft = new OrderDraft(order, context);
  const hasCome = type === 'goods_arrived';
  draft.add({ type: hasCome ? 'backorder_arrived' : 'backorder_fell_short', reservationId, location });
  settle(draft, context);
  return draft.decided();
}
