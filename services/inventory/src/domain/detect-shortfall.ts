import { isLive, type Level, type Stock, type StockEvent } from './stock.js';

const shortOf = (onHand: number, reserved: number, damaged: number, qualityControl: number): number =>
  Math.max(0, reserved - Math.max(0, onHand - damaged - qualityControl));

/**
 * A fact may take stock below what is promised. Emitted when the gap grows, with the promises in danger: the newest
 * first, until the gap is covered.
 */
export function detectShortfall(
  stock: Stock,
  location: string,
  before: Level,
  events: readonly StockEvent[],
): StockEvent | undefined {
  if (before.reserved === 0 && before.promisedIncoming === undefined) return undefined;
  let { onHand, reserved, damaged, qualityControl } = before;
  for (const event of events)
    if (event.kind === 'stock_moved' && event.location === location) {
      onHand += event.change.onHand ?? 0;
      reserved += event.change.reserved ?? 0;
      damaged += event.change.damaged ?? 0;
      qualityControl += event.change.qualityControl ?? 0;
    }
  const shortUnits = shortOf(onHand, reserved, damaged, qualityControl);
  if (shortUnits <= shortOf(before.onHand, before.reserved, before.damaged, before.qualityControl)) return undefined;
  return {
    kind: 'shortfall_found',
    location,
    shortUnits,
    endangered: endangeredAt(stock, location, shortUnits, events),
  };
}

function endangeredAt(stock: Stock, location: string, shortUnits: number, events: readonly StockEvent[]) {
  const reservations = new Map(stock.reservations);
  // Goods that come in may be too few for whom they are given to.
  for (const event of events)
    if (event.kind === 'reservation_set') {
      const { reservationId } = event.reservation;
      const known = stock.reservations.get(reservationId);
      if (known) reservations.set(reservationId, { ...known, ...event.reservation });
    }
  const held = [...reservations.values()]
    .filter(isLive)
    .flatMap(({ reservationId, allocations, madeVersion }) =>
      allocations
        .filter((allocation) => allocation.location === location)
        .map(({ quantity }) => ({ reservationId, quantity, madeVersion })),
    )
    .sort((a, b) => b.madeVersion - a.madeVersion);
  const endangered: { reservationId: string; quantity: number }[] = [];
  let covered = 0;
  for (const { reservationId, quantity } of held) {
    if (covered >= shortUnits) break;
    endangered.push({ reservationId, quantity });
    covered += quantity;
  }
  return endangered;
}
