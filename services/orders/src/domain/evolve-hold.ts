import type { Hold } from './hold.js';
import type { Applied, Order } from './order.js';
import type { OrderEvent } from './order-events.js';

type HoldEvent = Extract<
  OrderEvent,
  {
    type: 'hold_asked' | 'hold_asked_again' | 'hold_granted' | 'hold_refused' | 'hold_reduced' | 'hold_released';
  }
>;

/** What is asked of the ledger, and what it said to it. */
export function withHoldEvent(order: Order, event: HoldEvent, applied: Applied): Order {
  switch (event.type) {
    case 'hold_asked': {
      const { type: _, ...asked } = event;
      const hold: Hold = { ...asked, state: 'asked', askedAtMs: applied.atMs };
      return { ...withoutNext(order), holds: [...order.holds, hold], holdsAsked: order.holdsAsked + 1 };
    }
    case 'hold_asked_again':
      return withHold(order, event.reservationId, { askedAtMs: applied.atMs });
    case 'hold_granted':
      return withHold(order, event.reservationId, { state: 'held', location: event.location });
    case 'hold_refused':
      return withShort(withHold(order, event.reservationId, { state: 'refused' }), event.reservationId);
    case 'hold_reduced':
      return withHold(order, event.reservationId, { quantity: event.quantity });
    case 'hold_released':
      return withHold(order, event.reservationId, { state: 'released' });
  }
}

const withoutNext = (order: Order): Order => {
  const rest = order.queued?.slice(1) ?? [];
  return rest.length > 0 ? { ...order, queued: rest } : without(order, 'queued');
};

export const without = (
  order: Order,
  ...fields: readonly ('retryAtMs' | 'queued' | 'shortAt' | 'eraseAtMs')[]
): Order => {
  const rest = { ...order };
  for (const field of fields) delete rest[field];
  return rest;
};

/** Tables lag behind: without it the plans of a round would ask the same empty place again and again. */
function withShort(order: Order, reservationId: string): Order {
  const hold = order.holds.find((one) => one.reservationId === reservationId);
  if (!hold) return order;
  const { sku, locations, quantity, ahead } = hold;
  const short = { sku, locations, units: quantity - 1, ...(ahead ? { isAhead: true as const } : {}) };
  return { ...order, shortAt: [...(order.shortAt ?? []), short] };
}

const withHold = (order: Order, reservationId: string, changed: Partial<Hold>): Order => ({
  ...order,
  holds: order.holds.map((hold) => (hold.reservationId === reservationId ? { ...hold, ...changed } : hold)),
});
