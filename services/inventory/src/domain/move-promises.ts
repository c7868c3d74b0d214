import type { Awaited } from '@shelfline/contracts/incoming';
import { expectedBy } from './expectations.js';
import { missingUnits } from './incoming-promises.js';
import { instantOf } from './instant.js';
import { isLive, type Level, type Reservation, type Stock, type StockEvent } from './stock.js';

/**
 * The day of each promise of deliveries to a place, as it is after what a fact does there (`events`): the oldest promise is
 * served first. Those that are expected on another day than their order was told get it, and are named.
 */
export function movePromises(before: Level, events: readonly StockEvent[], stock: Stock): StockEvent[] {
  const level = levelAfter(before, events);
  const { location } = level;
  const moved: Extract<StockEvent, { kind: 'promises_moved' }>['moved'][number][] = [];
  const sets: StockEvent[] = [];
  let passed = missingUnits(level);
  for (const reservation of awaitingAfter(location, events, stock)) {
    const share = reservation.awaited.find((one) => one.location === location)!;
    passed += share.quantity;
    const atMs = expectedBy(level.expected, passed);
    const expectedAt = atMs === undefined ? undefined : instantOf(atMs);
    if (expectedAt === share.expectedAt) continue;
    const day = expectedAt === undefined ? {} : { expectedAt };
    const { version: _, madeVersion: __, ...rest } = reservation;
    const awaited = rest.awaited.map((one) => (one.location === location ? redated(one, day) : one));
    sets.push({ kind: 'reservation_set', reservation: { ...rest, awaited } });
    moved.push({ reservationId: rest.reservationId, quantity: share.quantity, ...day });
  }
  return moved.length > 0 ? [...sets, { kind: 'promises_moved', location, moved }] : [];
}

function redated({ expectedAt: _, ...share }: Awaited, day: Pick<Awaited, 'expectedAt'>): Awaited {
  return { ...share, ...day };
}

function levelAfter(before: Level, events: readonly StockEvent[]): Level {
  let level = before;
  for (const event of events) {
    if (event.kind !== 'stock_moved' || event.location !== before.location) continue;
    const { change, expected = level.expected } = event;
    level = {
      ...level,
      expected,
      onHand: level.onHand + (change.onHand ?? 0),
      reserved: level.reserved + (change.reserved ?? 0),
      damaged: level.damaged + (change.damaged ?? 0),
      qualityControl: level.qualityControl + (change.qualityControl ?? 0),
    };
  }
  return level;
}

type AwaitingOne = Reservation & { readonly awaited: readonly Awaited[] };

/** The oldest first. */
function awaitingAfter(location: string, events: readonly StockEvent[], stock: Stock): AwaitingOne[] {
  const reservations = new Map(stock.reservations);
  for (const event of events) {
    if (event.kind !== 'reservation_set') continue;
    const { reservationId } = event.reservation;
    const known = reservations.get(reservationId);
    // What an event leaves out is over: it does not await what it awaited.
    if (known)
      reservations.set(reservationId, { version: known.version, madeVersion: known.madeVersion, ...event.reservation });
  }
  return [...reservations.values()]
    .filter(
      (one): one is AwaitingOne => isLive(one) && (one.awaited ?? []).some((share) => share.location === location),
    )
    .sort((a, b) => a.madeVersion - b.madeVersion);
}
