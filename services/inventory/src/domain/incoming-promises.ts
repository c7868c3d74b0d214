import type { Awaited } from '@shelfline/contracts/incoming';
import type { Allocation } from '@shelfline/contracts/stock-outcome';
import { earliestFirst, expectedBy } from './expectations.js';
import { instantOf } from './instant.js';
import { isLive, type Level, type Reservation, type Stock, type StockEvent } from './stock.js';

/**
 * Promises against deliveries. At every level promisedIncoming ≤ incoming, and promisedIncoming is the sum of what live
 * reservations await there: whatever lowers `incoming` keeps promises, or takes them back, in the same decision.
 */

/** Promised already and not there; the next delivery goes to it first. */
export const missingUnits = ({ onHand, reserved, damaged, qualityControl }: Level): number =>
  Math.max(0, reserved - (onHand - damaged - qualityControl));

/** Units of deliveries to a level that may still be promised. */
export const promisableIncoming = (level: Level): number =>
  Math.max(0, level.incoming - (level.promisedIncoming ?? 0) - missingUnits(level));

/** Days that a level tells of; what comes later is told as of the last of them. */
const MOST_DAYS = 20;

export interface ArrivingUnits {
  readonly units: number;
  /** Absent where nobody has told. */
  readonly atMs?: number;
}

/** The same units by when they are expected: what is promised already, or short, takes those that come first. */
export function promisableArrivals(level: Level): ArrivingUnits[] {
  const arrivals: { units: number; atMs?: number }[] = [];
  let passed = (level.promisedIncoming ?? 0) + missingUnits(level);
  let left = promisableIncoming(level);
  const take = (units: number, atMs: number | undefined): void => {
    const last = arrivals.at(-1);
    if (last === undefined || (last.atMs !== atMs && arrivals.length < MOST_DAYS))
      arrivals.push(atMs === undefined ? { units } : { units, atMs });
    else {
      last.units += units;
      if (atMs === undefined) delete last.atMs;
      else last.atMs = atMs;
    }
    left -= units;
  };
  for (const { units, atMs } of earliestFirst(level.expected)) {
    if (left === 0) break;
    const free = Math.min(left, units - passed);
    if (free > 0) take(free, atMs);
    passed = Math.max(0, passed - units);
  }
  // Expected, and under no document that is known.
  if (left > 0) take(left, undefined);
  return arrivals;
}

/** A share of a delivery, and when the last unit of it is expected, as all before it are served first. */
export function awaitedOf(level: Level, quantity: number): Awaited {
  const { location, promisedIncoming = 0 } = level;
  const atMs = expectedBy(level.expected, promisedIncoming + missingUnits(level) + quantity);
  return { location, quantity, ...(atMs === undefined ? {} : { expectedAt: instantOf(atMs) }) };
}

/** Gives back all that a reservation holds and awaits. */
export const givenBack = ({
  allocations,
  awaited = [],
}: Pick<Reservation, 'allocations' | 'awaited'>): StockEvent[] => [
  ...allocations.map(
    ({ location, quantity }): StockEvent => ({ kind: 'stock_moved', location, change: { reserved: -quantity } }),
  ),
  ...awaited.map(
    ({ location, quantity }): StockEvent => ({
      kind: 'stock_moved',
      location,
      change: { promisedIncoming: -quantity },
    }),
  ),
];

/**
 * Units that came in go to the oldest promises first, one by one, so a promise for more than has come holds a part of it
 * already. Units are given to promises before anything else can take them: they come in as reserved.
 */
export function keepPromises(location: string, units: number, stock: Stock): StockEvent[] {
  const events: StockEvent[] = [];
  const met: { reservationId: string; quantity: number }[] = [];
  let left = Math.min(units, stock.levels.get(location)?.promisedIncoming ?? 0);
  if (left <= 0) return events;
  events.push({ kind: 'stock_moved', location, change: { reserved: left, promisedIncoming: -left } });
  for (const reservation of awaitingAt(location, stock).sort((a, b) => a.madeVersion - b.madeVersion)) {
    if (left === 0) break;
    const given = Math.min(left, unitsAt(reservation, location));
    left -= given;
    const next = withArrived(reservation, location, given);
    events.push({ kind: 'reservation_set', reservation: next });
    if (!next.awaited)
      met.push({ reservationId: next.reservationId, quantity: next.allocations.reduce((n, a) => n + a.quantity, 0) });
  }
  return met.length > 0 ? [...events, { kind: 'promises_met', location, met }] : events;
}

/**
 * Less is expected than was promised against it: the newest promises are taken back, whole, until the rest is covered.
 * `incoming`: what is expected after the fact.
 */
export function withdrawPromises(location: string, incoming: number, stock: Stock): StockEvent[] {
  const excess = (stock.levels.get(location)?.promisedIncoming ?? 0) - Math.max(0, incoming);
  if (excess <= 0) return [];
  const events: StockEvent[] = [];
  const endangered: { reservationId: string; quantity: number }[] = [];
  let covered = 0;
  for (const reservation of awaitingAt(location, stock).sort((a, b) => b.madeVersion - a.madeVersion)) {
    if (covered >= excess) break;
    const { version: _, madeVersion: __, awaited: ___, ...rest } = reservation;
    const quantity = unitsAt(reservation, location);
    covered += quantity;
    events.push(...givenBack(reservation), { kind: 'reservation_set', reservation: { ...rest, state: 'RELEASED' } });
    endangered.push({ reservationId: reservation.reservationId, quantity });
  }
  return [...events, { kind: 'shortfall_found', of: 'incoming', location, shortUnits: excess, endangered }];
}

const awaitingAt = (location: string, stock: Stock): Reservation[] =>
  [...stock.reservations.values()].filter((one) => isLive(one) && unitsAt(one, location) > 0);

const unitsAt = ({ awaited = [] }: Reservation, location: string): number =>
  awaited.find((one) => one.location === location)?.quantity ?? 0;

function withArrived(
  { version: _, madeVersion: __, awaited = [], ...reservation }: Reservation,
  location: string,
  units: number,
): Omit<Reservation, 'version' | 'madeVersion'> {
  const rest = awaited.flatMap((one) => {
    const quantity = one.location === location ? one.quantity - units : one.quantity;
    return quantity > 0 ? [{ ...one, quantity }] : [];
  });
  const allocations = withUnits(reservation.allocations, location, units);
  return { ...reservation, allocations, ...(rest.length > 0 ? { awaited: rest } : {}) };
}

const withUnits = (allocations: readonly Allocation[], location: string, units: number): readonly Allocation[] =>
  allocations.some((one) => one.location === location)
    ? allocations.map((one) => (one.location === location ? { ...one, quantity: one.quantity + units } : one))
    : [...allocations, { location, quantity: units }];
