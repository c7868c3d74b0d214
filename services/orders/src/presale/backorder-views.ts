import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Order } from '../domain/order.js';
import type { BackorderEvent } from '../domain/presale/backorder-events.js';

const TOLD = {
  hold_backordered: 'backordered',
  backorder_arrived: 'backorder_arrived',
  backorder_replaced: 'backorder_replaced',
  backorder_fell_short: 'backorder_fell_short',
} as const;

/** What others hear of units that are promised against a delivery. */
export function backorderSteps(
  { holds }: Pick<Order, 'holds'>,
  event: BackorderEvent,
): Pick<ToldEvent, 'type' | 'lineId' | 'units' | 'location' | 'expectedAt'>[] {
  if (event.type === 'looked_elsewhere') return [];
  const { lineId = '', quantity = 0 } = holds.find((hold) => hold.reservationId === event.reservationId) ?? {};
  const due =
    event.type === 'hold_backordered' && event.expectedAtMs !== undefined
      ? { expectedAt: new Date(event.expectedAtMs).toISOString() }
      : {};
  const location = event.type === 'backorder_replaced' ? event.to : event.location;
  return [{ type: TOLD[event.type], lineId, units: quantity, location, ...due }];
}
