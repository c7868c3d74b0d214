import type { Order } from '@shelfline/orders/domain/order';
import type { StoredReservation } from '../promise-verdict.ts';
import type { Figures } from '../recount.ts';

/** Of an order, what is compared with the ledger. */
export type PromisingOrder = Pick<Order, 'orderId' | 'state' | 'version' | 'lines' | 'holds' | 'tasks'>;

const CLOSED: ReadonlySet<string> = new Set(['HANDED_OVER', 'DELIVERED', 'REJECTED', 'TIMED_OUT', 'CANCELLED']);
const GONE_OUT: ReadonlySet<string> = new Set(['SHIPPED', 'HANDED_OVER', 'DELIVERED']);
const isLive = ({ state }: { readonly state: string }): boolean => state === 'ACTIVE' || state === 'COMMITTED';
const heldBy = ({ holds }: PromisingOrder) => holds.filter(({ state }) => state === 'held');
const sumInto = (sums: Map<string, number>, key: string, units: number): void =>
  void sums.set(key, (sums.get(key) ?? 0) + units);
const unitsOf = (of: readonly { readonly quantity: number }[]): number =>
  of.reduce((sum, { quantity }) => sum + quantity, 0);

export type Orders = ReadonlyMap<string, PromisingOrder>;

/** Orders that ask or change just now, and what they may touch: of these nothing can be said until they stand still. */
export interface Moving {
  readonly orderIds: ReadonlySet<string>;
  /** As `sku@location`. */
  readonly keys: ReadonlySet<string>;
}

/** What the ledger holds and has of one moment, and the orders from just before and just after it. */
export interface Snapshot {
  readonly before: Orders;
  readonly reservations: readonly StoredReservation[];
  readonly levels: ReadonlyMap<string, Figures>;
  readonly after: Orders;
}

const isAsking = ({ state, holds }: PromisingOrder): boolean =>
  state === 'RESERVING' || holds.some((hold) => hold.state === 'asked');
const orderOf = ({ reservationId }: { readonly reservationId: string }): string => reservationId.split('/')[1] ?? '';

export function movingIn({ before, after, reservations }: Snapshot): Moving {
  const orderIds = new Set<string>();
  for (const [orderId, order] of after)
    if (isAsking(order) || before.get(orderId)?.version !== order.version) orderIds.add(orderId);
  const keys = new Set<string>();
  for (const orderId of orderIds)
    for (const { holds } of [before.get(orderId), after.get(orderId)].filter((order) => order !== undefined))
      for (const { sku, location, locations } of holds)
        for (const place of location === undefined ? locations : [location]) keys.add(`${sku}@${place}`);
  for (const reservation of reservations)
    if (orderIds.has(orderOf(reservation)))
      for (const { location } of reservation.allocations) keys.add(`${reservation.sku}@${location}`);
  return { orderIds, keys };
}

/**
 * What differs between what orders count on and what the ledger holds, reservation by reservation and in the sum of each
 * SKU and place, of all that does not move.
 */
export function unequalPromises({ after, reservations, levels }: Snapshot, moving: Moving): string[] {
  const found: string[] = [];
  const live = new Map<string, StoredReservation>();
  for (const reservation of reservations)
    if (isLive(reservation) && !moving.orderIds.has(orderOf(reservation)))
      live.set(reservation.reservationId, reservation);
  const promised = new Map<string, number>();
  for (const order of standing(after, moving))
    for (const { reservationId, sku, location, quantity } of heldBy(order)) {
      sumInto(promised, `${sku}@${location}`, quantity);
      const { allocations } = live.get(reservationId) ?? { allocations: [] };
      live.delete(reservationId);
      const [first, ...others] = allocations;
      if (first?.location !== location || first?.quantity !== quantity || others.length > 0)
        found.push(`${reservationId}: ${quantity} of ${sku}@${location} promised, held ${JSON.stringify(allocations)}`);
    }
  for (const { reservationId } of live.values()) found.push(`${reservationId}: held, and no order counts on it`);
  for (const key of new Set([...promised.keys(), ...levels.keys()])) {
    if (moving.keys.has(key)) continue;
    const [counted, reserved] = [promised.get(key) ?? 0, levels.get(key)?.reserved ?? 0];
    if (counted !== reserved) found.push(`${key}: ${counted} promised, ${reserved} reserved`);
  }
  return found;
}

