import type { Hold } from '../hold.js';
import type { BackorderEvent } from './backorder-events.js';

const STATES = { hold_backordered: 'awaited', backorder_arrived: 'held', backorder_fell_short: 'released' } as const;

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
    holds: holds.map((hold) => (hold.reservationId === reservationId ? { ...hold, ...changed } : hold)),
    ...(type === 'hold_backordered' ? { reason: 'awaiting_delivery' } : {}),
  };
}
