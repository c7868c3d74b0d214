import type { Hold } from '../hold.js';
import type { BackorderEvent, LookedElsewhere } from './backorder-events.js';
import type { Elsewhere } from './backorder-state.js';

const STATES = {
  hold_backordered: 'awaited',
  backorder_arrived: 'held',
  backorder_replaced: 'released',
  backorder_fell_short: 'released',
} as const;

export const lookedElsewhere = (
  elsewhere: Elsewhere | undefined,
  { tries, lookAtMs }: LookedElsewhere,
  atMs: number,
): Elsewhere => {
  const isTried = tries > (elsewhere?.tries ?? 0);
  const triedAtMs = isTried ? atMs : elsewhere?.triedAtMs;
  return { tries, lookAtMs, ...(triedAtMs === undefined ? {} : { triedAtMs }) };
};

/** Of an order, what becomes of its reservations, and why it waits. */
export function backordered(
  holds: readonly Hold[],
  event: BackorderEvent,
): { readonly holds: readonly Hold[]; readonly reason?: string } {
  const { type, reservationId, location } = event;
  const due =
    type === 'hold_backordered' && event.expectedAtMs !== undefined ? { expectedAtMs: event.expectedAtMs } : {};
  const changed = { location, state: STATES[type], ...due };
  return {
    holds: holds.map((hold) => {
      if (hold.reservationId === reservationId) return { ...hold, ...changed };
      return type === 'backorder_fell_short' && hold.insteadOf === reservationId ? onItsOwn(hold) : hold;
    }),
    ...(type === 'hold_backordered' ? { reason: 'awaiting_delivery' } : {}),
  };
}

/** What it was to replace is gone: it is asked for like anything else. */
function onItsOwn(hold: Hold): Hold {
  const { insteadOf: _, ...own } = hold;
  return own;
}
