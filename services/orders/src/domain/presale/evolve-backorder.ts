import type { Hold, Order } from '../order.js';
import type { BackorderEvent } from './backorder-events.js';

export function evolveBackorder(order: Order, event: BackorderEvent): Order {
  const { reservationId, location } = event;
  const withHold = (changed: Partial<Hold>): Order => ({
    ...order,
    holds: order.holds.map((hold) => (hold.reservationId === reservationId ? { ...hold, location, ...changed } : hold)),
  });
  switch (event.type) {
    case 'hold_backordered': {
      const due = event.expectedAtMs === undefined ? {} : { expectedAtMs: event.expectedAtMs };
      return { ...withHold({ state: 'awaited', ...due }), reason: 'awaiting_delivery' };
    }
    case 'backorder_arrived':
      return withHold({ state: 'held' });
    case 'backorder_fell_short': {
      const { retryAtMs: _, shortAt: __, ...rest } = withHold({ state: 'released' });
      return { ...rest, attempts: 0 };
    }
  }
}
