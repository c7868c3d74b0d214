import type { HeldFor, StockFact } from '@shelfline/contracts/stock-delta';
import { arrivalRequestOf } from './reserve-stock.js';
import { emptyLevel, type Stock, type StockEvent } from './stock.js';

export const heldForOf = (fact: StockFact): HeldFor | undefined =>
  fact.type === 'transfer_in' || fact.type === 'return' ? fact.heldFor : undefined;

/**
 * Units that come for somebody are his in the step that books them in. They are what he was promised elsewhere, so neither
 * safety stock nor trust in figures takes part; what tills have sold below zero is no promise's all the same. A
 * reservation that was made, or given back, before they came stays what it is.
 */
export function holdArrival(fact: StockFact, stock: Stock, events: readonly StockEvent[]): StockEvent[] {
  const wanted = heldForOf(fact);
  if (!wanted || stock.findReservation(wanted.reservationId)) return [...events];
  const { location } = fact;
  const { reservationId, quantity, mode, demand = null } = wanted;
  const free = freeAfter(stock, location, events);
  const units = mode === 'partial' ? Math.min(quantity, free) : free >= quantity ? quantity : 0;
  const at = events.findIndex((event) => event.kind === 'stock_moved' && event.location === location);
  const moved = events[at];
  if (units <= 0 || moved?.kind !== 'stock_moved') return [...events];
  // One change of the level: whoever reads what stands after a movement reads the promise too.
  const held: StockEvent = { ...moved, change: { ...moved.change, reserved: units } };
  return [
    ...events.slice(0, at),
    held,
    {
      kind: 'reservation_set',
      reservation: {
        reservationId,
        state: 'COMMITTED',
        allocations: [{ location, quantity: units }],
        expiresAtMs: Date.parse(wanted.expiresAt),
        request: arrivalRequestOf(wanted, location),
        channel: null,
        demand,
      },
    },
    ...events.slice(at + 1),
  ];
}

function freeAfter(stock: Stock, location: string, events: readonly StockEvent[]): number {
  const { onHand, reserved, damaged, qualityControl } = stock.levels.get(location) ?? emptyLevel(location);
  let free = onHand - reserved - damaged - qualityControl;
  for (const event of events)
    if (event.kind === 'stock_moved' && event.location === location) {
      const { change } = event;
      free += (change.onHand ?? 0) - (change.damaged ?? 0) - (change.qualityControl ?? 0);
    }
  return free;
}
