import {
  CartChanges,
  CartContent,
  CartLine,
  CartOrder,
  CartUnits,
  MemberId,
  OrderFromCart,
} from '@shelfline/contracts/cart';
import { ChannelCode, LocationCode, RegionCode } from '@shelfline/contracts/identifiers';
import { z } from 'zod';
import { RequestId } from '../order-bodies.js';

const channel = ChannelCode.optional().describe('Through which; of the token unless told');

/** Where "still available" is meant: at one place, or wherever the channel may promise from for a region. */
export const CartQuery = z.strictObject({
  channel,
  store: LocationCode.optional().describe('Only what this place can give'),
  region: RegionCode.optional().describe('Where it would go'),
});
export type CartQuery = z.infer<typeof CartQuery>;

export const PutCartBody = z.strictObject({ id: RequestId.optional(), channel, lines: CartContent });
export const PatchCartBody = z.strictObject({ id: RequestId.optional(), channel, changes: CartChanges });
export const JoinCartBody = z.strictObject({
  guestCartId: RequestId.describe('Names the guest’s cart: joined once, it adds nothing the second time'),
  channel,
  lines: CartContent,
});
export const OrderCartBody = z.strictObject({
  id: RequestId.optional().describe('Your name of this try; the order’s id unless told'),
  channel,
  order: OrderFromCart,
});

export const CartView = z.object({
  memberId: MemberId,
  lines: z.array(
    CartLine.extend({
      available: z
        .enum(['yes', 'some', 'no', 'not_sold'])
        .describe('Whether it could be promised now; nothing is reserved'),
      availableUnits: z.int().min(0).describe('Of the quantity in the cart, never more'),
    }),
  ),
  orders: z.array(CartOrder).describe('The newest that were made of it'),
  changedAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  version: z.int().min(0).describe('0 = there is none; also the ETag'),
});
export type CartView = z.infer<typeof CartView>;
export const JoinedCartView = CartView.extend({
  leftOut: z.array(CartUnits).describe('What did not fit, or is sold no more'),
});
export const OrderedCartView = z.object({
  order: CartOrder.describe('under_way = taken, and not yet known what comes of it: look at the order'),
  cart: CartView,
});
