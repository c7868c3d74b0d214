import type { AskedOfCart, CartMessage, CartOrderAnswered } from '@shelfline/contracts/cart';
import { OrderStanding } from '@shelfline/contracts/order-view';
import type { Refusal } from '../decision.js';
import { whatBecame } from '../what-became.js';
import {
  type CartLine,
  type CartOrder,
  type CartOrderResult,
  type CartUnits,
  isUnderWay,
  linesOf,
  type MemberCart,
  roomFor,
  unitsIn,
  withUnits,
} from './cart.js';
import { type CartContext, type CartDecided, refusedCart, touched } from './cart-decision.js';
import { changedLines, putLines } from './change-cart.js';
import { orderCart } from './order-cart.js';

/** A cart that has expired counts as none. */
export function decideCart(message: CartMessage, stored: MemberCart | undefined, context: CartContext): CartDecided {
  const cart = stored?.isExpired ? undefined : stored;
  if (message.type === 'cart_order_answered') return orderAnswered(message, cart, context);
  const refusals = [...unknownChannel(message, context), ...otherVersion(message, cart)];
  if (refusals.length > 0) return refusedCart(...refusals);
  const before = linesOf(cart);
  switch (message.type) {
    case 'cart_put':
      return asChanged(message, cart, putLines(message, before, context), context);
    case 'cart_change':
      return asChanged(message, cart, changedLines(message, before, context), context);
    case 'cart_join':
      return joinGuest(message, cart, context);
    case 'cart_order':
      return orderCart(message, cart, context);
  }
}

/** Nobody touched it for so long: what lies in it is no wish any more. */
export const expireCart = (cart: MemberCart, { atMs, version }: CartContext): MemberCart => ({
  ...cart,
  lines: [],
  orders: [],
  changedAtMs: atMs,
  version,
  isExpired: true,
});

type Lines = { readonly lines: readonly CartLine[] } | { readonly refusals: readonly Refusal[] };
function asChanged(message: AskedOfCart, cart: MemberCart | undefined, made: Lines, context: CartContext): CartDecided {
  if ('refusals' in made) return refusedCart(...made.refusals);
  if (made.lines === linesOf(cart) || (made.lines.length === 0 && linesOf(cart).length === 0))
    return { kind: 'unchanged' };
  return { kind: 'applied', cart: touched(message, cart, { lines: made.lines }, context) };
}

/** Whoever signs in must not be kept out by what lies in his basket: what does not fit is left out, and told. */
function joinGuest(
  message: Extract<AskedOfCart, { type: 'cart_join' }>,
  cart: MemberCart | undefined,
  context: CartContext,
): CartDecided {
  const leftOut: CartUnits[] = [];
  let lines = linesOf(cart);
  for (const { sku, quantity } of message.lines) {
    const room = context.knowsSku(sku) ? roomFor(lines, { sku, quantity }) : 0;
    if (room < quantity) leftOut.push({ sku, quantity: quantity - room });
    if (room > 0)
      lines = withUnits(lines, { sku, quantity: unitsIn(lines, sku) + room }, { ...context, channel: message.channel });
  }
  if (lines === linesOf(cart) && leftOut.length === 0) return { kind: 'unchanged' };
  return { kind: 'applied', cart: touched(message, cart, { lines }, context), leftOut };
}

/**
 * An order stays an order once it waits or is promised. Of one that was refused, or of which nothing could be had, the
 * goods are wanted still: they are in the cart again, beyond every limit if need be.
 */
function orderAnswered(message: CartOrderAnswered, cart: MemberCart | undefined, context: CartContext): CartDecided {
  const order = cart?.orders.find((one) => one.messageId === message.messageId && isUnderWay(one));
  if (!cart || !order) return { kind: 'unchanged' };
  const result = becameOf(message);
  const errors = (message.errors ?? []).map(({ field, code, detail }) => ({ field, code, detail }));
  const settled = { ...order, result, ...standsOf(message), ...(errors.length > 0 ? { errors } : {}) } as const;
  const orders = cart.orders.map((one) => (one === order ? settled : one));
  let { lines } = cart;
  if (result !== 'ordered')
    for (const { sku, quantity } of order.lines)
      lines = withUnits(
        lines,
        { sku, quantity: unitsIn(lines, sku) + quantity },
        { ...context, channel: order.channel },
      );
  return { kind: 'applied', cart: touched(message, cart, { lines, orders }, context), settled };
}

export const becameOf = ({ result, state }: Pick<CartOrderAnswered, 'result' | 'state'>): CartOrderResult =>
  result === 'refused' ? 'refused' : state === 'CANCELLED' ? 'out_of_stock' : 'ordered';

/** Field by field: what nobody knows would be in a document whatever anybody sends. */
export const standsOf = (
  answer: Pick<CartOrderAnswered, 'result' | 'state' | keyof OrderStanding>,
): Pick<CartOrder, 'became' | 'stands'> =>
  answer.result === 'refused' ? {} : { became: whatBecame(answer), stands: OrderStanding.parse(answer) };

const unknownChannel = ({ channel }: AskedOfCart, { findChannel }: CartContext): Refusal[] =>
  findChannel(channel)?.active
    ? []
    : [
        {
          code: 'unknown_channel',
          field: 'channel',
          detail: `no channel ${channel} sells now; add it to the catalog, or give another one`,
        },
      ];

function otherVersion(message: AskedOfCart, cart: MemberCart | undefined): Refusal[] {
  const expected = message.type === 'cart_join' ? undefined : message.expectedVersion;
  const version = cart?.version ?? 0;
  if (expected === undefined || expected === version) return [];
  return [
    {
      code: 'other_version',
      field: 'expectedVersion',
      detail: `the cart was changed meanwhile, on another screen perhaps: it is version ${version}, not ${expected}; look at it as it is now, and change that`,
    },
  ];
}