const standing = (orders: Orders, { orderIds }: Moving): PromisingOrder[] =>
  [...orders.values()].filter(({ orderId }) => !orderIds.has(orderId));

/** While everything moves: what an order counts on before and after the ledger was read must have been held by it. */
export function unheldPromises({ before, reservations, after }: Snapshot): string[] {
  const live = new Set(reservations.filter(isLive).map(({ reservationId }) => reservationId));
  const found: string[] = [];
  for (const [orderId, order] of before) {
    const later = after.get(orderId);
    const still = new Set(later ? heldBy(later).map(({ reservationId }) => reservationId) : []);
    for (const { reservationId } of heldBy(order))
      if (still.has(reservationId) && !live.has(reservationId)) found.push(`${reservationId}: promised, and not held`);
  }
  return found;
}

/** Places where more is reserved than stands there. */
export const oversoldLevels = (levels: ReadonlyMap<string, Figures>): string[] =>
  [...levels].filter(([, { onHand, reserved }]) => reserved > onHand || onHand < 0).map(([key]) => key);

/** Orders whose own figures contradict each other: more counted on than asked, or a task with other units than are held for it. */
export function contradictions(orders: Iterable<PromisingOrder>): string[] {
  const found: string[] = [];
  for (const { orderId, lines, holds, tasks, state } of orders) {
    const isOver = state === 'COMPLETED' || state === 'PARTIALLY_COMPLETED' || state === 'CANCELLED';
    for (const { lineId, quantity, cancelledUnits } of lines) {
      const ofLine = holds.filter((hold) => hold.lineId === lineId);
      const counted = unitsOf(ofLine.filter((hold) => hold.state === 'held' || hold.state === 'fulfilled'));
      if (counted + cancelledUnits > quantity) found.push(`${orderId} ${lineId}: ${counted} promised of ${quantity}`);
      if (isOver && counted + cancelledUnits < quantity) found.push(`${orderId} ${lineId}: over, and not all decided`);
    }
    if (isOver && holds.some((hold) => hold.state === 'held')) found.push(`${orderId}: over, and still holds units`);
    for (const task of tasks) {
      const isGone = GONE_OUT.has(task.state);
      if (CLOSED.has(task.state) && !isGone) continue;
      const behind = holds.filter(
        (hold) => hold.task === task.number && hold.state === (isGone ? 'fulfilled' : 'held'),
      );
      const wanted = unitsOf(task.lines);
      if (unitsOf(behind) !== wanted)
        found.push(`${orderId}/${task.number} ${task.state}: ${wanted} to give, ${unitsOf(behind)} behind it`);
    }
  }
  return found;
}

/** Places where not what came less what went out stands. */
export function wrongStock(
  { after, levels }: Pick<Snapshot, 'after' | 'levels'>,
  received: ReadonlyMap<string, number>,
  { keys }: Pick<Moving, 'keys'>,
): string[] {
  const left = new Map(received);
  for (const { holds } of after.values())
    for (const { sku, location, quantity, state } of holds)
      if (state === 'fulfilled') sumInto(left, `${sku}@${location}`, -quantity);
  return [...new Set([...left.keys(), ...levels.keys()])].flatMap((key) => {
    const [units, onHand] = [left.get(key) ?? 0, levels.get(key)?.onHand ?? 0];
    return units === onHand || keys.has(key) ? [] : [`${key}: ${units} came and did not go, ${onHand} on hand`];
  });
}
