import type { Move, Reduce, StockCommand } from '@shelfline/contracts/stock-delta';
import type { ReservationState } from '@shelfline/contracts/stock-outcome';
import { type PromiseContext, promisableOf } from './availability.js';
import { givenBack } from './incoming-promises.js';
import { type PickNote, shipUnits } from './pick-units.js';
import { isBarred } from './reference.js';
import { isLive, type Reservation, type Stock, type StockEvent, TOMBSTONE } from './stock.js';

export type ReservationStep = Exclude<StockCommand, { type: 'reserve' | 'reduce' | 'ring_fence' | 'move' | 'repair' }>;

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
  if (command.type === 'fulfil' && reservation.awaited)
    return [answer(reservationId, 'refused', reservation.state, 'awaits_goods')];
  const { events: moved, note } = movesOf(command, reservation, stock, context);
  const { version: _, madeVersion: __, ...rest } = reservation;
  const next = to === 'COMMITTED' ? rest : withoutAwaited(rest);
  return [
    ...moved,
    { kind: 'reservation_set', reservation: { ...next, state: to } },
    answer(reservationId, 'accepted', to, note),
  ];
}

/** What is over awaits nothing. */
const withoutAwaited = <R extends Pick<Reservation, 'awaited'>>(reservation: R): Omit<R, 'awaited'> => {
  if (!reservation.awaited) return reservation;
  const { awaited: _, ...rest } = reservation;
  return rest;
};

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

/**
 * So many units stay held, of the places in their order; the rest is free for everybody at once, with no moment in which
 * somebody else could take what stays. The same again, or more than is held, is `unchanged`.
 */
export function reduceReservation({ reservationId, keep }: Reduce, stock: Stock): StockEvent[] {
  const reservation = stock.findReservation(reservationId);
  if (!reservation) return [answer(reservationId, 'refused', undefined, 'unknown_reservation')];
  const { state } = reservation;
  if (!isLive(reservation))
    return [answer(reservationId, 'refused', state, `not_possible_when_${state.toLowerCase()}`)];
  let left = keep;
  const freed: StockEvent[] = [];
  const allocations = reservation.allocations.flatMap(({ location, quantity }) => {
    const kept = Math.min(left, quantity);
    left -= kept;
    if (kept < quantity) freed.push({ kind: 'stock_moved', location, change: { reserved: kept - quantity } });
    return kept > 0 ? [{ location, quantity: kept }] : [];
  });
  const awaited = (reservation.awaited ?? []).flatMap((share) => {
    const { location, quantity } = share;
    const kept = Math.min(left, quantity);
    left -= kept;
    if (kept < quantity) freed.push({ kind: 'stock_moved', location, change: { promisedIncoming: kept - quantity } });
    return kept > 0 ? [{ ...share, quantity: kept }] : [];
  });
  if (freed.length === 0) return [answer(reservationId, 'unchanged', state)];
  const { version: _, madeVersion: __, awaited: ___, ...rest } = reservation;
  // What stays has come already, in part of a delivery: nothing that comes later would tell it.
  const last = reservation.awaited && awaited.length === 0 ? allocations.at(-1) : undefined;
  const met: StockEvent[] = last
    ? [{ kind: 'promises_met', location: last.location, met: [{ reservationId, quantity: keep }] }]
    : [];
  return [
    ...freed,
    { kind: 'reservation_set', reservation: { ...rest, allocations, ...(awaited.length > 0 ? { awaited } : {}) } },
    ...met,
    { kind: 'answered', result: 'accepted', reservationId, state, allocations, shortUnits: 0 },
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
