import { type ExtendHold, type HoldOrder, MAX_HOLD_SECONDS, type ReleaseHold } from '@shelfline/contracts/order-hold';
import { endAll } from './cancel-order.js';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from './decision.js';
import { fitHolds } from './fit-holds.js';
import { isFinal, type Order } from './order.js';
import { destinationOf, unknownNames } from './place-order.js';
import type { Cart, Placed } from './placed.js';
import { settle } from './settle-order.js';

/** ISO 4217: no currency is involved. What it costs is said when it is ordered. */
const NO_CURRENCY = 'XXX';

/** A basket is the draft of an order: reserved as it will be, ended by its time, taken over when it is placed. */
export function holdOrder(message: HoldOrder, known: Order | undefined, context: OrderContext): Decided {
  if (known && !known.cart) return refused(alreadyPlaced(known));
  const basket = known && !isFinal(known) ? known : undefined;
  const sinceMs = basket?.cart?.sinceMs ?? context.atMs;
  const cart = { sinceMs, untilMs: context.atMs + message.ttlSeconds * 1000 };
  const refusals = [...unknownNames(message, context), ...tooLong(cart)];
  if (refusals.length > 0) return refused(...refusals);
  const { orderId, source, id } = message;
  const lines = message.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity, unitPriceMinor: 0 }));
  const draft = new OrderDraft(known, context);
  draft.add({ type: 'held', orderId, askedBy: `${source}/${id}`, placed: placedOf(message, context), lines, cart });
  if (known) fitHolds(draft, known.placed);
  settle(draft, context);
  return draft.decided();
}

export function extendHold(message: ExtendHold, order: Order | undefined, context: OrderContext): Decided {
  const basket = openBasket(message.orderId, order);
  if ('code' in basket) return refused(basket);
  const untilMs = context.atMs + message.ttlSeconds * 1000;
  const refusals = tooLong({ ...basket.cart, untilMs });
  if (refusals.length > 0) return refused(...refusals);
  const draft = new OrderDraft(basket, context);
  draft.add({ type: 'hold_extended', untilMs });
  return draft.decided();
}

export function releaseHold(message: ReleaseHold, order: Order | undefined, context: OrderContext): Decided {
  if (order?.cart && isFinal(order)) return { kind: 'unchanged' };
  const basket = openBasket(message.orderId, order);
  return 'code' in basket ? refused(basket) : endBasket(basket, 'released', context);
}

export function endBasket(order: Order, reason: string, context: OrderContext): Decided {
  const draft = new OrderDraft(order, context);
  endAll(draft, reason);
  return draft.decided();
}

type Basket = Order & { readonly cart: Cart };
function openBasket(orderId: string, order: Order | undefined): Basket | Refusal {
  if (!order)
    return {
      code: 'unknown_order',
      field: 'orderId',
      detail: `nothing is held under ${orderId}; hold it first`,
    };
  if (!order.cart) return alreadyPlaced(order);
  if (isFinal(order))
    return {
      code: 'out_of_state',
      field: 'orderId',
      detail: `what was held under ${orderId} was given back (${order.reason ?? 'cancelled'}); hold it again under another id`,
      allowed: ['hold', 'place'],
    };
  return order as Basket;
}

const alreadyPlaced = ({ orderId }: Order): Refusal => ({
  code: 'order_exists',
  field: 'orderId',
  detail: `${orderId} has been ordered; change or cancel the order, or hold another basket under another orderId`,
});

const tooLong = ({ sinceMs, untilMs }: Cart): Refusal[] =>
  untilMs - sinceMs <= MAX_HOLD_SECONDS * 1000
    ? []
    : [
        {
          code: 'held_too_long',
          field: 'ttlSeconds',
          detail: `a basket is held until ${new Date(sinceMs + MAX_HOLD_SECONDS * 1000).toISOString()} at the longest; ask for less, or order it`,
        },
      ];

const placedOf = (
  { channel, method, destination, store, soldAt, memberId }: HoldOrder,
  { atMs }: OrderContext,
): Placed => ({
  channel,
  placedAt: new Date(atMs).toISOString(),
  currency: NO_CURRENCY,
  method,
  // Of a basket what there is is held, and the rest is said to be short.
  wish: 'cancel_rest',
  payment: 'authorised',
  ...(destination ? { destination: destinationOf(destination) } : {}),
  ...(store ? { store } : {}),
  ...(soldAt ? { soldAt } : {}),
  ...(memberId ? { memberId } : {}),
});
