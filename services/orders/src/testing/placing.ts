import { PlaceOrder } from '@shelfline/contracts/order';
import { decideMessage } from '../domain/decide-message.js';
import type { OrderContext } from '../domain/decision.js';
import type { Order } from '../domain/order.js';
import { STORE_TERMS } from './order-cases.js';

export const PLACE = {
  type: 'place',
  id: 'place/A1',
  source: 'orders-api',
  orderId: 'A1',
  channel: 'web',
  placedAt: '2026-03-01T10:00:00Z',
  currency: 'EUR',
  method: 'courier',
  destination: { city: 'Lyon' },
  lines: [{ lineId: '1', sku: 'S', quantity: 5, unitPriceMinor: 990 }],
} as const;

/** As it is read off the topic. */
export const placeMessage = (over: object = {}): PlaceOrder => PlaceOrder.parse({ ...PLACE, ...over });

export const RETRY_AFTER_MS = 30_000;

/** A world in which each line is planned to come from place `P` as far as `units` reach. */
export const worldAt = (atMs: number, units: Readonly<Record<string, number>> = {}, over: Partial<OrderContext> = {}) =>
  ({
    atMs,
    version: atMs,
    route: (_order, wanted) => {
      const lines = wanted.filter(({ sku, quantity }) => (units[sku] ?? 0) >= quantity);
      return { shares: lines.length > 0 ? [{ location: 'P', lines }] : [] };
    },
    findChannel: () => ({ active: true }),
    findLocation: () => ({ active: true, mustAccept: true }),
    knowsSku: () => true,
    holdForMs: 600_000,
    acceptWithinMs: 900_000,
    askAgainAfterMs: 5000,
    retryAfterMs: RETRY_AFTER_MS,
    store: STORE_TERMS,
    ...over,
  }) satisfies OrderContext as OrderContext;

export function placed(context: OrderContext, over: object = {}): Order {
  const decided = decideMessage(placeMessage(over), undefined, context);
  if (decided.kind !== 'applied') throw new Error(`the order is ${decided.kind}`);
  return decided.order;
}
