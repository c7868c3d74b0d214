import { z } from 'zod';
import { FieldNote } from './catalog-outcome.js';
import { ChannelCode, EventId, Sku, SourceName } from './identifiers.js';
import {
  hasItsDestination,
  hasItsStore,
  hasOneOfEachLine,
  MAX_LINE_UNITS,
  MAX_LINES,
  NEEDS_DESTINATION,
  NEEDS_LINE_IDS,
  NEEDS_STORE,
  OrderId,
  OrderState,
  PlaceOrder,
} from './order.js';
import { OrderStanding, WhatBecame } from './order-view.js';
import { Version } from './stock-level.js';

export const MemberId = EventId.max(64).describe('Reference to the member file');

const Quantity = z.int().min(1).max(MAX_LINE_UNITS);
export const CartUnits = z.looseObject({ sku: Sku, quantity: Quantity });
export type CartUnits = z.infer<typeof CartUnits>;

const hasEachSkuOnce = (lines: readonly { sku: string }[]) =>
  new Set(lines.map(({ sku }) => sku)).size === lines.length;
const ONE_EACH = { error: 'must each have a sku of its own' };
/** A cart holds what an order may hold, so that it can always become one. */
export const CartContent = z.array(CartUnits).max(MAX_LINES).refine(hasEachSkuOnce, ONE_EACH);

export const CartLineChange = z
  .looseObject({
    sku: Sku,
    add: z.int().min(-MAX_LINE_UNITS).max(MAX_LINE_UNITS).optional().describe('So many more, or fewer where negative'),
    quantity: z.int().min(0).max(MAX_LINE_UNITS).optional().describe('So many from now on; 0 = taken out'),
  })
  .refine(({ add, quantity }) => (add === undefined) !== (quantity === undefined), {
    path: ['quantity'],
    error: 'must be given, or add in its place, and not both',
  });
export type CartLineChange = z.infer<typeof CartLineChange>;
export const CartChanges = z.array(CartLineChange).min(1).max(MAX_LINES).refine(hasEachSkuOnce, ONE_EACH);

const fields = {
  id: EventId,
  source: SourceName,
  memberId: MemberId,
  channel: ChannelCode.describe('Through which it is asked'),
};
const expectedVersion = Version.optional().describe(
  'Only while the cart has this version; 0 = only while there is none. Refused with the cart as it is',
);

/** What an order from a cart says besides: all of an order but who and through which channel. */
const {
  memberId: _memberId,
  channel: _channel,
  id: _id,
  source: _source,
  type: _type,
  ...orderFields
} = PlaceOrder.shape;
export const OrderFromCart = z
  .object(orderFields)
  .refine(hasItsStore, NEEDS_STORE)
  .refine(hasItsDestination, NEEDS_DESTINATION)
  .refine(hasOneOfEachLine, NEEDS_LINE_IDS);
export type OrderFromCart = z.infer<typeof OrderFromCart>;

export const PutCart = z.looseObject({ type: z.literal('cart_put'), ...fields, expectedVersion, lines: CartContent });
export const ChangeCart = z.looseObject({
  type: z.literal('cart_change'),
  ...fields,
  expectedVersion,
  changes: CartChanges,
});
/** Its `id` names the guest's cart: joined once, it adds nothing the second time. */
export const JoinCart = z.looseObject({ type: z.literal('cart_join'), ...fields, lines: CartContent });
/** What it orders leaves the cart at once, and comes back where the order is refused or nothing of it can be had. */
export const OrderCart = z.looseObject({
  type: z.literal('cart_order'),
  ...fields,
  expectedVersion,
  order: OrderFromCart,
});
export type OrderCart = z.infer<typeof OrderCart>;

/** What became of an order that a cart made, brought to the member's partition. */
export const CartOrderAnswered = z.looseObject({
  type: z.literal('cart_order_answered'),
  id: EventId,
  source: SourceName,
  memberId: MemberId,
  orderId: OrderId,
  messageId: EventId.describe('Of the message that asked for the order'),
  result: z.enum(['applied', 'unchanged', 'refused']),
  state: OrderState.optional(),
  ...OrderStanding.shape,
  errors: z.array(FieldNote).optional(),
});
export type CartOrderAnswered = z.infer<typeof CartOrderAnswered>;

/** Everything that changes a member's cart. Topic `orders.cart-intake`, key: memberId. */
export const CartMessage = z.discriminatedUnion('type', [PutCart, ChangeCart, JoinCart, OrderCart, CartOrderAnswered]);
export type CartMessage = z.infer<typeof CartMessage>;
export type AskedOfCart = Exclude<CartMessage, CartOrderAnswered>;

export const CartLine = z.looseObject({
  sku: Sku,
  quantity: z.int().min(1),
  channel: ChannelCode.describe('Through which it was last changed'),
  addedAt: z.iso.datetime(),
});
export const CartOrder = z.looseObject({
  orderId: OrderId,
  at: z.iso.datetime(),
  result: z
    .enum(['under_way', 'ordered', 'out_of_stock', 'refused'])
    .describe(
      'ordered = it stays an order, also where it waits: became says more; what was out_of_stock or refused is in the cart again',
    ),
  became: WhatBecame.optional().describe(
    'As POST /api/orders answers it, when it was known; pending while it is under_way. Absent of a refused one',
  ),
  ...OrderStanding.shape,
  lines: z.array(CartUnits),
  errors: z.array(FieldNote).optional(),
});
export type CartOrder = z.infer<typeof CartOrder>;

/** A member's cart as it stands. Compacted topic `orders.carts`, key: memberId; a tombstone once it has expired. */
export const StoredCart = z.looseObject({
  memberId: MemberId,
  lines: z.array(CartLine),
  orders: z.array(CartOrder).describe('The newest that were made of it, the newest last'),
  changedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().describe('Unless it changes before'),
  expired: z
    .literal(true)
    .optional()
    .describe('Nobody changed it for so long that it is empty; told to open screens, for the tombstone on the topic'),
  version: Version,
});
export type StoredCart = z.infer<typeof StoredCart>;

/** Answer to a message of `orders.cart-intake`. Topic `orders.cart-outcomes`, key: memberId. */
export const CartOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  memberId: MemberId,
  result: z.enum(['applied', 'unchanged', 'refused']),
  cart: StoredCart.optional().describe('As it is after it; absent where there is none'),
  order: CartOrder.optional().describe(
    'Of cart_order: told twice, when it is under way and when it is known what it became',
  ),
  leftOut: z.array(CartUnits).optional().describe('Of cart_join: what did not fit, or is sold no more'),
  errors: z.array(FieldNote).optional().describe('Why it was refused'),
  version: Version,
});
export type CartOutcome = z.infer<typeof CartOutcome>;

/** What `/storefront` takes as `watch_cart`, and `unwatch_cart` without the versions. */
export const WatchCartRequest = z.object({
  memberId: MemberId.optional().describe('Of the token unless told; a shopper watches his own alone'),
  since: Version.optional().describe('Version the client holds: only a newer one is answered'),
  epoch: z.string().max(64).optional().describe('Epoch that `since` belongs to; another one makes `since` void'),
});
export type WatchCartRequest = z.infer<typeof WatchCartRequest>;

/** `cart` is null where nothing newer is known. */
export interface WatchCartAnswer {
  ok: true;
  epoch: string;
  memberId: string;
  cart: StoredCart | null;
}
