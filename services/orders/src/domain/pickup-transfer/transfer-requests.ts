import type { TransferMessage } from '@shelfline/contracts/transfer';
import { ORDERS_SOURCE } from '../ledger-commands.js';
import type { Order } from '../order.js';
import type { OrderEvent } from '../order-events.js';
import { returnTransfers } from '../returns/return-transfers.js';

/**
 * What the events of one decision ask of transfers. `order` is the order after them. Ids are made of what is asked, so
 * the same again is a repeat.
 */
export function transferRequests(order: Order, events: readonly OrderEvent[]): TransferMessage[] {
  const requests = events.flatMap((event) => {
    if (event.type === 'transfer_requested') return [requestOf(order, event)];
    return event.type === 'return_changed' ? returnTransfers(order, event) : [];
  });
  const withdrawn = new Map<number, string[]>();
  for (const event of events) {
    if (event.type !== 'hold_released') continue;
    const hold = order.holds.find(({ reservationId }) => reservationId === event.reservationId);
    if (hold?.transfer === undefined) continue;
    withdrawn.set(hold.transfer, [...(withdrawn.get(hold.transfer) ?? []), hold.lineId]);
  }
  return [...requests, ...[...withdrawn].map(([number, lines]) => withdrawal(order, number, lines))];
}

function requestOf(
  { orderId, placed }: Order,
  { transferId, from, to, lines, reservationIds }: Extract<OrderEvent, { type: 'transfer_requested' }>,
): TransferMessage {
  return {
    type: 'request',
    id: `request/${transferId}`,
    source: ORDERS_SOURCE,
    transferId,
    from,
    to,
    // Sold on its own counter, and not in its own stock.
    purpose: placed.soldAt === to ? 'endless_aisle' : 'pickup',
    orderId,
    lines: lines.map((line, i) => ({ ...line, heldAs: reservationIds[i]! })),
  };
}

function withdrawal({ transfers = [], version }: Order, number: number, lines: string[]): TransferMessage {
  const { transferId } = transfers.find((one) => one.number === number)!;
  return { type: 'withdraw', id: `withdraw/${transferId}/${version}`, source: ORDERS_SOURCE, transferId, lines };
}
