import type { StockCommand } from '@shelfline/contracts/stock-delta';
import { type Hold, hasGoneOut, type Order } from './order.js';
import type { OrderEvent } from './order-events.js';

/** Of whom the ledger's answers are read. */
export const ORDERS_SOURCE = 'orders';

type Step = 'release' | 'fulfil';

/**
 * What the events of one decision ask of the ledger. `order` is the order after them. A command's id is made of what it
 * asks, so the same again is answered again and moves nothing.
 */
export function ledgerCommands(order: Order, events: readonly OrderEvent[]): StockCommand[] {
  return events.flatMap((event): StockCommand[] => {
    switch (event.type) {
      case 'hold_asked':
      case 'hold_asked_again':
        return [reserve(order, getHold(order, event.reservationId))];
      case 'hold_released':
        return [step('release', getHold(order, event.reservationId))];
      case 'hold_shrunk':
        return [releaseInPart(getHold(order, event.reservationId), event)];
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
      case 'hold_refused':
      case 'task_assigned':
      case 'task_lines_rejected':
      case 'parcel_changed':
      case 'parcel_wanted':
      case 'appointment_noted':
      case 'visit_planned':
      case 'place_refused':
      case 'units_cancelled':
      case 'waiting':
      case 'tracking_ended':
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
  { reservationId, sku, quantity, locations, expiresAtMs }: Hold,
): StockCommand => ({
  type: 'reserve',
  id: `reserve/${reservationId}`,
  source: ORDERS_SOURCE,
  sku,
  reservationId,
  quantity,
  locations: [...locations],
  mode: 'all_or_nothing',
  demand: placed.method === 'carry_out' ? 'carry_out' : 'online',
  expiresAt: new Date(expiresAtMs).toISOString(),
  lasting: true,
  replyTo: { topic: 'orders.intake', key: orderId },
});

/** Named by what it keeps, which is less each time. */
const releaseInPart = (hold: Hold, { units, keptUnits }: { readonly units: number; readonly keptUnits: number }) => ({
  ...step('release', hold),
  id: `release/${hold.reservationId}/${keptUnits}`,
  quantity: units,
});

const step = (type: Step, { reservationId, sku }: Hold): StockCommand => ({
  type,
  id: `${type}/${reservationId}`,
  source: ORDERS_SOURCE,
  sku,
  reservationId,
});
