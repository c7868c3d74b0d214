import type { ArrivalNotice } from '@shelfline/contracts/incoming';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import { orderOfReservation } from '../domain/settle-order.js';

/** What orders are told of deliveries that they wait for: they came, or will not. `id` names the notice. */
export function deliveryMessages(notice: ArrivalNotice | ShortfallNotice, id: string): OrderMessage[] {
  const { sku, location } = notice;
  const type = notice.type === 'arrival' ? ('goods_arrived' as const) : ('delivery_fell_short' as const);
  const named = notice.type === 'arrival' ? notice.reservations : notice.endangered;
  return named.flatMap(({ reservationId }, i): OrderMessage[] => {
    const orderId = orderOfReservation(reservationId);
    const common = { id: `${id}/${i}`, source: 'inventory', reservationId, sku, location };
    return orderId === undefined ? [] : [{ type, orderId, ...common }];
  });
}
