import type { OrderEvent as ToldEvent } from '@shelfline/contracts/order-view';
import type { Order } from '../domain/order.js';
import type { BackorderEvent } from '../domain/presale/backorder-events.js';

const TOLD = {
  hold_backordered: 'backordered',
  backorder_arrived: 'backorder_arrived',
  backorder_replaced: 'backorder_replaced',
  backorder_redated: 'backorder_redated',
  backorder_fell_short: 'backorder_fell_short',
} as const;

type Told = Pick<ToldEvent, 'type' | 'lineId' | 'units' | 'location' | 'expectedAt' | 'formerlyExpectedAt'>;

/** What others hear of units that are promised against a delivery. */
export function backorderSteps({ holds }: Pick<Order, 'holds'>, event: BackorderEvent): Told[] {
  if (event.type === 'looked_elsewhere') return [];
  const hold = holds.find((one) => one.reservationId === event.reservationId);
  // Of what the ledger has not promised yet nobody was told a day.
  if (event.type === 'backorder_redated' && hold?.state === 'asked') return [];
  const { lineId = '', quantity = 0 } = hold ?? {};
  const location = event.type === 'backorder_replaced' ? event.to : event.location;
  return [{ type: TOLD[event.type], lineId, units: quantity, location, ...daysOf(event) }];
}

function daysOf(event: BackorderEvent): Pick<Told, 'expectedAt' | 'formerlyExpectedAt'> {
  if (event.type !== 'hold_backordered' && event.type !== 'backorder_redated') return {};
  const { expectedAtMs } = event;
  const formerAtMs = event.type === 'backorder_redated' ? event.formerAtMs : undefined;
  return {
    ...(expectedAtMs === undefined ? {} : { expectedAt: new Date(expectedAtMs).toISOString() }),
    ...(formerAtMs === undefined ? {} : { formerlyExpectedAt: new Date(formerAtMs).toISOString() }),
  };
}
