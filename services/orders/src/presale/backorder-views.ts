import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Hold } from '../domain/order.js';
import type { BackorderEvent } from '../domain/presale/backorder-events.js';

const TOLD = {
  hold_backordered: 'backordered',
  backorder_arrived: 'backorder_arrived',
  backorder_fell_short: 'backorder_fell_short',
} as const;

/** What others hear of units that are promised against a delivery. */
export function backorderStep(
  event: BackorderEvent,
  hold: Hold | undefined,
): Pick<ToldEvent, 'type' | 'lineId' | 'units' | 'location' | 'expectedAt'> {
  const due =
    event.type === 'hold_backordered' && event.expectedAtMs !== undefined
      ? { expectedAt: new Date(event.expectedAtMs).toISOString() }
      : {};
  const { lineId = '', quantity = 0 } = hold ?? {};
  return { type: TOLD[event.type], lineId, units: quantity, location: event.location, ...due };
}
