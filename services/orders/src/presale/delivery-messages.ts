import type { ArrivalNotice, DeliveryMovedNotice } from '@shelfline/contracts/incoming';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import { orderOfReservation } from '../domain/settle-order.js';

type DeliveryNotice = ArrivalNotice | DeliveryMovedNotice | ShortfallNotice;

/** What orders are told of deliveries that they wait for: they came, come another day, or will not. `id` names the notice. */
export function deliveryMessages(notice: DeliveryNotice, id: string): OrderMessage[] {
  const { sku, location, version } = notice;
  const named: readonly { readonly reservationId: string; readonly expectedAt?: string | undefined }[] =
    notice.type === 'shortfall' ? notice.endangered : notice.reservations;
  return named.flatMap(({ reservationId, expectedAt }, i): OrderMessage[] => {
    const orderId = orderOfReservation(reservationId);
    if (orderId === undefined) return [];
    const common = { id: `${id}/${i}`, source: 'inventory', orderId, reservationId, sku, location };
    if (notice.type === 'arrival') return [{ type: 'goods_arrived', ...common }];
    if (notice.type === 'shortfall') return [{ type: 'delivery_fell_short', ...common }];
    return [{ type: 'delivery_moved', ...common, version, ...(expectedAt === undefined ? {} : { expectedAt }) }];
  });
}
