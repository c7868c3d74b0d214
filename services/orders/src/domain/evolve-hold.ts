import type { Hold } from './hold.js';
import type { OrderEvent, QueuedHold } from './order-events.js';

type HoldEvent = Extract<
  OrderEvent,
  {
    type: 'hold_asked' | 'hold_asked_again' | 'hold_granted' | 'hold_refused' | 'hold_reduced' | 'hold_released';
  }
>;

/** Of a plan, what the ledger was found not to have. */
export interface Short {
  readonly sku: string;
  readonly locations: readonly string[];
  readonly units: number;
  /** Of deliveries, not of what stands there. */
  readonly isAhead?: true;
}
interface Holding {
  readonly holds: readonly Hold[];
  readonly holdsAsked: number;
  readonly queued?: readonly QueuedHold[];
  readonly shortAt?: readonly Short[];
}

/** What is asked of the ledger, and what it said to it. */
export function withHoldEvent<O extends Holding>(order: O, event: HoldEvent, { atMs }: { readonly atMs: number }): O {
  switch (event.type) {
    case 'hold_asked': {
      const { type: _, ...asked } = event;
      const hold: Hold = { ...asked, state: 'asked', askedAtMs: atMs };
      return { ...withoutNext(order), holds: [...order.holds, hold], holdsAsked: order.holdsAsked + 1 };
    }
    case 'hold_asked_again':
      return withAsked(order, event.reservationId, atMs);
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

const withoutNext = <O extends Holding>(order: O): O => {
  const rest = order.queued?.slice(1) ?? [];
  return rest.length > 0 ? { ...order, queued: rest } : without(order, 'queued');
};

type Passing = 'retryAtMs' | 'queued' | 'shortAt' | 'eraseAtMs' | 'giveUpAtMs';
export const without = <O extends { readonly [field in Passing]?: unknown }>(
  order: O,
  ...fields: readonly Passing[]
): O => {
  const rest = { ...order };
  for (const field of fields) delete rest[field];
  return rest;
};

/** Tables lag behind: without it the plans of a round would ask the same empty place again and again. */
function withShort<O extends Holding>(order: O, reservationId: string): O {
  const hold = order.holds.find((one) => one.reservationId === reservationId);
  // A try is of no round: the next one is made of newer tables.
  if (!hold || hold.insteadOf !== undefined) return order;
  const { sku, locations, quantity, ahead } = hold;
  const short = { sku, locations, units: quantity - 1, ...(ahead ? { isAhead: true as const } : {}) };
  return { ...order, shortAt: [...(order.shortAt ?? []), short] };
}

const withAsked = <O extends Holding>(order: O, reservationId: string, atMs: number): O => {
  const { asks = 1 } = order.holds.find((one) => one.reservationId === reservationId)!;
  return withHold(order, reservationId, { askedAtMs: atMs, asks: asks + 1 });
};

const withHold = <O extends Holding>(order: O, reservationId: string, changed: Partial<Hold>): O => ({
  ...order,
  holds: order.holds.map((hold) => (hold.reservationId === reservationId ? { ...hold, ...changed } : hold)),
});
