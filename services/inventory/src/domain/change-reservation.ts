import type { Move, StockCommand } from '@shelfline/contracts/stock-delta';
import type { Allocation, ReservationState } from '@shelfline/contracts/stock-outcome';
import { type PromiseContext, promisableOf } from './availability.js';
import { type PickNote, shipUnits } from './pick-units.js';
import { isBarred } from './reserve-stock.js';
import { type Reservation, type Stock, type StockEvent, TOMBSTONE } from './stock.js';

export type ReservationStep = Exclude<StockCommand, { type: 'reserve' | 'ring_fence' | 'move' | 'repair' }>;

/** From which states a step may be taken, and where it leads. */
export const STEPS: Readonly<
  Record<ReservationStep['type'], { from: readonly ReservationState[]; to: ReservationState }>
> = {
  release: { from: ['ACTIVE', 'COMMITTED'], to: 'RELEASED' },
  commit: { from: ['ACTIVE'], to: 'COMMITTED' },
  fulfil: { from: ['ACTIVE', 'COMMITTED'], to: 'FULFILLED' },
  expire: { from: ['ACTIVE'], to: 'EXPIRED' },
};

/**
 * A step in a reservation's life. The same step again is `unchanged`. Releasing what is not known yet leaves a
 * tombstone, so that a reserve that comes late cannot bring it to life.
 */
export function changeReservation(command: ReservationStep, stock: Stock, context: PromiseContext): StockEvent[] {
  const { nowMs } = context;
  const { reservationId } = command;
  const { from, to } = STEPS[command.type];
  const reservation = stock.findReservation(reservationId);
  if (!reservation) {
    if (command.type !== 'release') return [answer(command.reservationId, 'refused', undefined, 'unknown_reservation')];
    return [
      { kind: 'reservation_set', reservation: tombstone(reservationId, nowMs) },
      answer(reservationId, 'accepted', 'RELEASED'),
    ];
  }
  if (reservation.state === to) return [answer(reservationId, 'unchanged', to, reasonWhenRepeated(command))];
  if (!from.includes(reservation.state))
    return [
      answer(reservationId, 'refused', reservation.state, `not_possible_when_${reservation.state.toLowerCase()}`),
    ];
  if (command.type === 'expire' && reservation.expiresAtMs > nowMs)
    return [answer(reservationId, 'refused', reservation.state, 'not_yet_expired')];
  if (command.type === 'release' && isInPart(command.quantity, reservation))
    return giveBackInPart(reservation, command.quantity);
  const { events: moved, note } = movesOf(command, reservation, stock, context);
  const { version: _, madeVersion: __, ...rest } = reservation;
  return [
    ...moved,
    { kind: 'reservation_set', reservation: { ...rest, state: to } },
    answer(reservationId, 'accepted', to, note),
  ];
}

/** Who corrects what was picked must not take the correction for recorded. */
const reasonWhenRepeated = (command: ReservationStep): string | undefined =>
  command.type === 'fulfil' && (command.lots?.length || command.serials?.length) ? 'fulfilled_before' : undefined;

function movesOf(
  command: ReservationStep,
  reservation: Reservation,
  stock: Stock,
  context: PromiseContext,
): { readonly events: StockEvent[]; readonly note?: PickNote | undefined } {
  switch (command.type) {
    case 'commit':
      return { events: [] };
    case 'fulfil':
      return shipUnits(command, reservation, stock, context);
    case 'release':
    case 'expire':
      return { events: givenBack(reservation) };
  }
}

const givenBack = ({ allocations }: Reservation): StockEvent[] =>
  allocations.map(({ location, quantity }) => ({ kind: 'stock_moved', location, change: { reserved: -quantity } }));

const unitsOf = ({ allocations }: Reservation): number => allocations.reduce((sum, { quantity }) => sum + quantity, 0);
const isInPart = (units: number | undefined, reservation: Reservation): units is number =>
  units !== undefined && units < unitsOf(reservation);

/** The places that were chosen last yield first; what stays is held as before. */
function giveBackInPart(reservation: Reservation, units: number): StockEvent[] {
  let left = units;
  const moved: StockEvent[] = [];
  const kept: Allocation[] = [];
  for (const { location, quantity } of reservation.allocations.toReversed()) {
    const given = Math.min(left, quantity);
    left -= given;
    if (given > 0) moved.push({ kind: 'stock_moved', location, change: { reserved: -given } });
    if (given < quantity) kept.unshift({ location, quantity: quantity - given });
  }
  const { version: _, madeVersion: __, ...rest } = reservation;
  const { reservationId, state } = reservation;
  return [
    ...moved,
    { kind: 'reservation_set', reservation: { ...rest, allocations: kept } },
    { kind: 'answered', result: 'accepted', reservationId, state, allocations: kept, shortUnits: 0 },
  ];
}

/** Promises held at one place are held at another from now on; the new place is checked like any promise. */
export function moveReservation(command: Move, stock: Stock, context: PromiseContext): StockEvent[] {
  const { reservationId, fromLocation, toLocation, quantity } = command;
  const reservation = stock.findReservation(reservationId);
  if (!reservation) return [answer(reservationId, 'refused', undefined, 'unknown_reservation')];
  const { state } = reservation;
  if (state !== 'ACTIVE' && state !== 'COMMITTED')
    return [answer(reservationId, 'refused', state, `not_possible_when_${state.toLowerCase()}`)];
  const held = reservation.allocations.find(({ location }) => location === fromLocation)?.quantity ?? 0;
  if (fromLocation === toLocation || held < quantity)
    return [answer(reservationId, 'refused', state, 'not_held_there')];
  const product = context.reference.findProduct(stock.sku);
  const location = context.reference.findLocation(toLocation);
  if (!product) return [answer(reservationId, 'refused', state, 'unknown_sku')];
  if (!location) return [answer(reservationId, 'refused', state, 'unknown_location')];
  if (isBarred(location, reservation.demand)) return [answer(reservationId, 'refused', state, 'kept_for_online')];
  const level = stock.levels.get(toLocation);
  const promisable = level ? promisableOf(level, location, product, reservation.channel, context) : 0;
  if (promisable < quantity) return [answer(reservationId, 'refused', state, 'short', quantity - promisable)];
  const units = new Map(reservation.allocations.map((a) => [a.location, a.quantity]));
  units.set(fromLocation, held - quantity);
  units.set(toLocation, (units.get(toLocation) ?? 0) + quantity);
  const allocations = [...units].flatMap(([place, n]) => (n > 0 ? [{ location: place, quantity: n }] : []));
  const { version: _, madeVersion: __, ...rest } = reservation;
  return [
    { kind: 'stock_moved', location: fromLocation, change: { reserved: -quantity } },
    { kind: 'stock_moved', location: toLocation, change: { reserved: quantity } },
    { kind: 'reservation_set', reservation: { ...rest, allocations } },
    { kind: 'answered', result: 'accepted', reservationId, state, allocations, shortUnits: 0 },
  ];
}

const tombstone = (reservationId: string, nowMs: number) => ({
  reservationId,
  state: 'RELEASED' as const,
  allocations: [],
  expiresAtMs: nowMs,
  request: TOMBSTONE,
  channel: null,
  demand: null,
});

const answer = (
  reservationId: string,
  result: 'accepted' | 'refused' | 'unchanged',
  state: ReservationState | undefined,
  reason?: string,
  shortUnits = 0,
): StockEvent => ({
  kind: 'answered',
  result,
  reservationId,
  ...(state ? { state } : {}),
  allocations: [],
  shortUnits,
  ...(reason ? { reason } : {}),
});
