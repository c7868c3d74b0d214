import type { StockCommand } from '@shelfline/contracts/stock-delta';
import { type Hold, hasGoneOut, type Order } from './order.js';
import type { OrderEvent } from './order-events.js';
import { isArrival } from './pickup-transfer/arriving.js';
import { isBackorderEvent } from './presale/backorder-events.js';
import { isAtStoreEvent } from './store/at-store-events.js';

/** Of whom the ledger's answers are read. */
export const ORDERS_SOURCE = 'orders';

type Step = 'release' | 'fulfil';

/**
 * What the events of one decision ask of the ledger. `order` is the order after them. A command's id is made of what it
 * asks, so the same again is answered again and moves nothing.
 */
export function ledgerCommands(order: Order, events: readonly OrderEvent[]): StockCommand[] {
  return events.flatMap((event): StockCommand[] => {
    if (isAtStoreEvent(event)) return [];
    if (isBackorderEvent(event))
      return event.type === 'backorder_replaced' ? [step('release', getHold(order, event.reservationId))] : [];
    switch (event.type) {
      case 'hold_asked':
      case 'hold_asked_again':
        return [reserve(order, getHold(order, event.reservationId))];
      case 'hold_released': {
        const hold = getHold(order, event.reservationId);
        // What a transfer has taken over it gives back itself: only it knows whether it has left.
        return hold.transfer === undefined ? [step('release', hold)] : [];
      }
      case 'hold_refused': {
        // It may have been asked before the units were booked in: what is made late must not stand for nothing.
        const hold = getHold(order, event.reservationId);
        return isArrival(hold.reservationId) ? [step('release', hold)] : [];
      }
      case 'arrival_given_back':
        return [step('release', event)];
      case 'hold_reduced':
        return [reduce(getHold(order, event.reservationId), event.quantity)];
      case 'task_changed':
        // What was delivered, or came back, was shipped before.
        return hasGoneOut(event) && event.state !== 'DELIVERED' && event.state !== 'RETURNED'
          ? order.holds
              .filter(({ task, state }) => task === event.number && state === 'fulfilled')
              .map((hold) => step('fulfil', hold))
          : [];
      case 'held':
      case 'hold_extended':
      case 'placed':
      case 'sold_elsewhere':
      case 'return_changed':
      case 'planned':
      case 'unplaced':
      case 'stock_arrived':
      case 'hold_granted':
      case 'task_assigned':
      case 'transfer_requested':
      case 'transfer_shipped':
      case 'transfer_late':
      case 'transfer_lost':
      case 'transfer_refused':
      case 'transfer_arrived':
      case 'place_refused':
      case 'refusal_lifted':
      case 'units_cancelled':
      case 'task_lines_changed':
      case 'task_withdrawn':
      case 'units_added':
      case 'changed':
      case 'waiting':
      case 'tracking_ended':
      case 'erasure_put_off':
      case 'erasure_finished':
      case 'customer_erased':
      case 'credit_asked':
      case 'credit_answered':
      case 'handover_opened':
      case 'handover_refused':
      case 'handover_code_renewed':
      case 'handover_without_code':
      case 'pickup_reminded':
      case 'watch_started':
      case 'task_times_moved':
      case 'task_escalated':
        return [];
    }
  });
}

const getHold = ({ orderId, holds }: Order, reservationId: string): Hold => {
  const hold = holds.find((one) => one.reservationId === reservationId);
  if (!hold) throw new Error(`order ${orderId} has no reservation ${reservationId}`);
  return hold;
};

/**
 * Lasting at once: the order is written down before it asks, and gives back what it does not use. A hold that ran out by
 * itself would be one more step to each order, and a task with nothing behind it where that step comes late.
 */
const reserve = (
  { orderId, placed }: Order,
  { reservationId, sku, quantity, locations, expiresAtMs, ahead, asks = 1 }: Hold,
): StockCommand => ({
  type: 'reserve',
  // What has come was asked for by its transfer first; its answer is known here under that id.
  id: isArrival(reservationId) ? `reserve/${reservationId}/${asks}` : `reserve/${reservationId}`,
  source: ORDERS_SOURCE,
  sku,
  reservationId,
  quantity,
  locations: [...locations],
  mode: 'all_or_nothing',
  demand: placed.method === 'carry_out' ? 'carry_out' : 'online',
  expiresAt: new Date(expiresAtMs).toISOString(),
  lasting: true,
  ...(ahead ? { against: 'incoming' as const } : {}),
  replyTo: { topic: 'orders.intake', key: orderId },
});

/** Its id says how many stay, and they only become fewer. */
const reduce = ({ reservationId, sku }: Hold, keep: number): StockCommand => ({
  type: 'reduce',
  id: `reduce/${reservationId}/${keep}`,
  source: ORDERS_SOURCE,
  sku,
  reservationId,
  keep,
});

const step = (type: Step, { reservationId, sku }: Pick<Hold, 'reservationId' | 'sku'>): StockCommand => ({
  type,
  id: `${type}/${reservationId}`,
  source: ORDERS_SOURCE,
  sku,
  reservationId,
});
