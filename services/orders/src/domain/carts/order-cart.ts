import type { OrderCart } from '@shelfline/contracts/cart';
import type { PlaceOrder } from '@shelfline/contracts/order';
import type { Refusal } from '../decision.js';
import { destinationOf, lineOf } from '../place-order.js';
import {
  type CartOrder,
  isUnderWay,
  linesOf,
  type MemberCart,
  MOST_ORDERS,
  unitsBySku,
  unitsIn,
  withUnits,
} from './cart.js';
import { type CartContext, type CartDecided, refusedCart, touched } from './cart-decision.js';

/** Of whom orders ask that their carts ordered. */
export const CARTS_SOURCE = 'carts';
/** Of the message by which a cart asks for an order, decided so: no two tries share one. */
export const messageIdOf = (memberId: string, version: number): string => `cart/${memberId}/${version}`;
/** Undefined = no cart ordered it. */
export const memberOfCartOrder = (messageId: string): string | undefined => /^cart\/(.+)\/\d+$/u.exec(messageId)?.[1];

/**
 * What is ordered leaves the cart with this decision, so no second order can take it, whoever asks, however often. The
 * order is asked for as if somebody else had: it is decided in its own partition.
 */
export function orderCart(message: OrderCart, cart: MemberCart | undefined, context: CartContext): CartDecided {
  const { memberId, order, source, id } = message;
  const orders = cart?.orders ?? [];
  const taken = unitsBySku(order.lines);
  const before = linesOf(cart);
  const missing = taken.flatMap(({ sku, quantity }) => notInCart(sku, quantity, unitsIn(before, sku)));
  if (missing.length > 0) return refusedCart(...missing);
  if (orders.filter(isUnderWay).length >= MOST_ORDERS) return refusedCart(tooManyUnderWay());
  const lines = taken.reduce(
    (made, { sku, quantity }) =>
      withUnits(
        made,
        { sku, quantity: unitsIn(made, sku) - quantity },
        { channel: message.channel, atMs: context.atMs },
      ),
    before,
  );
  const made: CartOrder = {
    orderId: order.orderId,
    messageId: messageIdOf(memberId, context.version),
    askedBy: `${source}/${id}`,
    channel: message.channel,
    lines: taken,
    atMs: context.atMs,
    result: 'under_way',
  };
  return {
    kind: 'applied',
    cart: touched(message, cart, { lines, orders: [...withoutOldest(orders), made] }, context),
    place: placeOf(message, made.messageId),
  };
}

/** Room for one more: of what is over the oldest is forgotten. */
function withoutOldest(orders: readonly CartOrder[]): readonly CartOrder[] {
  if (orders.length < MOST_ORDERS) return orders;
  const oldest = orders.find((one) => !isUnderWay(one));
  return orders.filter((one) => one !== oldest);
}

/** Field by field: what nobody knows would be in a document whatever anybody sends. */
function placeOf({ memberId, channel, order }: OrderCart, id: string): PlaceOrder {
  const { orderId, placedAt, currency, method, wish, payment, destination, store } = order;
  const { channelOrder, soldAt, soldBy, quote, promisedBy } = order;
  return {
    type: 'place',
    id,
    source: CARTS_SOURCE,
    memberId,
    channel,
    orderId,
    placedAt,
    currency,
    method,
    wish,
    payment,
    lines: order.lines.map(lineOf),
    ...(destination ? { destination: destinationOf(destination) } : {}),
    ...(store ? { store } : {}),
    ...(channelOrder ? { channelOrder } : {}),
    ...(soldAt ? { soldAt } : {}),
    ...(soldBy ? { soldBy } : {}),
    ...(quote ? { quote } : {}),
    ...(promisedBy ? { promisedBy } : {}),
  };
}

const notInCart = (sku: string, wanted: number, there: number): Refusal[] =>
  wanted <= there
    ? []
    : [
        {
          code: 'not_in_cart',
          field: 'order.lines',
          detail:
            there === 0
              ? `${sku} is not in the cart: it was ordered or taken out meanwhile; look at the cart as it is now`
              : `the cart holds ${there} of ${sku}, not ${wanted}; look at it as it is now`,
        },
      ];

const tooManyUnderWay = (): Refusal => ({
  code: 'too_many_orders',
  field: 'order',
  detail: `${MOST_ORDERS} orders of this cart are under way; wait until it is known what becomes of one of them`,
});
