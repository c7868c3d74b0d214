import { without } from '../evolve-hold.js';
import type { Hold } from '../hold.js';
import type { Applied, Order } from '../order.js';
import type { BackorderEvent, Elsewhere, LookedElsewhere } from './backorder-events.js';
import { backorderedOf } from './backorder-state.js';

const STATES = {
  hold_backordered: 'awaited',
  backorder_arrived: 'held',
  backorder_replaced: 'released',
  backorder_fell_short: 'released',
} as const;
type Redated = Extract<BackorderEvent, { type: 'backorder_redated' }>;
type OfPromise = Exclude<BackorderEvent, LookedElsewhere | Redated>;

/** What becomes of an order's promises of deliveries, and why it waits. */
export function evolveBackorder(order: Order, event: BackorderEvent, { atMs }: Applied): Order {
  switch (event.type) {
    case 'looked_elsewhere':
      return { ...order, elsewhere: lookedElsewhere(order.elsewhere, event, atMs) };
    case 'hold_backordered':
      return { ...order, holds: backordered(order.holds, event), reason: 'awaiting_delivery' };
    case 'backorder_arrived':
    case 'backorder_replaced':
      return { ...order, holds: backordered(order.holds, event) };
    case 'backorder_redated':
      return withPromiseOf(order, { ...order, holds: order.holds.map((hold) => redated(hold, event)) });
    case 'backorder_fell_short':
      return { ...without(order, 'retryAtMs', 'shortAt'), holds: backordered(order.holds, event), attempts: 0 };
  }
}

function lookedElsewhere(
  elsewhere: Elsewhere | undefined,
  { tries, lookAtMs }: LookedElsewhere,
  atMs: number,
): Elsewhere {
  const isTried = tries > (elsewhere?.tries ?? 0);
  const triedAtMs = isTried ? atMs : elsewhere?.triedAtMs;
  return { tries, lookAtMs, ...(triedAtMs === undefined ? {} : { triedAtMs }) };
}

function backordered(holds: readonly Hold[], event: OfPromise): Hold[] {
  const { type, reservationId, location } = event;
  const due =
    type === 'hold_backordered' && event.expectedAtMs !== undefined ? { expectedAtMs: event.expectedAtMs } : {};
  const changed = { location, state: STATES[type], ...due };
  return holds.map((hold) => {
    if (hold.reservationId === reservationId) return { ...hold, ...changed };
    return type === 'backorder_fell_short' && hold.insteadOf === reservationId ? onItsOwn(hold) : hold;
  });
}

/** What it was to replace is gone: it is asked for like anything else. */
function onItsOwn(hold: Hold): Hold {
  const { insteadOf: _, ...own } = hold;
  return own;
}

function redated(hold: Hold, { reservationId, expectedAtMs, datedVersion }: Redated): Hold {
  if (hold.reservationId !== reservationId) return hold;
  const { expectedAtMs: _, ...rest } = hold;
  return { ...rest, datedVersion, ...(expectedAtMs === undefined ? {} : { expectedAtMs }) };
}

/**
 * What the customer was promised is as much later, or sooner, as the last of what the order awaits: counted from the last
 * day that was told, also where nobody could tell one in between, and never before it leaves.
 */
function withPromiseOf(before: Order, { lostDayMs: _, ...order }: Order): Order {
  const nowMs = lastDayMs(order);
  const formerMs = lastDayMs(before) ?? before.lostDayMs;
  if (nowMs === undefined) return { ...order, ...(formerMs === undefined ? {} : { lostDayMs: formerMs }) };
  const { promisedBy } = order.placed;
  if (promisedBy === undefined || formerMs === undefined || formerMs === nowMs) return order;
  const movedMs = Math.max(Date.parse(promisedBy) + nowMs - formerMs, nowMs);
  return { ...order, placed: { ...order.placed, promisedBy: new Date(movedMs).toISOString() } };
}

function lastDayMs(order: Order): number | undefined {
  const { expectedAt } = backorderedOf(order);
  return expectedAt === undefined ? undefined : Date.parse(expectedAt);
}
